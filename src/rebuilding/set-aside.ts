import { sql } from 'kysely';

import type { RecordedEvent } from '../event-store/event-store.js';
import { park, parkedStreamsOf } from '../projecting/parking.js';
import type { Projection } from '../projecting/projection.js';
import { type AnyDatabase, checkpointOf, type Slot } from './slot.js';

/**
 * The events that tables are built without.
 *
 * What was skipped is left out by every build: otherwise no rebuild could equal the live tables again. What is parked is left
 * out by a fold that verifies the live tables, as they are without it too; not by a rebuild, which is to replace them and stops
 * there. The previous tables have parked streams of their own, which stay parked when they are brought up to date.
 */
export class SetAside {
  private constructor(
    private readonly projection: Projection,
    private readonly checkpoint: string,
    private readonly leftOut: ReadonlySet<string>,
    private readonly parked: ReadonlySet<string>,
  ) {}

  /** As it is now: read again whenever more of the log is built. */
  static async read(db: AnyDatabase, projection: Projection, slot: Slot): Promise<SetAside> {
    const { name } = projection;
    const checkpoint = checkpointOf(projection, slot);
    const { rows } = await sql<{ id: string }>`
      select event_id as id from following.skipped_events where projection = ${name}
      union all
      select event_id from following.parked_events where checkpoint = ${name} and ${slot === 'check'}::boolean`.execute(
      db,
    );
    const leftOut = new Set(rows.map(({ id }) => id));
    return new SetAside(projection, checkpoint, leftOut, await parkedStreamsOf(db, checkpoint));
  }

  /** Whether some of the events it is given are to be parked. */
  get parks(): boolean {
    return this.parked.size > 0;
  }

  /** Without those that are left out. */
  counting(events: readonly RecordedEvent[]): readonly RecordedEvent[] {
    return this.leftOut.size === 0 ? events : events.filter(({ id }) => !this.leftOut.has(id));
  }

  /** Changes the slot's tables by the events that are not set aside. @param tx in which statements go to the slot's tables */
  async apply(tx: Parameters<Projection['apply']>[0], events: readonly RecordedEvent[]): Promise<void> {
    const { projection, checkpoint, parked } = this;
    const counting = this.counting(events);
    const free = parked.size === 0 ? counting : counting.filter(({ stream }) => !parked.has(stream));
    if (free.length > 0) await projection.apply(tx, free);
    if (free.length < counting.length) {
      await park(
        tx,
        checkpoint,
        counting.filter(({ stream }) => parked.has(stream)),
      );
    }
  }
}
