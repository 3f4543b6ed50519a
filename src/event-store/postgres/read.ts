import type { RecordedEvent, StreamRead } from '../event-store.js';
import type { Database } from './database.js';
import { EVENT_COLUMNS, recordedEvent } from './recorded-event.js';

/** A stream to read, from a revision on. */
export interface ReadRequest {
  readonly stream: string;
  readonly from: number;
}

/**
 * The last event comes even where the read begins behind it, for its revision. `$2` is 0 for most streams, and spares
 * those the search for it.
 */
const READ = {
  name: 'event_store_read',
  text: `
    select asked.number, ${EVENT_COLUMNS}
    from unnest($1::text[], $2::bigint[]) with ordinality as asked (stream, revision, number)
    cross join lateral (
      select * from event_store.events e
      where e.stream = asked.stream
        and e.revision >= case when asked.revision = 0 then 0 else least(
          asked.revision,
          (select max(l.revision) from event_store.events l where l.stream = asked.stream)
        ) end
    ) e
    order by asked.number, e.revision`,
};

/**
 * Reads all that is asked for with one query. What is asked for several times is read once.
 *
 * @throws EventStoreUnavailable
 */
export async function readTogether(database: Database, requests: readonly ReadRequest[]): Promise<StreamRead[]> {
  const distinct = new Map<string, { readonly request: ReadRequest; readonly events: RecordedEvent[] }>();
  for (const request of requests) distinct.set(keyOf(request), { request, events: [] });
  const reads = [...distinct.values()];
  const rows = await database.run(READ, [
    reads.map(({ request }) => request.stream),
    reads.map(({ request }) => request.from),
  ]);
  for (const row of rows) reads[Number(row[0]) - 1]?.events.push(recordedEvent(row, 1));
  return requests.map((request) => toRead(request, distinct.get(keyOf(request))?.events ?? []));
}

const keyOf = ({ stream, from }: ReadRequest): string => `${from} ${stream}`;

function toRead({ stream, from }: ReadRequest, events: readonly RecordedEvent[]): StreamRead {
  const last = events.at(-1);
  if (!last) return { stream, revision: 'none', events: [] };
  return { stream, revision: last.revision, events: last.revision < from ? [] : events };
}
