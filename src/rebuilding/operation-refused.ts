import type { Comparison } from './compare.js';

/** What was asked for cannot be done as things stand; the message says what to do first. */
export class OperationRefused extends Error {
  override readonly name = 'OperationRefused';

  constructor(
    readonly code:
      | 'unknown-projection'
      | 'nothing-built'
      | 'nothing-previous'
      | 'previous-exists'
      | 'tables-differ'
      | 'nothing-parked'
      | 'rebuilt-with-event'
      | 'nothing-checked'
      | 'not-skipped'
      | 'rebuilt-without-event',
    message: string,
    /** What differs, where that is the reason. */
    readonly comparison?: Comparison,
  ) {
    super(message);
  }
}
