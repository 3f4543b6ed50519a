/**
 * A process that follows the log, for the stress test: `reader.js <url> <last stream>`. Tells every event by a line of
 * JSON, `[position, stream, revision, id]`, up to the first of the last stream.
 */
import { START } from '../../../src/event-store/event-store.js';
import { openPostgresEventStore } from '../../../src/event-store/postgres.js';

const [url = '', lastStream = ''] = process.argv.slice(2);

const store = await openPostgresEventStore({ connectionString: url });
const done = new AbortController();
for await (const { events } of store.subscribe({ after: START, streamPrefixes: [''], signal: done.signal })) {
  for (const { position, stream, revision, id } of events) {
    process.stdout.write(`${JSON.stringify([Number(position), stream, revision, id])}\n`);
    if (stream === lastStream) done.abort();
  }
}
await store.close();
