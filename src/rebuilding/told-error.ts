import { PoisonEvent } from '../projecting/poison-event.js';
import { type Comparison, withKeysOnly } from './compare.js';
import { OperationRefused } from './operation-refused.js';

/** An error in such a form as one process can tell another: of an `Error` itself only its text would arrive. */
export interface ToldError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly details: ErrorDetails;
  readonly cause: ToldError | undefined;
}

/** What the service makes use of, of an error, besides its text. */
interface ErrorDetails {
  readonly code?: string;
  readonly poison?: PoisonEvent['poison'];
  /** Without what rows say: it is for logs, and for what is kept. */
  readonly comparison?: Comparison;
}

export function told(error: unknown): ToldError {
  if (!(error instanceof Error)) return { ...told(new Error(String(error))), stack: undefined };
  const { name, message, stack, cause } = error;
  return { name, message, stack, details: detailsOf(error), cause: cause === undefined ? undefined : told(cause) };
}

function detailsOf(error: Error): ErrorDetails {
  const { code } = error as NodeJS.ErrnoException;
  return {
    ...(typeof code === 'string' ? { code } : {}),
    ...(error instanceof PoisonEvent ? { poison: error.poison } : {}),
    ...(error instanceof OperationRefused && error.comparison ? { comparison: withKeysOnly(error.comparison) } : {}),
  };
}

/** The same error on the other side: by name, code and details, but of no class of its own. */
export function toldAs({ name, message, stack, details, cause }: ToldError): Error {
  const error = new Error(message, cause === undefined ? undefined : { cause: toldAs(cause) });
  return Object.assign(error, { name, stack, ...details });
}
