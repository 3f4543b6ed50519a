import t from 'tap';

import type { BuildingSettings } from '../../src/building.js';
import { PROJECTIONS } from '../../src/projections.js';
import { BuildingProcesses } from '../../src/rebuilding/building-processes.js';
import { tablesOf } from '../../src/rebuilding/slot.js';
import { openTestCore } from '../support/core.js';
import { silent as logger } from '../support/silent-logger.js';
import { operationsOn, patient } from './support.js';

const MODULE = new URL('../../src/building-process.js', import.meta.url);

const test = await openTestCore(t);
const operations = operationsOn(test);
const now = Object.fromEntries(PROJECTIONS.map(({ name, version }) => [name, version]));

/** The processes of a service that has the projections in these versions. */
function processesOf(versions: BuildingSettings['versions']): BuildingProcesses<BuildingSettings> {
  const settings = { databaseUrl: test.url, eventStore: 'postgres', versions };
  return new BuildingProcesses({ module: MODULE, settings, operations, logger });
}

const { workspaces = 0, 'users-tab': usersTab = 0, ...others } = now;
const REPLACED = [
  ['another version of what is built', { ...now, workspaces: workspaces + 1 }, 'workspaces', workspaces + 1],
  ['another version of something else', { ...now, 'users-tab': usersTab - 1 }, 'users-tab', usersTab - 1],
  ['something that the process has not', { ...others, 'users-tab': usersTab }, 'workspaces', 'none'],
] as const;

for (const [what, versions, name, version] of REPLACED) {
  t.test(`a process whose files have ${what} builds nothing, and says what to do`, async (t) => {
    const message =
      `the files of this program were replaced while it runs: they have version ${now[name]} of ${name}, ` +
      `the process has ${version}; start it again`;
    const refusal = { name: 'OtherRelease', code: 'other-release', message };
    await t.rejects(processesOf(versions).rebuild('workspaces', patient), refusal);
    await t.rejects(processesOf(versions).verify('workspaces', patient), refusal);
    t.strictSame(await tablesOf(test.core.followersDb, 'workspaces__next'), []);
  });
}

t.test('a process of the same release does as it is told', async (t) => {
  t.match(await processesOf(now).rebuild('workspaces', patient), { state: 'built', comparison: { equal: true } });
  await operations.drop('workspaces', 'next', patient);
});
