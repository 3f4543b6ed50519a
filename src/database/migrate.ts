import { type Kysely, Migrator, sql } from 'kysely';

import { migrations } from './migrations/index.js';

/**
 * Brings the service's own tables up to date. Runs under a lock: instances that start at once wait for each other.
 *
 * @throws when a migration fails; the database is then as it was before
 */
// biome-ignore lint/suspicious/noExplicitAny: changes the tables it is about
export async function migrate(db: Kysely<any>): Promise<void> {
  const { error } = await migratorOf(db).migrateToLatest();
  if (error) throw error;
}

/** The tables are of an older release than this program, or not there, and it is not for this program to change that. */
export class SchemaOutdated extends Error {
  override readonly name = 'SchemaOutdated';
  readonly code = 'schema-outdated';
}

/**
 * Makes sure that the tables are such as this program reads, without changing them: processes of the release before may still
 * work on them.
 *
 * @throws SchemaOutdated
 */
// biome-ignore lint/suspicious/noExplicitAny: looks at what has been done to the database
export async function requireMigrated(db: Kysely<any>): Promise<void> {
  // Fails where the role may not look: the migrator would say that there are none.
  await sql`select to_regclass('migrations.kysely_migration')`.execute(db);
  const known = await migratorOf(db).getMigrations();
  const missing = known.filter(({ executedAt }) => !executedAt).map(({ name }) => name);
  if (missing.length === 0) return;
  if (missing.length === known.length) {
    throw new SchemaOutdated(
      'the database has no tables of the service: start it on it once, or say with DATABASE_URL where they are',
    );
  }
  throw new SchemaOutdated(
    `the tables are of an older release than this program (${missing.join(', ')} not made yet), and only the service changes them: ` +
      'use the program of that release, or start the service of this one first',
  );
}

// biome-ignore lint/suspicious/noExplicitAny: changes the tables it is about
function migratorOf(db: Kysely<any>): Migrator {
  return new Migrator({
    db,
    provider: { getMigrations: async () => migrations },
    migrationTableSchema: 'migrations',
  });
}
