import { type Kysely, sql } from 'kysely';

import { tablesOf } from '../../src/rebuilding/slot.js';

/** As before the first event. */
// biome-ignore lint/suspicious/noExplicitAny: the projection's own tables
export async function emptyAuditHistory(db: Kysely<any>): Promise<void> {
  const tables = (await tablesOf(db, 'audit_history')).map((table) => sql.table(table));
  await sql`truncate ${sql.join(tables)}`.execute(db);
}
