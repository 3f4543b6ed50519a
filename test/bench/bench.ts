/**
 * What `npm run bench` runs: every figure against its limit, measured in the same run on the same machine. An EventStoreDB is
 * measured too where `EVENTSTOREDB_URL` names one. Names of measurements as arguments run only those.
 */
import { cpus } from 'node:os';

import { measureDelivery } from './delivery.js';
import { measureInvitations } from './invitations.js';
import { measureMails } from './mails.js';
import { measureProjectionLag } from './projection-lag.js';
import { measureRebuild } from './rebuild.js';
import { openSetting, type Setting } from './setting.js';
import { measureStart } from './start.js';
import { type Figure, tableOf } from './table.js';
import { measureUsersTab } from './users-tab.js';

const STORES: [name: string, setting: string][] = [['Postgres', 'postgres']];
const eventStoreDb = process.env['EVENTSTOREDB_URL'];
if (eventStoreDb) STORES.push(['EventStoreDB', eventStoreDb]);

const wanted = process.argv.slice(2);
const measured: Figure[] = [];

/** Runs those of the measurements that are wanted, one after another in one setting. */
async function measure(
  measurements: Record<string, (setting: Setting) => Promise<Figure[]>>,
  eventStore = 'postgres',
): Promise<void> {
  const chosen = Object.entries(measurements).filter(([name]) => wanted.length === 0 || wanted.includes(name));
  if (chosen.length === 0) return;
  const setting = await openSetting(eventStore);
  try {
    for (const [name, work] of chosen) {
      process.stderr.write(`${name} …\n`);
      measured.push(...(await work(setting)));
    }
  } finally {
    await setting.close();
  }
}

try {
  for (const [store, url] of STORES) {
    // Mails first, while the log is short: an EventStoreDB keeps what earlier measurements wrote.
    await measure(
      {
        mails: (setting) => measureMails(setting, store),
        invitations: (setting) => measureInvitations(setting, store),
      },
      url,
    );
  }
  for (const [store, url] of STORES) await measure({ rebuild: (setting) => measureRebuild(setting, store) }, url);
  await measure({ projection: measureProjectionLag });
  await measure({ 'users-tab': measureUsersTab });
  await measure({ delivery: measureDelivery });
  await measure({ start: measureStart });
} finally {
  // What was measured before one of them failed, too.
  const [cpu] = cpus();
  process.stdout.write(
    `Node ${process.versions.node}, ${cpus().length} × ${cpu?.model ?? 'unknown processor'}; client, service, database and mail server on the same machine.\n\n`,
  );
  process.stdout.write(`${tableOf(measured)}\n`);
}
if (measured.some(({ holds }) => !holds)) process.exitCode = 1;
