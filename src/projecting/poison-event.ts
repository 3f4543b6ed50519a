import type { RecordedEvent } from '../event-store/event-store.js';
import { RowFailure } from './row-failure.js';

/** What an operator needs to know of an event that cannot be projected. */
export interface Poison {
  readonly projection: string;
  readonly event: Pick<RecordedEvent, 'id' | 'type' | 'stream' | 'revision' | 'position'>;
  /** What failed: the projection's handler, by table and type of event where that is known. */
  readonly handler: string;
  /** The row's key; null where the failure named none. */
  readonly row: object | null;
  readonly reason: string;
}

/**
 * An event that a projection cannot deal with. Everything before it has been built; building goes on from there once the
 * handler is mended.
 */
export class PoisonEvent extends Error {
  override readonly name = 'PoisonEvent';
  readonly code = 'poison-event';
  readonly poison: Poison;

  constructor(projection: string, event: RecordedEvent, cause: unknown) {
    const poison = poisonOf(projection, event, cause);
    super(
      `${projection} cannot deal with ${event.type}, revision ${event.revision} of ${event.stream} ` +
        `(position ${event.position}): ${poison.handler}: ${poison.reason}`,
      { cause },
    );
    this.poison = poison;
  }
}

/** What an operator is told of a failure. */
export function poisonOf(projection: string, event: RecordedEvent, cause: unknown): Poison {
  const { id, type, stream, revision, position } = event;
  const failure = cause instanceof RowFailure ? cause : undefined;
  const root = failure?.cause ?? cause;
  return {
    projection,
    event: { id, type, stream, revision, position },
    handler: failure ? `${type} on ${failure.table}` : `apply of ${projection}`,
    row: failure?.row ?? null,
    reason: root instanceof Error ? root.message : String(root),
  };
}
