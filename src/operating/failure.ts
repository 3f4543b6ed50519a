import { EventStoreUnavailable } from '../event-store/event-store.js';
import { PoisonEvent } from '../projecting/poison-event.js';
import { OperationRefused } from '../rebuilding/operation-refused.js';
import { EXIT, type ExitCode, UsageError } from './command.js';
import { comparisonText } from './comparison-text.js';
import type { Terminal } from './terminal.js';

/** Says what went wrong, in a sentence where there is one. */
export function tellFailure(error: unknown, { json, print, note }: Terminal): ExitCode {
  const { code, message, isExplained } = explained(error);
  const poison = error instanceof PoisonEvent ? error.poison : undefined;
  const comparison = error instanceof OperationRefused ? error.comparison : undefined;
  if (json) print(JSON.stringify({ error: { code, message, poison, comparison } }));
  else {
    if (comparison) print(comparisonText(comparison, 'next'));
    note(`${isExplained ? message : ((error as Error).stack ?? String(error))}\n`);
    if (poison) note(`${JSON.stringify(poison, null, 2)}\n`);
  }
  if (error instanceof UsageError) return EXIT.usage;
  if (comparison) return EXIT.differs;
  if (poison) return EXIT.poison;
  return code === 'projection-work-under-way' ? EXIT.busy : EXIT.failed;
}

interface Explained {
  readonly code: string;
  readonly message: string;
  /** Whether the message is for people; otherwise they need all there is. */
  readonly isExplained: boolean;
}

/** What Postgres refuses or the network fails, by its code: what is wrong then, and what to do. */
const OF_THE_DATABASE: Readonly<Record<string, readonly [code: string, advice: string]>> = {
  '42501': [
    'database-access-denied',
    'For commands that only look, give the database role pg_read_all_data, and BYPASSRLS for the queue of mails; whatever changes ' +
      'something takes the role of the service.',
  ],
  '25006': [
    'database-read-only',
    'Whatever changes something takes the role of the service, on a database that it may write to.',
  ],
  '28P01': ['database-login-refused', 'Look at DATABASE_URL.'],
  '28000': ['database-login-refused', 'Look at DATABASE_URL.'],
  '3D000': ['database-missing', 'Look at DATABASE_URL.'],
  ECONNREFUSED: ['database-unreachable', 'Look at DATABASE_URL, and whether the database runs.'],
  ENOTFOUND: ['database-unreachable', 'Look at DATABASE_URL.'],
  ETIMEDOUT: ['database-unreachable', 'Look at DATABASE_URL, and at the network.'],
};

function explained(error: unknown): Explained {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const [code, advice] = OF_THE_DATABASE[(cause as NodeJS.ErrnoException).code ?? ''] ?? [];
    if (code) return { code, message: `The database says: ${messageOf(cause)}. ${advice}`, isExplained: true };
  }
  if (error instanceof EventStoreUnavailable) {
    const message = `The event store does not answer: ${error.message}. Look at EVENT_STORE, and whether it runs.`;
    return { code: error.code, message, isExplained: true };
  }
  const { code = 'unexpected', message = String(error) } = error as NodeJS.ErrnoException;
  return { code, message, isExplained: /^[a-z]+(-[a-z]+)*$/.test(code) && code !== 'unexpected' };
}

/** Node tells of a name with several addresses, none of which answers, without a message. */
function messageOf(error: Error): string {
  const [first] = error instanceof AggregateError ? (error.errors as Error[]) : [];
  return error.message || first?.message || error.name;
}
