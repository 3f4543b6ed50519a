import { createRequire } from 'node:module';
import t from 'tap';
import { createPool } from '../../src/database/pool.js';
import { EventStoreMissing } from '../../src/event-store/event-store.js';
import { openEventStore, UnknownEventStore } from '../../src/event-store/open.js';
import { createDatabase } from '../support/postgres.js';
import { silent } from '../support/silent-logger.js';

const { url } = await createDatabase(t);
const pool = createPool({ connectionString: url, name: 'test', logger: silent });
t.teardown(() => pool.end());

const isGrpcLoaded = () =>
  Object.keys(createRequire(import.meta.url).cache).some((path) => path.includes('@grpc/grpc-js'));

t.test('"postgres" opens the engine on the given pool, without loading the other engine', async (t) => {
  const store = await openEventStore('postgres', { pool, logger: silent });
  t.equal(await store.head(), '');
  await store.close();
  t.equal(isGrpcLoaded(), false);
});

t.test('a log that must exist is opened where there is one, and made nowhere', async (t) => {
  const { url: connectionString } = await createDatabase(t);
  const empty = createPool({ connectionString, name: 'test', logger: silent });
  t.teardown(() => empty.end());
  const error = await openEventStore('postgres', { pool: empty, logger: silent, mustExist: true }).catch(
    (error: unknown) => error,
  );
  t.ok(error instanceof EventStoreMissing);
  t.match(error, { code: 'event-store-missing' });
  const { rows } = await empty.query(`select to_regnamespace('event_store') as made`);
  t.strictSame(rows, [{ made: null }]);

  const store = await openEventStore('postgres', { pool, logger: silent, mustExist: true });
  t.equal(await store.head(), '');
  await store.close();
});

t.test('an EventStoreDB connection string opens that engine', async (t) => {
  for (const url of ['esdb://127.0.0.1:1?tls=false', 'esdb+discover://127.0.0.1:1,127.0.0.1:2?tls=false']) {
    const store = await openEventStore(url, { pool, logger: silent });
    await store.close();
  }
  t.equal(isGrpcLoaded(), true);
});

t.test('anything else is refused without repeating it', async (t) => {
  for (const setting of ['', 'Postgres', 'postgresql://user:secret@127.0.0.1/db', 'kurrentdb://127.0.0.1:2113']) {
    const error = await openEventStore(setting, { pool, logger: silent }).catch((error: unknown) => error);
    t.ok(error instanceof UnknownEventStore);
    t.match(error, { code: 'unknown-event-store' });
    t.notMatch((error as Error).message, /secret/);
  }
});
