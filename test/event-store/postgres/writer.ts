/**
 * A process that appends at full speed, for the stress test: `writer.js <url> <name> <appends>`. Tells every append that
 * was answered by a line of JSON, `[event ids]`, and ends by itself unless it is killed before.
 */
import { openPostgresEventStore } from '../../../src/event-store/postgres.js';
import { appendSurely, ids, someEvents } from '../contract/subject.js';

const [url = '', name = '', appends = ''] = process.argv.slice(2);
const AT_ONCE = 16;

const store = await openPostgresEventStore({ connectionString: url });
const queue = Array.from({ length: Number(appends) }, (_, number) => number).values();

await Promise.all(
  Array.from({ length: AT_ONCE }, async (_, writer) => {
    let revision: number | 'none' = 'none';
    for (const number of queue) {
      const events = someEvents(1 + (number % 3));
      if (number % 2 === 0) await appendSurely(store, `shared-${number % 10}`, events, 'any');
      else revision = (await appendSurely(store, `own-${name}-${writer}`, events, revision)).revision;
      process.stdout.write(`${JSON.stringify(ids(events))}\n`);
    }
  }),
);
await store.close();
