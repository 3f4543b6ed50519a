import { sql } from 'kysely';
import t from 'tap';

import { type EventStore, START } from '../../src/event-store/event-store.js';
import { moveCheckpoint } from '../../src/projecting/checkpoint.js';
import { ensureTables } from '../../src/projecting/project.js';
import type { Projection } from '../../src/projecting/projection.js';
import { ProjectionOperations } from '../../src/rebuilding/operations.js';
import type { Progress } from '../../src/rebuilding/standing.js';
import { openTestCore } from '../support/core.js';
import { holding, untilHeld } from '../support/holding.js';
import { until } from '../support/until.js';
import { gated, SHUT_GATE } from './gate.js';
import { write } from './numbered.js';
import { patient } from './support.js';

const { core, url } = await openTestCore(t);
const { db, store, pool } = core;

/** Its last two indexes stay at a row as long as somebody shuts the gate. */
const projection: Projection = {
  ...gated('0'),
  async createTables(tx) {
    await gated('0').createTables(tx);
    await sql`create index streams_gated_too on numbered.streams (numbered.gated(stream), events)`.execute(tx);
  },
};
await ensureTables(projection, db);
for (const stream of ['0', '1']) await write(store, stream, [1]);
let live = await store.head();
await moveCheckpoint(db, 'numbered', START, live);

async function underWay(): Promise<number> {
  const { rows } = await pool.query('select from pg_stat_progress_create_index where datname = current_database()');
  return rows.length;
}

t.test('where nobody writes meanwhile, two indexes are made at once', async (t) => {
  const operations = new ProjectionOperations({ db, store, connectionString: url, projections: [projection] });
  const rebuilding = await holding(pool, SHUT_GATE, async () => {
    const outcome = operations.rebuild('numbered', patient);
    await until(async () => (await underWay()) === 2, 'two are under way');
    return { outcome };
  });
  t.match(await rebuilding.outcome, { state: 'built' });
});

t.test('where somebody does, one after the other, by a process each, and with rests as long', async (t) => {
  let last: Progress | undefined;
  const begunAt = new Map<number | undefined, number>();
  let written = 0;
  const busy = new Proxy(store, {
    get(real, property: keyof EventStore) {
      if (property !== 'head') return real[property]?.bind(real);
      return async () => {
        if (last?.phase === 'indexing') return real.head();
        await write(real, '2', [written++]);
        const head = await real.head();
        await moveCheckpoint(db, 'numbered', live, head);
        live = head;
        return head;
      };
    },
  });
  const operations = new ProjectionOperations({ db, store: busy, connectionString: url, projections: [projection] });
  const rebuilding = await holding(pool, SHUT_GATE, async () => {
    const outcome = operations.rebuild('numbered', {
      ...patient,
      restart: true,
      onProgress: (progress) => {
        last = progress;
        const { number } = progress.step ?? {};
        if (!begunAt.has(number)) begunAt.set(number, performance.now());
      },
    });
    await untilHeld(pool, 'create index streams_gated ');
    t.equal(await underWay(), 1);
    const { number = 0, of } = last?.step ?? {};
    t.equal(number + 1, of, 'the last has not been begun');
    return { outcome, number, endsAt: performance.now() };
  });
  t.match(await rebuilding.outcome, { state: 'built' });
  const { number, endsAt } = rebuilding;
  const [beganAt = 0, nextAt = 0] = [begunAt.get(number), begunAt.get(number + 1)];
  t.ok(nextAt - endsAt > 0.9 * (endsAt - beganAt), `${nextAt - endsAt} ms of rest after ${endsAt - beganAt} ms`);
  t.ok(written > 0, 'something was written');
});
