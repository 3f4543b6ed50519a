import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import t from 'tap';
import { startEmbeddedPostgres } from '../../src/embedded/postgres.js';
import type { Position } from '../../src/event-store/event-store.js';
import { openPostgresEventStore } from '../../src/event-store/postgres.js';
import { silent } from '../support/silent-logger.js';
import { temporaryFolder } from '../support/temporary-postgres.js';
import { until } from '../support/until.js';
import { restartContract } from './contract/restart.js';
import { type Opened, Subject } from './contract/subject.js';

const folder = await temporaryFolder();
const dataDirectory = join(folder, 'postgres');
let postgres = await startEmbeddedPostgres({ dataDirectory, logger: silent });
const { url, port } = postgres;
t.teardown(async () => {
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Ends the server as a loss of power would, but for the disk: nothing is written on the way out. */
const crash = async () => {
  const pid = Number((await readFile(join(dataDirectory, 'postmaster.pid'), 'utf8')).split('\n')[0]);
  process.kill(pid, 'SIGQUIT');
  await until(() => !isAlive(pid), 'the server was gone');
};

const opened = (restart: () => Promise<void>) => async (): Promise<Opened> => ({
  store: await openPostgresEventStore({ connectionString: url }),
  foreignPosition: 'not used here' as Position,
  restart,
});

t.test('a server that is stopped and started again', async (t) => {
  const stopAndStart = async () => {
    await postgres.stop();
    postgres = await startEmbeddedPostgres({ dataDirectory, port, logger: silent });
  };
  await restartContract(t, await Subject.open(t, opened(stopAndStart)));
});

t.test('a server that crashes and recovers', async (t) => {
  const crashAndRecover = async () => {
    await crash();
    await until(takesConnections, 'the server has come back by itself');
  };
  await restartContract(t, await Subject.open(t, opened(crashAndRecover)));
});

async function takesConnections(): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end();
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
