import { randomUUID } from 'node:crypto';
import pg from 'pg';
import t from 'tap';
import {
  EventStoreUnavailable,
  ForeignPosition,
  type NewEvent,
  type Position,
  START,
  StreamConflict,
} from '../../src/event-store/event-store.js';
import { openPostgresEventStore } from '../../src/event-store/postgres.js';
import { createDatabase } from '../support/postgres.js';
import { until } from '../support/until.js';
import { catchUp, follow } from './contract/follower.js';
import { anEvent, failureOf, ids, someEvents } from './contract/subject.js';
import { appendRaw, connect, openLog, storedEvents, terminate } from './postgres/log.js';

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

t.test('values are kept as the very text that came', async (t) => {
  const { store, admin } = await openLog(t);
  await store.append('a', [anEvent({ z: 1, a: 'nul \u0000, half \ud83d', 1: 1e21 })], 'none');
  const { rows } = await admin.query('select data::text from event_store.events');
  t.strictSame(rows, [{ data: '{"1":1e+21,"z":1,"a":"nul \\u0000, half \\ud83d"}' }]);
});

t.test('an open transaction that appended holds later appends up, and its events come first', async (t) => {
  const { store, admin, url } = await openLog(t);
  const slow = await connect(t, url);
  const follower = follow(t, store, { prefixes: [''] });
  await follower.hasCaughtUp();
  const [first, later] = [randomUUID(), someEvents(3)];
  await slow.query('begin');
  await appendRaw(slow, 'slow', first);
  const appends = later.map((event, index) => store.append(`fast-${index}`, [event], 'none'));
  await until(() => isWaitingForLock(admin), 'the later appends waited');
  t.strictSame(await catchUp(t, store, { prefixes: [''] }), [], 'nothing can be seen before it is decided');
  await slow.query('commit');
  await Promise.all(appends);
  await follower.has(4);
  t.strictSame(ids(follower.events), [first, ...ids(later)]);
});

t.test('an aborted transaction that appended leaves no trace and no gap', async (t) => {
  const { store, admin, url } = await openLog(t);
  const slow = await connect(t, url);
  const follower = follow(t, store, { prefixes: [''] });
  const events = someEvents(10);
  for (const [index, event] of events.entries()) {
    await slow.query('begin');
    await appendRaw(slow, 'aborted', randomUUID());
    const append = store.append('kept', [event], index === 0 ? 'none' : index - 1);
    await until(() => isWaitingForLock(admin), 'the append waited');
    await slow.query('rollback');
    t.equal((await append).position, `${index + 1}`.padStart(16, '0'));
  }
  await follower.has(10);
  t.strictSame(ids(follower.events), ids(events));
  t.equal((await store.readStream('aborted')).revision, 'none');
});

t.test('slow and aborted transactions among writers at full speed cost no subscriber an event', async (t) => {
  const { store, admin, url } = await openLog(t);
  const followers = [0, 1].map(() => follow(t, store, { prefixes: ['fast-', 'slow-'] }));
  let writing = true;
  const writers = Array.from({ length: 8 }, async (_, number) => {
    while (writing) await store.append(`fast-${number % 3}`, someEvents(1 + (number % 2)), 'any');
  });
  const slow = await connect(t, url);
  for (let round = 0; round < 40; round++) {
    await slow.query('begin');
    for (let count = 0; count < 3; count++) await appendRaw(slow, `slow-${round % 5}`, randomUUID());
    await until(() => isWaitingForLock(admin), 'a writer waited');
    await slow.query(round % 2 === 0 ? 'commit' : 'rollback');
  }
  writing = false;
  await Promise.all(writers);
  const stored = await storedEvents(admin);
  t.strictSame(
    stored.map(({ position }) => position),
    stored.map((_, index) => index + 1),
  );
  t.equal(stored.filter(({ stream }) => stream.startsWith('slow-')).length, 60);
  for (const follower of followers) {
    await follower.has(stored.length);
    t.strictSame(ids(follower.events), ids(stored));
  }
});

