import t from 'tap';

import { appOn, openTestApi, wordsFor } from './support/api.js';

const api = await openTestApi(t);
const { call, core } = api;
const owner = await api.signIn('olivia@example.com', 'Olivia Owner');
const workspaceId = await api.createWorkspace(owner);
const users = `/v1/workspaces/${workspaceId}/users`;

/** Everything that has been written so far is to be seen. */
async function now(): Promise<Record<string, string>> {
  return { 'min-event-position': await core.store.head() };
}

async function list(query = '', as = owner) {
  return call(`GET ${users}${query}`, { as, headers: await now() });
}

const emails = ({ body }: Awaited<ReturnType<typeof list>>): string[] =>
  body.items.map(({ email }: { email: string }) => email);

await call(`POST /v1/workspaces/${workspaceId}/invitations/batch`, {
  as: owner,
  body: { recipients: 'José Núñez <jose@example.com>\nAna Souza <ana@example.com>\nzed@example.com' },
});
const admin = await api.join(owner, workspaceId, 'admin@example.com', 'administrator');
const revoked = await api.invite(owner, workspaceId, 'revoked@example.com');
await call(`DELETE /v1/workspaces/${workspaceId}/invitations/${revoked.invitation.id}`, { as: owner });

t.test('the tab shows everybody but those who are gone, with counts of all', async (t) => {
  const answer = await list('?sort=email');
  t.equal(answer.status, 200);
  t.strictSame(emails(answer), [
    'admin@example.com',
    'ana@example.com',
    'jose@example.com',
    'olivia@example.com',
    'zed@example.com',
  ]);
  t.strictSame(answer.body.counts, { waiting: 3, active: 2, expired: 0, declined: 0, revoked: 1, removed: 0 });
  t.notOk('nextCursor' in answer.body);
  const [first] = answer.body.items;
  t.strictSame(first.invitation.invitedBy, { id: owner.id, name: 'Olivia Owner' });
  const founder = answer.body.items[3];
  t.strictSame([founder.role, founder.invitation, founder.delivery], ['owner', null, null]);
});

t.test('the inviter is named to others too', async (t) => {
  const answer = await list('?search=ana', admin);
  t.strictSame(answer.body.items[0].invitation.invitedBy, { id: owner.id, name: 'Olivia Owner' });
});

t.test('people are found by part of a name or an address, without regard to case and accents', async (t) => {
  t.strictSame(emails(await list('?search=NUNEZ')), ['jose@example.com']);
  t.strictSame(emails(await list('?search=zed%40')), ['zed@example.com']);
  t.strictSame(emails(await list('?search=%25')), [], 'a percent sign is nothing special');
});

t.test('statuses and roles are given one by one, repeated, or separated by commas', async (t) => {
  t.strictSame(emails(await list('?status=active&sort=email')), ['admin@example.com', 'olivia@example.com']);
  t.strictSame(emails(await list('?status=revoked,active&sort=email')).length, 3);
  t.strictSame(emails(await list('?status=revoked&status=active&role=owner')), ['olivia@example.com']);
  t.strictSame(emails(await list('?role=administrator,owner&sort=-email')), [
    'olivia@example.com',
    'admin@example.com',
  ]);
});

t.test('pages follow each other to the end', async (t) => {
  for (const sort of ['name', '-name', 'email', '-email', 'invitedAt', '-invitedAt']) {
    const whole = emails(await list(`?sort=${sort}`));
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await list(`?sort=${sort}&limit=2${cursor ? `&cursor=${cursor}` : ''}`);
      found.push(...emails(page));
      cursor = page.body.nextCursor;
    } while (cursor !== undefined);
    t.strictSame(found, whole, sort);
  }
});

t.test('what is asked for wrongly is told', async (t) => {
  const { body } = await list('?limit=201&status=asleep&sort=age&page=2');
  t.strictSame(body.errors.map(({ parameter }: { parameter: string }) => parameter).sort(), [
    'limit',
    'page',
    'sort',
    'status',
  ]);
  t.equal((await list('?limit=x')).body.errors[0].detail, 'Give a whole number.');
  t.equal((await list('?limit=2.5')).status, 400);
  t.equal((await list('?cursor=nonsense')).body.code, 'invalid-cursor');
  const other = (await list('?sort=name&limit=1')).body.nextCursor;
  t.equal((await list(`?sort=email&cursor=${other}`)).body.code, 'invalid-cursor');
});

