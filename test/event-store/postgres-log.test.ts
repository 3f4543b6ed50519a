import t from 'tap';
import { EventStoreUnavailable, ForeignPosition, type Position, START } from '../../src/event-store/event-store.js';
import { openPostgresEventStore } from '../../src/event-store/postgres.js';
import { connect, createDatabase } from '../support/postgres.js';
import { until } from '../support/until.js';
import { catchUp } from './contract/follower.js';
import { anEvent, failureOf, someEvents } from './contract/subject.js';
import { openLog, storedEvents } from './postgres/log.js';

t.test('positions count the events of the log from 1, without a gap', async (t) => {
  const { store, admin } = await openLog(t);
  t.equal(await store.head(), START);
  t.strictSame(await store.append('a', someEvents(3), 'none'), { revision: 2, position: '0000000000000003' });
  await failureOf(store.append('a', someEvents(3), 'none'));
  t.equal((await store.append('b', someEvents(1), 'none')).position, '0000000000000004');
  t.equal(await store.head(), '0000000000000004');
  t.strictSame(
    (await storedEvents(admin)).map(({ position }) => position),
    [1, 2, 3, 4],
  );
});

t.test('values are kept as the text that was made of them', async (t) => {
  const { store, admin } = await openLog(t);
  await store.append('a', [anEvent({ z: 1, a: 'nul \u0000, half \ud83d', 1: 1e21 })], 'none');
  const { rows } = await admin.query('select data::text from event_store.events');
  t.strictSame(rows, [{ data: '{"1":1e+21,"a":"nul \\u0000, half \\ud83d","z":1}' }]);
});

t.test('a read from what is no revision is refused, and fails no read that goes out with it', async (t) => {
  const { store } = await openLog(t);
  await store.append('a', someEvents(2), 'none');
  for (const from of [-1, 0.5, Number.NaN]) {
    const good = store.readStream('a');
    t.ok((await failureOf(store.readStream('a', from))) instanceof RangeError);
    t.equal((await good).revision, 1);
  }
});

t.test('many instances may open a new log at once', async (t) => {
  const { url } = await createDatabase(t);
  const stores = await Promise.all(Array.from({ length: 12 }, () => openPostgresEventStore({ connectionString: url })));
  await Promise.all(stores.map((store, index) => store.append(`stream-${index}`, someEvents(2), 'none')));
  t.equal(await stores[0]?.head(), '0000000000000024');
  await Promise.all(stores.map((store) => store.close()));
  const admin = await connect(t, url);
  t.equal((await admin.query('select from event_store.versions')).rowCount, 1);
});

t.test('a log whose schema is newer than this code is not opened', async (t) => {
  const { admin, url } = await openLog(t);
  await admin.query('insert into event_store.versions (version) values (1000)');
  const error = await failureOf(openPostgresEventStore({ connectionString: url }));
  t.ok(error instanceof EventStoreUnavailable);
  t.match((error as Error).message, /version 1000/);
});

t.test('a position behind the end of the log is refused, as after a restore of an older copy', async (t) => {
  const { store } = await openLog(t);
  await store.append('a', someEvents(2), 'none');
  const error = await failureOf(catchUp(t, store, { after: '0000000000000003' as Position, prefixes: [''] }));
  t.ok(error instanceof ForeignPosition);
  t.strictSame(await catchUp(t, store, { after: '0000000000000002' as Position, prefixes: [''] }), []);
});

t.test('no statement ever reads the whole table, not even when it was planned while the table was small', async (t) => {
  const { store, admin } = await openLog(t);
  await store.append('a', someEvents(60), 'none');
  await admin.query('analyze event_store.events');
  for (let round = 0; round < 10; round++) {
    const event = anEvent();
    await store.append('a', [event], 59 + round);
    await store.append('a', [event], 59 + round);
    await store.append(`b-${round}`, [event], 'any');
    await store.append(`b-${round}`, [event], 'any');
    await store.readStreams(['a', 'b-1', 'missing']);
    await store.readStream('a', 70);
    await store.head();
    await catchUp(t, store, { prefixes: ['b-'] });
  }
  await store.close();
  const { rows } = await until(async () => {
    const statistics = await admin.query<{ inserted: number; scans: number; by_index: boolean }>(
      `select n_tup_ins::int as inserted, seq_scan::int as scans, idx_scan > 0 as by_index
       from pg_stat_user_tables where schemaname = 'event_store' and relname = 'events'`,
    );
    return statistics.rows[0]?.inserted === 80 && statistics;
  }, 'the statistics were there');
  t.strictSame(rows, [{ inserted: 80, scans: 2, by_index: true }], 'only the making of the two indexes read the table');
});
