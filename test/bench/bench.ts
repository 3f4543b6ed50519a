/**
 * What `npm run bench` runs: every figure against its limit, measured in the same run on the same machine. An EventStoreDB is
 * measured too where `EVENTSTOREDB_URL` names one. Names of measurements as arguments run only those.
 */
import { cpus } from 'node:os';

import { measureInvitations } from './invitations.js';
import { measureMails } from './mails.js';
import { measureProjectionLag } from './projection-lag.js';
import { openSetting, type Setting } from './setting.js';
import { measureStart } from './start.js';
import { type Figure, tableOf } from './table.js';
import { measureUsersTab } from './users-tab.js';

const STORES: [name: string, setting: string][] = [['Postgres', 'postgres']];
const eventStoreDb = process.env['EVENTSTOREDB_URL'];
if (eventStoreDb) STORES.push(['EventStoreDB', eventStoreDb]);

const wanted = process.argv.slice(2);
const measured: Figure[] = [];

async function measure(
  name: string,
  work: (setting: Setting) => Promise<Figure[]>,
  eventStore = 'postgres',
): Promise<void> {
  if (wanted.length > 0 && !wanted.includes(name)) return;
  process.stderr.write(`${name} …\n`);
  const setting = await openSetting(eventStore);
  try {
    measured.push(...(await work(setting)));
  } finally {
    await setting.close();
  }
}

for (const [store, url] of STORES) {
  await measure('invitations', (setting) => measureInvitations(setting, store), url);
  await measure('mails', (setting) => measureMails(setting, store), url);
}
await measure('projection', measureProjectionLag);
await measure('users-tab', measureUsersTab);
await measure('start', measureStart);

const [cpu] = cpus();
process.stdout.write(
  `Node ${process.versions.node}, ${cpus().length} × ${cpu?.model ?? 'unknown processor'}; client, service, database and mail server on the same machine.\n\n`,
);
process.stdout.write(`${tableOf(measured)}\n`);
if (measured.some(({ holds }) => !holds)) process.exitCode = 1;
