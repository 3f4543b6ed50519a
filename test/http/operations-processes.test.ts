import t from 'tap';

import { ensureTables, projecting } from '../../src/projecting/project.js';
import { BuildingProcesses } from '../../src/rebuilding/building-processes.js';
import { OPERATOR_SUBJECT, signOperatorToken } from '../../src/tokens/operator-token.js';
import { numbered, readNumbered, write } from '../rebuilding/numbered.js';
import type { NumberedSettings } from '../rebuilding/numbered-process.js';
import { shutGate } from '../rebuilding/process-gate.js';
import { operationsOn } from '../rebuilding/support.js';
import { follow } from '../support/core.js';
import { silent as logger } from '../support/silent-logger.js';
import { until } from '../support/until.js';
import { appOn, openTestApi, type Person, wordsFor } from './support/api.js';

const api = await openTestApi(t);
const { core, url: connectionString } = api;
const projection = numbered();
await ensureTables(projection, core.db);
const following = follow(core, projecting(projection, core.db));
t.teardown(() => following.stop());
for (let number = 0; number < 100; number++) await write(core.store, String(number % 7), [number]);
await until(async () => (await readNumbered(core.db)).events === 100, 'all is projected');

t.test('requests are answered while whoever rebuilds does nothing else', async (t) => {
  const { folder: gate, open, reached } = await shutGate(t);
  const operations = operationsOn(api, [projection]);
  const settings: NumberedSettings = { connectionString, trouble: { number: 50, what: 'waits', gate } };
  const module = new URL('../rebuilding/numbered-process.js', import.meta.url);
  const building = new BuildingProcesses({ module, settings, operations, logger });
  const app = await appOn(api, api.tokenKeys, { replace: () => ({ operations, building }) });
  t.teardown(() => app.close());
  const { call, signIn, createWorkspace, invite } = wordsFor(app, api);
  const operator: Person = {
    id: `${OPERATOR_SUBJECT}olga`,
    email: '',
    name: 'olga',
    token: signOperatorToken(api.tokenKeys, 'olga', new Date(Date.now() + 3_600_000)),
  };
  const workNow = async () => (await call('GET /v1/operations/projections/numbered', { as: operator })).body.work;

  const begun = await call('POST /v1/operations/projections/numbered/rebuild', { as: operator, body: {} });
  t.equal(begun.status, 202);
  // The handler of the event holds the event loop that it runs on, until it is let go on from here.
  await reached();
  const owner = await signIn('owner@example.com', 'Olivia Owner');
  await invite(owner, await createWorkspace(owner), 'one@example.com');
  await until(async () => (await workNow()).progress?.phase === 'reading', 'it is told how far it is');
  open();
  const work = await until(async () => {
    const now = await workNow();
    return now.state !== 'running' && now;
  }, 'the rebuild is over');
  t.match(work, { state: 'done', error: null, result: { state: 'built', comparison: { equal: true } } });
});
