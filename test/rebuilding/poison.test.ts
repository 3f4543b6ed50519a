import { sql } from 'kysely';
import t from 'tap';
import { PoisonEvent } from '../../src/projecting/poison-event.js';
import { ensureTables, projecting } from '../../src/projecting/project.js';
import { follow, openTestCore } from '../support/core.js';
import { until } from '../support/until.js';
import { numbered, readNumbered, write } from './numbered.js';
import { operationsOn, patient } from './support.js';

const test = await openTestCore(t);
const { core } = test;
const { db, store } = core;

const projection = numbered();
await ensureTables(projection, db);
const following = follow(core, projecting(projection, db));
t.teardown(() => following.stop());
for (let number = 0; number < 200; number++) await write(store, String(number % 7), [number]);
await until(async () => (await readNumbered(db)).events === 200, 'all is projected');

async function poisonOf(rebuilding: Promise<unknown>): Promise<PoisonEvent> {
  const error = await rebuilding.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof PoisonEvent)) throw error;
  return error;
}

t.test(
  'an event that a handler fails at stops a rebuild, named with handler and row; what is live is untouched',
  async (t) => {
    const before = await readNumbered(db);
    const broken = numbered({
      onEvent: (data) => {
        if ((data as { number: number }).number === 123) throw new TypeError('123 is not a number I like');
      },
    });
    const error = await poisonOf(operationsOn(test, [broken]).rebuild('numbered', { ...patient, switch: true }));
    const { events } = await store.readStream('tested-4');
    const event = events.find(({ data }) => data['number'] === 123);
    t.strictSame(error.poison, {
      projection: 'numbered',
      event: {
        id: event?.id,
        type: 'Tested',
        stream: 'tested-4',
        revision: event?.revision,
        position: event?.position,
      },
      handler: 'Tested on numbered.streams',
      row: { stream: 'tested-4' },
      reason: '123 is not a number I like',
    });
    t.match(error.message, /numbered cannot deal with Tested, revision 17 of tested-4 /);

    const [standing] = await operationsOn(test, [projection]).list();
    t.strictSame(standing?.next?.failure, error.poison, 'others are told as well');
    t.equal(standing?.next?.progress.events, 123, 'all that is before it was built');
    t.strictSame(await readNumbered(db), before);
    await write(store, '0', [200]);
    await until(async () => (await readNumbered(db)).events === 201, 'the live tables go on');

    const outcome = await operationsOn(test, [projection]).rebuild('numbered', { ...patient, switch: true });
    t.match(outcome, { state: 'switched', comparison: { equal: true } }, 'once it is mended, the rebuild goes on');
    await operationsOn(test, [projection]).drop('numbered', 'previous', patient);
  },
);

t.test('an event whose row the database refuses is found as well', async (t) => {
  const broken = numbered();
  const refused = {
    ...broken,
    async createTables(tx: Parameters<typeof broken.createTables>[0]) {
      await broken.createTables(tx);
      await sql`alter table numbered.streams add constraint few check (events <= 20)`.execute(tx);
    },
  };
  const error = await poisonOf(operationsOn(test, [refused]).rebuild('numbered', patient));
  t.match(error.poison, {
    event: { stream: 'tested-0', revision: 20 },
    handler: 'Tested on numbered.streams',
    row: { stream: 'tested-0' },
    reason: /violates check constraint "few"/,
  });
});
