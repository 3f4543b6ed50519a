/** A record is not of the event that the log has where it was: the log was restored from an older copy, is another one, or was changed. */
export class DiffersFromLog extends Error {
  override readonly name = 'DiffersFromLog';
  readonly code = 'history-differs-from-log';
}
