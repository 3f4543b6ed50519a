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
 * Postgres' error codes that blame the data: trying again would fail again. 54000 is a value that is too long for its index. What
 * the statement itself is to blame for (class 42: no such table, column or function) is no event's fault, and would fail at each.
 */
const BLAMES_DATA = /^(?:22...|23...|54000)$/;

const BLAMES_CONNECTION = /^(?:Connection terminated|timeout exceeded when trying to connect|Client has encountered)/;

/** Whether a failure lies in the event and its handler, and not in a connection that comes back. */
export function isOfTheEvent(error: unknown): boolean {
  if (error instanceof RowFailure) return true;
  if (!(error instanceof Error)) return false;
  const { code, message } = error as NodeJS.ErrnoException;
  if (typeof code === 'string') return BLAMES_DATA.test(code);
  return !BLAMES_CONNECTION.test(message);
}
