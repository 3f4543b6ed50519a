/**
 * A process of its own for what is measured in time and memory: exports the history of a workspace to a file (`ndjson` or `csv`), or
 * proves such a file (`prove`). Prints what it took as JSON.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';

import { AuditHistoryQueries } from '../../projections/audit-history/queries.js';
import { verifyExport } from '../../projections/audit-history/verify-export.js';
import { UsersTabQueries } from '../../projections/users-tab/queries.js';
import { createDatabase } from '../../src/database/database.js';
import { createPool } from '../../src/database/pool.js';
import { openEventStore } from '../../src/event-store/open.js';
import { asCsv, asNdjson } from '../../src/http/audit/export.js';
import { auditViews } from '../../src/http/audit/records.js';
import { silent as logger } from '../support/silent-logger.js';

/** What the process measured. */
export interface Exported {
  readonly seconds: number;
  /** Of the whole process at its largest, in MB. */
  readonly memory: number;
  /** Whether a proof was found; of an export, true. */
  readonly proven: boolean;
}

const [form, file = '', workspaceId = '', head = ''] = process.argv.slice(2);
const startedAt = performance.now();
const proven = form === 'prove' ? await prove() : await write();
const exported: Exported = {
  seconds: (performance.now() - startedAt) / 1_000,
  memory: process.resourceUsage().maxRSS / 1_024,
  proven,
};
process.stdout.write(JSON.stringify(exported));

async function write(): Promise<true> {
  const connectionString = String(process.env['DATABASE_URL']);
  const pool = createPool({ connectionString, name: 'bench', logger });
  const db = createDatabase(pool);
  const store = await openEventStore(String(process.env['EVENT_STORE']), { pool, logger });
  const queries = { auditHistory: new AuditHistoryQueries(db, store), usersTab: new UsersTabQueries(db) };
  const pieces = queries.auditHistory.records(workspaceId, {}, await queries.auditHistory.head(workspaceId));
  const telling = { locale: 'en', timeZone: 'UTC' } as const;
  const table =
    form === 'csv' ? asCsv(pieces, (rows) => auditViews(rows, workspaceId, telling, queries)) : asNdjson(pieces);
  await pipeline(table, createWriteStream(file));
  await store.close();
  await pool.end();
  return true;
}

async function prove(): Promise<boolean> {
  return (await verifyExport(createInterface({ input: createReadStream(file) }), head)).proven;
}
