import type { Kysely } from 'kysely';
import { Migrator } from 'kysely';

import { migrations } from './migrations/index.js';

/**
 * Brings the service's own tables up to date. Runs under a lock: instances that start at once wait for each other.
 *
 * @throws when a migration fails; the database is then as it was before
 */
// biome-ignore lint/suspicious/noExplicitAny: changes the tables it is about
export async function migrate(db: Kysely<any>): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => migrations },
    migrationTableSchema: 'migrations',
  });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error;
}
