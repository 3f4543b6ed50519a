import type { RecordedEvent, StreamRead } from '../event-store.js';
import type { Database } from './database.js';
import { recordedEvent } from './recorded-event.js';

/** A stream to read, from a revision on. */
export interface ReadRequest {
  readonly stream: string;
  readonly from: number;
}

const READ = {
  name: 'event_store_read',
  text: 'select * from event_store.read($1, $2)',
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
