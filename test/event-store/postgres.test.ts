import t from 'tap';
import type { Position } from '../../src/event-store/event-store.js';
import { openPostgresEventStore } from '../../src/event-store/postgres.js';
import { connect, createDatabase } from '../support/postgres.js';
import { eventStoreContract, type Opened } from './contract.js';

const { url } = await createDatabase(t);
const admin = await connect(t, url);

const open = async (): Promise<Opened> => ({
  store: await openPostgresEventStore({ connectionString: url }),
  foreignPosition: '00000000000000000042/00000000000000000042' as Position,
  disconnect: async () => {
    await admin.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
  },
});

await eventStoreContract(t, 'Postgres', open);