t.test('appends that wait go out together, and a conflict among them fails alone', async (t) => {
  const { store, admin, url } = await openLog(t);
  const slow = await connect(t, url);
  await store.append('taken', someEvents(1), 'none');
  await slow.query('begin');
  await appendRaw(slow, 'slow', randomUUID());
  const first = store.append('first', someEvents(1), 'none');
  await until(() => isWaitingForLock(admin), 'the first append waited');
  const names = ['a', 'taken', 'b', 'a', 'c'];
  const gathered = Promise.allSettled(names.map((stream) => store.append(stream, [anEvent()], 'none')));
  await slow.query('commit');
  await first;
  const outcomes = await gathered;
  t.strictSame(
    outcomes.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled', 'rejected', 'fulfilled'],
  );
  for (const outcome of outcomes) if (outcome.status === 'rejected') t.ok(outcome.reason instanceof StreamConflict);
  const { rows } = await admin.query(
    `select count(distinct xmin::text)::int as transactions from event_store.events where stream in ('a', 'b', 'c')`,
  );
  t.strictSame(rows, [{ transactions: 1 }]);
});

t.test('live delivery survives the end of the connection that is told of appends', async (t) => {
  const { store, admin } = await openLog(t, { pollInterval: 60_000 });
  const follower = follow(t, store, { prefixes: [''] });
  await follower.hasCaughtUp();
  const events = someEvents(5);
  for (const [index, event] of events.entries()) {
    await until(() => isListening(admin), 'the store listened');
    t.equal(await terminate(admin, 'event store: head%'), 1);
    await store.append('a', [event], index === 0 ? 'none' : index - 1);
    await follower.has(index + 1);
  }
  t.strictSame(ids(follower.events), ids(events));
});

t.test('an append that nobody was told of is found by looking now and then', async (t) => {
  const { store, admin } = await openLog(t, { pollInterval: 20 });
  const follower = follow(t, store, { prefixes: [''] });
  await follower.hasCaughtUp();
  await admin.query(`insert into event_store.events values (1, 'a', 0, $1, 'Silent', '{}', '{}')`, [randomUUID()]);
  await follower.has(1);
  t.equal(follower.events[0]?.type, 'Silent');
});

t.test('appends repeated after all connections were ended are there exactly once', async (t) => {
  const { store, admin } = await openLog(t);
  const events = someEvents(400);
  const failures: EventStoreUnavailable[] = [];
  let appended = 0;
  const append = async (stream: string, event: NewEvent): Promise<void> => {
    try {
      await store.append(stream, [event], 'any');
      appended += 1;
    } catch (error) {
      if (!(error instanceof EventStoreUnavailable)) throw error;
      failures.push(error);
      await append(stream, event);
    }
  };
  const queue = events.entries();
  const writers = Array.from({ length: 8 }, async () => {
    for (const [index, event] of queue) await append(`stream-${index % 7}`, event);
  });
  for (let round = 1; round <= 10; round++) {
    await until(() => appended >= round * 25, 'more was appended');
    await terminate(admin, 'event store');
  }
  await Promise.all(writers);
  t.ok(failures.length > 0, 'appends were interrupted');
  t.ok(
    failures.every(({ cause }) => cause instanceof Error),
    'the cause is told',
  );
  t.strictSame(ids(await storedEvents(admin)).sort(), ids(events).sort());
});

t.test('a shared pool is not closed, and losing its idle connections ends nothing', async (t) => {
  const { url } = await createDatabase(t);
  const pool = new pg.Pool({ connectionString: url, application_name: 'shared' });
  t.teardown(() => pool.end());
  const admin = await connect(t, url);
  const store = await openPostgresEventStore({ pool });
  await store.append('a', someEvents(1), 'none');
  t.ok((await terminate(admin, 'shared')) > 0);
  await until(() => pool.totalCount === 0, 'the pool noticed');
  t.equal((await store.readStream('a')).revision, 0);
  await store.close();
  t.strictSame((await pool.query('select 1 as one')).rows, [{ one: 1 }]);
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

t.test('a database that cannot be reached is unavailable', async (t) => {
  const { store, url } = await openLog(t);
  const unreachable = new URL(url);
  unreachable.pathname = 'nothing_here';
  const error = await failureOf(openPostgresEventStore({ connectionString: unreachable.href }));
  t.ok(error instanceof EventStoreUnavailable);
  t.equal(await store.head(), START);
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

async function isWaitingForLock(admin: pg.Client): Promise<boolean> {
  const { rowCount } = await admin.query(
    `select from pg_locks where locktype = 'advisory' and not granted
     and database = (select oid from pg_database where datname = current_database())`,
  );
  return rowCount === 1;
}

async function isListening(admin: pg.Client): Promise<boolean> {
  const { rowCount } = await admin.query(
    `select from pg_stat_activity where datname = current_database() and state = 'idle'
     and application_name like 'event store: head%' and query like '%max(position)%'`,
  );
  return rowCount === 1;
}
