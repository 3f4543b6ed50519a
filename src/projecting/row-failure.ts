/** A row that could not be made: which handler failed, or what the database refused, and for which row of which table. */
export class RowFailure extends Error {
  override readonly name = 'RowFailure';

  constructor(
    readonly table: string,
    /** Undefined where several rows were written at once: which of them it was is not known. */
    readonly row: object | undefined,
    override readonly cause: unknown,
  ) {
    super(`${table}${row ? ` ${JSON.stringify(row)}` : ''}: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

/**
 * Classes of Postgres' error codes that blame the data or the statement: trying again would fail again. A table that is not
 * there or may not be touched is no event's fault.
 */
const BLAMES_DATA = /^(?:22|23|42(?!501|P01))...$/;

const BLAMES_CONNECTION = /^(?:Connection terminated|timeout exceeded when trying to connect|Client has encountered)/;

/** Whether a failure lies in the event and its handler, and not in a connection that comes back. */
export function isOfTheEvent(error: unknown): boolean {
  if (error instanceof RowFailure) return true;
  if (!(error instanceof Error)) return false;
  const { code, message } = error as NodeJS.ErrnoException;
  if (typeof code === 'string') return BLAMES_DATA.test(code);
  return !BLAMES_CONNECTION.test(message);
}
