import { join } from 'node:path';

import { Closing } from './closing.js';
import { readConfig, readStores } from './config.js';
import { createDatabase } from './database/database.js';
import { requireMigrated } from './database/migrate.js';
import { createPool } from './database/pool.js';
import { runningEmbeddedPostgres, startEmbeddedPostgres } from './embedded/postgres.js';
import { openEventStore } from './event-store/open.js';
import { giveWay } from './giving-way.js';
import type { Logger } from './logger.js';
import type { Stores } from './operating/command.js';
import { run } from './operating/run.js';
import { processTerminal } from './operating/terminal.js';
import { onceAlone, runInOwnSession, sharesSession } from './own-session.js';
import { PROJECTIONS } from './projections.js';
import { ReactorOperations } from './reactor/operations.js';
import { ProjectionOperations } from './rebuilding/operations.js';
import { loadSecrets } from './secrets.js';
import { signOperatorToken } from './tokens/operator-token.js';
import { VERSION } from './version.js';

const logger: Logger = {
  debug: () => {},
  info: () => {},
  warn: (_fields, message) => void process.stderr.write(`${message}\n`),
  error: (_fields, message) => void process.stderr.write(`${message}\n`),
};

/**
 * Opens the stores that the service in this environment works on, beside it or while it is stopped. They must be there, and be of this
 * release: it is the service that makes them, and brings them to a new release. A tool that did so would make an empty log where a
 * setting was forgotten, and change tables under a running service where somebody only wanted to look, or to pause a projection.
 */
async function withStores<T>(action: (stores: Stores) => Promise<T>): Promise<T> {
  const closing = new Closing((what, error) => logger.error({ err: error }, `the ${what} could not be closed`));
  try {
    const { databaseUrl, dataDirectory, eventStore } = readStores(process.env);
    const connectionString = databaseUrl ?? (await builtInPostgres(join(dataDirectory, 'postgres'), closing));
    // Where it did not from the start: not before a Postgres is started here, which would, too.
    giveWay();
    // What is lost in a crash of Postgres is built again from the log.
    const pool = createPool({
      connectionString,
      name: 'operator',
      logger,
      waitForDisk: false,
      allRowsOrNone: true,
      givesWay: true,
    });
    closing.add('database pool', () => pool.end());
    // biome-ignore lint/suspicious/noExplicitAny: each projection knows its own tables
    const db = createDatabase<any>(pool);
    const logPool = createPool({
      connectionString,
      name: 'operator, event store',
      logger,
      max: 4,
      givesWay: true,
    });
    closing.add('event store pool', () => logPool.end());
    const store = await openEventStore(eventStore, { pool: logPool, logger, mustExist: true });
    closing.add('event store', () => store.close());
    await requireMigrated(db);
    const operations = new ProjectionOperations({ db, connectionString, store, projections: PROJECTIONS });
    return await action({ operations, reactor: new ReactorOperations(db, store), store });
  } finally {
    await closing.close();
  }
}

async function builtInPostgres(dataDirectory: string, closing: Closing): Promise<string> {
  const running = await runningEmbeddedPostgres(dataDirectory);
  if (running !== undefined) return running;
  const postgres = await startEmbeddedPostgres({ dataDirectory, logger, mustExist: true });
  closing.add('built-in Postgres', () => postgres.stop());
  return postgres.url;
}

/** Signed with the key of the service in this environment. */
async function operatorToken(name: string, expiresAt: Date): Promise<string> {
  const config = readConfig(process.env);
  const { tokenKeys } = await loadSecrets(config, config.dataDirectory, 'fail');
  return signOperatorToken(tokenKeys, name, expiresAt);
}

/** Does what the command line says. @returns the exit code */
export async function operate(): Promise<number> {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
  onceAlone(() => stopping.abort());

  // Whoever read what is printed has had enough, such as `head`.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    stopping.abort();
  });

  return run(process.argv.slice(2), {
    program: process.env['npm_lifecycle_event'] === 'operate' ? 'npm run -s operate --' : 'npx workspace-invitations',
    version: VERSION,
    terminal: processTerminal,
    signal: stopping.signal,
    withStores,
    operatorToken,
    apart: sharesSession() ? () => runInOwnSession(stopping.signal) : undefined,
  });
}
