import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { startTemporaryPostgres } from './temporary-postgres.js';

/** What `createDatabase` needs of a tap test. */
interface Teardown {
  teardown(action: () => Promise<unknown>): void;
}

/** In the environment of a test, the name of a database that has the service's tables, in the cluster of all tests. */
export const TEMPLATE = 'TEST_POSTGRES_TEMPLATE';

/**
 * A database of the test's own, gone at its teardown with whatever is still connected. It lives in the cluster that
 * `npm test` started (`TEST_POSTGRES_URL`), or, where a test file is run by itself, in one started for that file.
 *
 * @param test the test whose end is the database's end
 * @param mayHaveTables whether a copy of the template does, where there is one, for a test that is not about how tables
 *   come to be: it is there in a third of the time
 */
export async function createDatabase(test: Teardown, { mayHaveTables = false } = {}): Promise<{ url: string }> {
  const cluster = process.env['TEST_POSTGRES_URL'] ?? (await clusterOfThisFile());
  const { url, drop } = await addDatabase(cluster, mayHaveTables ? process.env[TEMPLATE] : undefined);
  test.teardown(drop);
  return { url };
}

/** A connection of the test's own, ended before the database that was made for it. */
export async function connect(test: Teardown, url: string, name = 'test'): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: name });
  await client.connect();
  test.teardown(() => client.end());
  return client;
}

/** @param template of which it is to be a copy, as long as nobody is connected to that one */
export async function addDatabase(cluster: string, template?: string) {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await execute(cluster, `create database ${name}${template ? ` template ${template}` : ''}`);
  const url = new URL(cluster);
  url.pathname = name;
  return { name, url: url.href, drop: () => execute(cluster, `drop database ${name} with (force)`) };
}

let ownCluster: Promise<string> | undefined;

function clusterOfThisFile(): Promise<string> {
  ownCluster ??= startTemporaryPostgres().then(async ({ url, stop }) => {
    // Only here: what is run without tap has its own cluster, and must not print a report of tests.
    const { default: t } = await import('tap');
    t.teardown(stop);
    return url;
  });
  return ownCluster;
}

async function execute(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
