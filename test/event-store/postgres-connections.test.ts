import { randomUUID } from 'node:crypto';
import pg from 'pg';
import t from 'tap';
import { createPool } from '../../src/database/pool.js';
import { EventStoreUnavailable, type NewEvent, START } from '../../src/event-store/event-store.js';
import { Database } from '../../src/event-store/postgres/database.js';
import { openPostgresEventStore } from '../../src/event-store/postgres.js';
import { connect, createDatabase } from '../support/postgres.js';
import { silent } from '../support/silent-logger.js';
import { until } from '../support/until.js';
import { follow } from './contract/follower.js';
import { failureOf, ids, someEvents } from './contract/subject.js';
import { openLog, storedEvents, terminate } from './postgres/log.js';

t.test('live delivery does not wait for the next look', async (t) => {
  const { store, admin } = await openLog(t, { pollInterval: 600_000 });
  const follower = follow(t, store, { prefixes: [''] });
  await follower.hasCaughtUp();
  await until(() => isListening(admin), 'the store listened');
  for (let count = 1; count <= 5; count++) {
    await store.append('a', someEvents(1), 'any');
    await follower.has(count);
  }
  t.equal(follower.events.length, 5);
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

t.test(
  'the next part of the log is on its way before one is dealt with, which may leave no turn to others',
  async (t) => {
    const { url } = await createDatabase(t);
    const pool = createPool({ connectionString: url, name: 'shared', logger: silent });
    const store = await openPostgresEventStore({ pool });
    await store.append('a', someEvents(2_000), 'none');
    const leaving = new AbortController();
    let given = 0;
    let asked = 0;
    pool.on('acquire', () => {
      asked++;
    });
    for await (const { caughtUp } of store.subscribe({ after: START, streamPrefixes: [''], signal: leaving.signal })) {
      if (caughtUp) break;
      t.equal(asked, ++given + 1);
    }
    leaving.abort();
    await store.close();
    await pool.end();
  },
);

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
  // The store listens no longer, and the end of the database may come before that of the connection.
  pool.on('error', () => {});
  t.strictSame((await pool.query('select 1 as one')).rows, [{ one: 1 }]);
});

t.test('losing a connection between two statements is a failure of what used it, and no more', async (t) => {
  const { url } = await createDatabase(t);
  const admin = await connect(t, url);
  const pool = new pg.Pool({ connectionString: url, application_name: 'shared' });
  const database = new Database(pool, 'own', silent);
  t.teardown(() => database.close());
  const losing = database.withClient(async (client) => {
    // Not `once` of node:events: that would listen for errors too.
    const ended = new Promise<void>((resolve) => client.once('end', resolve));
    await terminate(admin, 'shared');
    await ended;
    await client.query('select 1');
  });
  t.ok((await failureOf(losing)) instanceof EventStoreUnavailable);
  t.strictSame(await database.run({ name: 'one', text: 'select 1' }, []), [['1']]);
});

t.test('a closed store leaves no connection behind', async (t) => {
  const { store, admin } = await openLog(t);
  const follower = follow(t, store, { prefixes: [''] });
  await follower.hasCaughtUp();
  await until(() => isListening(admin), 'the store listened');
  await store.close();
  await follower.ended;
  await until(async () => {
    const { rowCount } = await admin.query(
      `select from pg_stat_activity where datname = current_database() and application_name like 'event store%'`,
    );
    return rowCount === 0;
  }, 'the connections were gone');
  t.pass('they are gone');
});

t.test('a database that cannot be reached is unavailable', async (t) => {
  const { store, url } = await openLog(t);
  const unreachable = new URL(url);
  unreachable.pathname = 'nothing_here';
  const error = await failureOf(openPostgresEventStore({ connectionString: unreachable.href }));
  t.ok(error instanceof EventStoreUnavailable);
  t.equal(await store.head(), START);
});

async function isListening(admin: pg.Client): Promise<boolean> {
  const { rowCount } = await admin.query(
    `select from pg_stat_activity where datname = current_database() and state = 'idle'
     and application_name like 'event store: head%' and query like '%max(position)%'`,
  );
  return rowCount === 1;
}
