import { once } from 'node:events';
import t from 'tap';

import type { EventBatch, SubscribeOptions } from '../../src/event-store/event-store.js';
import type { HttpDependencies } from '../../src/http/dependencies.js';
import { OPERATOR_SUBJECT, signOperatorToken } from '../../src/tokens/operator-token.js';
import { contextOf } from '../support/core.js';
import { until } from '../support/until.js';
import { appOn, openTestApi, type Person } from './support/api.js';
import { listen, readEvents, untilLet } from './support/event-reader.js';

const api = await openTestApi(t, { config: { heartbeat: 50 } });
const { call, core, tokenKeys } = api;
const operatorUntil = (expiresAt: Date): Person => ({
  id: `${OPERATOR_SUBJECT}olga`,
  email: '',
  name: 'olga',
  token: signOperatorToken(tokenKeys, 'olga', expiresAt),
});
const operator = operatorUntil(new Date(Date.now() + 3_600_000));
const { workspaceId, ownerId } = await api.foundWorkspace();
const other = await api.foundWorkspace('another@example.com', 'Other');
const origin = await listen(api.app);
const rename = (name: string) => core.workspaces.change(workspaceId, ownerId, { name }, contextOf(ownerId));

async function read(query: string): Promise<{ type: string; stream: string; position: string }[]> {
  const { status, headers, text } = await call(`GET /v1/operations/events?${query}`, { as: operator });
  t.equal(status, 200);
  t.match(headers['content-type'], /^application\/x-ndjson/);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

t.test('the log is read to its end, a JSON document a line, filtered as asked', async (t) => {
  const all = await read('');
  t.strictSame(
    all.map(({ position }) => position),
    [...all.map(({ position }) => position)].sort(),
  );
  t.equal(all.at(-1)?.position, await core.store.head());
  const ofWorkspace = await read(`workspace=${workspaceId}`);
  t.ok(ofWorkspace.length > 0);
  t.ok(ofWorkspace.every(({ stream }) => stream.includes(workspaceId)));
  t.strictSame(
    (await read('type=WorkspaceCreated,AccountRegistered&limit=3')).map(({ type }) => type),
    ['AccountRegistered', 'WorkspaceCreated', 'AccountRegistered'],
  );
  t.strictSame(await read(`after=${all.at(-1)?.position}`), []);
  const [account] = await read(`stream=account-${other.ownerId}`);
  t.equal(account?.type, 'AccountRegistered');
});

t.test('a position of another log, and whoever is no operator, are refused', async (t) => {
  for (const route of ['events', 'events/tail']) {
    const foreign = await call(`GET /v1/operations/${route}?after=nonsense`, { as: operator });
    t.strictSame([foreign.status, foreign.body.code], [400, 'invalid-cursor'], route);
    const person = await call(`GET /v1/operations/${route}`, { as: await api.signIn('owner@example.com') });
    t.strictSame([person.status, person.body.code], [403, 'operator-required'], route);
  }
});

t.test('the tail tells what comes, and goes on after the last that arrived', async (t) => {
  const url = `${origin}/v1/operations/events/tail?type=WorkspaceRenamed`;
  const tail = await readEvents(url, { as: operator });
  await tail.next('it is ready', ({ event }) => event === 'ready');
  await rename('Acme Two');
  const told = await tail.next('the renaming is told', ({ event }) => event === 'event');
  t.match(told, { id: told.data.position, data: { type: 'WorkspaceRenamed', data: { name: 'Acme Two' } } });
  tail.leave();
  await tail.ended;

  await rename('Acme Three');
  await core.accounts.register(core.newId(), { email: 'x@example.com', name: 'X' }, contextOf(ownerId));
  const again = await readEvents(url, { as: operator, headers: { 'last-event-id': String(told.id) } });
  t.teardown(() => again.leave());
  await again.next('it is ready', ({ event }) => event === 'ready');
  t.strictSame(
    again.events.filter(({ event }) => event === 'event').map(({ data }) => data.data.name),
    ['Acme Three'],
  );
});

t.test('the tail ends with the token', async (t) => {
  const tail = await untilLet(() =>
    readEvents(`${origin}/v1/operations/events/tail`, { as: operatorUntil(new Date(Date.now() + 3_000)) }),
  );
  await tail.ended;
  t.equal(tail.status, 200);
});

t.test('who leaves before anything has come leaves no subscription behind', async (t) => {
  let subscribed: AbortSignal | undefined;
  const silent = ({ store }: HttpDependencies): Partial<HttpDependencies> => ({
    store: Object.assign(Object.create(store), {
      async *subscribe({ signal }: SubscribeOptions): AsyncGenerator<EventBatch> {
        subscribed = signal;
        await once(signal, 'abort');
        yield* [];
      },
    }),
  });
  const app = await appOn(api, tokenKeys, { replace: silent });
  t.teardown(() => app.close());
  const at = await listen(app);
  for (const route of ['events', 'events/tail']) {
    subscribed = undefined;
    const leaving = new AbortController();
    const headers = { authorization: `Bearer ${operator.token}` };
    const answer = fetch(`${at}/v1/operations/${route}`, { headers, signal: leaving.signal });
    const signal = await until(() => subscribed, 'the log is followed');
    leaving.abort();
    await t.rejects(answer);
    await until(() => signal.aborted, `the subscription of ${route} has ended`);
  }
});

t.test('the tail does not hold up a shutdown', async (t) => {
  const tail = await readEvents(`${origin}/v1/operations/events/tail`, { as: operator });
  await tail.next('it is ready', ({ event }) => event === 'ready');
  await api.app.close();
  await tail.ended;
  t.equal(tail.status, 200);
});