t.test('one person is shown by their id, also when they are gone', async (t) => {
  const one = await call(`GET ${users}/${revoked.id}`, { as: admin, headers: await now() });
  t.strictSame([one.status, one.body.email, one.body.status], [200, 'revoked@example.com', 'revoked']);
  const nobody = await call(`GET ${users}/${api.person('nobody@example.com')}`, { as: owner });
  t.strictSame([nobody.status, nobody.body.code], [404, 'user-not-found']);
});

t.test('a permission is changed, by those who may', async (t) => {
  const dev = await api.join(owner, workspaceId, 'dev@example.com');
  const change = (as: typeof owner, userId: string, role: string) =>
    call(`PATCH ${users}/${userId}`, { as, body: { role } });
  const changed = await change(admin, dev.id, 'administrator');
  t.strictSame([changed.status, changed.body.role, changed.body.id], [200, 'administrator', dev.id]);
  t.equal(changed.headers['event-position'], await core.store.head());
  await change(owner, dev.id, 'developer');

  t.equal((await change(dev, admin.id, 'developer')).body.code, 'not-allowed');
  t.equal((await change(admin, owner.id, 'developer')).body.code, 'owner-required');
  t.equal((await change(owner, revoked.id, 'developer')).body.code, 'not-active');
  t.equal((await change(owner, api.person('nobody@example.com'), 'developer')).body.code, 'user-not-found');
  t.equal((await change(owner, dev.id, 'owner')).body.code, 'invalid-request');
});

t.test('a name that somebody gave themselves since they joined is the one that is shown', async (t) => {
  const dana = await api.join(owner, workspaceId, 'dana@example.com');
  await call('PATCH /v1/me', { as: dana, body: { name: 'Dana Doe' } });
  t.equal((await call(`GET ${users}/${dana.id}`, { as: owner, headers: await now() })).body.name, 'Dana Doe');
  const changed = await call(`PATCH ${users}/${dana.id}`, { as: owner, body: { role: 'administrator' } });
  t.equal(changed.body.name, 'Dana Doe');
});

t.test('people are removed, and leave', async (t) => {
  const gone = await api.join(owner, workspaceId, 'gone@example.com');
  const leaver = await api.join(owner, workspaceId, 'leaver@example.com');
  const remove = (as: typeof owner, userId: string) => call(`DELETE ${users}/${userId}`, { as });
  t.equal((await remove(leaver, gone.id)).body.code, 'not-allowed');
  const removed = await remove(admin, gone.id);
  t.strictSame([removed.status, removed.text], [204, '']);
  t.equal(removed.headers['event-position'], await core.store.head());
  t.equal((await remove(leaver, leaver.id)).status, 204);
  t.equal((await call(`GET ${users}`, { as: leaver })).body.code, 'workspace-not-found', 'at once');
  t.equal((await remove(owner, owner.id)).body.code, 'owner-required');
  t.strictSame(emails(await list('?status=removed&sort=email')), ['gone@example.com', 'leaver@example.com']);
});

t.test('a query that asks for a position that is not there yet waits, and then says so', async (t) => {
  const position = (await core.store.head()).replace(/^./, '9');
  const app = await appOn(api, api.tokenKeys, { config: { positionTimeout: 500 } });
  t.teardown(() => app.close());
  const { status, headers, body } = await wordsFor(app, api).call(`GET ${users}`, {
    as: owner,
    headers: { 'min-event-position': position },
  });
  t.strictSame([status, body.code, headers['retry-after']], [409, 'projection-behind', '1']);
  const strange = await call(`GET ${users}`, { as: owner, headers: { 'min-event-position': 'two words' } });
  t.strictSame(strange.body.errors, [
    { header: 'min-event-position', detail: 'Give the value of an Event-Position header, unchanged.' },
  ]);
});
