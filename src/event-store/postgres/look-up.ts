import type { RecordedEvent } from '../event-store.js';
import type { Database } from './database.js';
import { EVENT } from './functions.js';
import { recordedEvent } from './recorded-event.js';

/** Planned each time, by what it is asked for and by how large the table is then: a plan that is kept may be that of a small table. */
const LOOK_UP = {
  text: `select ${EVENT} from event_store.events e where e.position = any($1)`,
};

/**
 * Looks up the events at the positions of each request, all of them with one query. Where none stands, none is given.
 *
 * @throws EventStoreUnavailable
 */
export async function lookUpTogether(
  database: Database,
  requests: readonly (readonly number[])[],
): Promise<RecordedEvent[][]> {
  const rows = await database.run(LOOK_UP, [[...new Set(requests.flat())]]);
  const events = new Map(rows.map((row) => [Number(row[0]), recordedEvent(row, 0)]));
  return requests.map((positions) => positions.flatMap((position) => events.get(position) ?? []));
}
