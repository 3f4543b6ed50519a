/**
 * Why a built-in part could not start. The codes never change:
 *
 * - `data-folder-missing`: there is no Postgres data of ours where some was to be there already; nothing was made
 * - `data-folder-not-writable`: this user, or the one Postgres has to run as, may not write or reach the folder
 * - `data-folder-in-use`: another running service works on the same data folder
 * - `data-folder-foreign`: the folder holds files that are no Postgres data of ours; nothing was touched
 * - `data-from-other-version`: the data was made by another major version of Postgres
 * - `postgres-binaries-missing`: there is no Postgres for this machine in `node_modules`, or it does not run here
 * - `postgres-did-not-start`: Postgres said no; the message carries the last lines of its log
 * - `port-taken`: somebody else listens on the port that was asked for
 */
export type EmbeddedErrorCode =
  | 'data-folder-missing'
  | 'data-folder-not-writable'
  | 'data-folder-in-use'
  | 'data-folder-foreign'
  | 'data-from-other-version'
  | 'postgres-binaries-missing'
  | 'postgres-did-not-start'
  | 'port-taken';

/** A built-in part could not start. The message is a sentence for the person at the terminal: what is wrong, what to do. */
export class EmbeddedError extends Error {
  override readonly name = 'EmbeddedError';

  constructor(
    readonly code: EmbeddedErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The code of a failed system call (`ENOENT`, `EACCES`, …), `undefined` for every other value. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
