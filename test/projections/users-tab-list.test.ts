import t from 'tap';

import { InvalidCursor } from '../../projections/cursor.js';
import { USER_SORTS, type UserQuery, type UserSort } from '../../projections/users-tab/selection.js';
import { contextOf, linkOf, openTestCore } from '../support/core.js';

const { core, foundWorkspace, caughtUp, invitee } = await openTestCore(t, { followers: true });
const { usersTab, invitations, links, members } = core;
const { workspaceId, ownerId } = await foundWorkspace();

const PEOPLE: readonly (readonly [email: string, name?: string])[] = [
  ['jose@example.com', 'José Álvarez'],
  ['zoe@example.com', 'Zoë'],
  ['100%_sure@example.com', 'Percent'],
  ['100xysure@example.com', 'No percent'],
  ['backslash@example.com'],
  ['nameless@example.org'],
  ['same1@example.org', 'Same'],
  ['same2@example.org', 'Same'],
];
for (const [email, name] of PEOPLE) {
  await invitations.invite(
    workspaceId,
    ownerId,
    { ...invitee(email), ...(name ? { name } : {}) },
    contextOf(ownerId, '2030-01-01T00:00:00.000Z'),
  );
}
const gone = await invitations.invite(workspaceId, ownerId, invitee('gone@example.org'), contextOf(ownerId));
await invitations.revoke(workspaceId, ownerId, linkOf(gone).invitationId, contextOf(ownerId));
const ada = await invitations.invite(
  workspaceId,
  ownerId,
  invitee('ada@example.org', 'administrator'),
  contextOf(ownerId),
);
await links.accept(linkOf(ada), 'Ada', contextOf(ownerId));
const out = await invitations.invite(workspaceId, ownerId, invitee('out@example.org'), contextOf(ownerId));
await links.accept(linkOf(out), 'Out', contextOf(ownerId));
await members.remove(workspaceId, ownerId, invitee('out@example.org').userId, contextOf(ownerId));
await caughtUp();

const list = (query: Partial<UserQuery>) => usersTab.list(workspaceId, { sort: 'email', limit: 100, ...query });
const emails = async (query: Partial<UserQuery>) => (await list(query)).rows.map(({ email }) => email);

t.test('a search finds part of a name or an address, whatever its case and accents', async (t) => {
  t.strictSame(await emails({ search: 'JOSE' }), ['jose@example.com']);
  t.strictSame(await emails({ search: ' álva ' }), ['jose@example.com']);
  t.strictSame(await emails({ search: 'ZOE' }), ['zoe@example.com']);
  t.strictSame(await emails({ search: 'Zoe\u0308' }), ['zoe@example.com']);
  t.strictSame(await emails({ search: '@EXAMPLE.ORG' }), [
    'ada@example.org',
    'nameless@example.org',
    'same1@example.org',
    'same2@example.org',
  ]);
  t.strictSame(await emails({ search: 'nobody' }), []);
});

t.test('what Postgres takes for a pattern is searched for as it is', async (t) => {
  t.strictSame(await emails({ search: '100%' }), ['100%_sure@example.com']);
  t.strictSame(await emails({ search: '%_sure' }), ['100%_sure@example.com']);
  t.strictSame(await emails({ search: '_' }), ['100%_sure@example.com']);
  t.strictSame(await emails({ search: '\\' }), []);
  t.strictSame(await emails({ search: "'" }), []);
  t.strictSame(await emails({ search: 'a\0' }), []);
});

t.test('the revoked and removed are shown only to those who ask for them', async (t) => {
  t.notOk((await emails({})).includes('gone@example.org'));
  t.notOk((await emails({})).includes('out@example.org'));
  t.strictSame(await emails({ status: ['revoked', 'removed'] }), ['gone@example.org', 'out@example.org']);
  t.strictSame(await emails({ status: ['active'] }), ['ada@example.org', 'owner@example.com']);
  t.strictSame(await emails({ role: ['administrator'] }), ['ada@example.org']);
  t.strictSame(await emails({ role: ['owner', 'administrator'], search: 'owner' }), ['owner@example.com']);
});

t.test('the counts are of the whole workspace, whatever is asked for', async (t) => {
  const { counts } = await list({ search: 'nobody' });
  t.strictSame(counts, { waiting: 8, active: 2, expired: 0, declined: 0, revoked: 1, removed: 1 });
  t.strictSame((await usersTab.list(core.newId(), { sort: 'name', limit: 1 })).counts, {
    waiting: 0,
    active: 0,
    expired: 0,
    declined: 0,
    revoked: 0,
    removed: 0,
  });
});

t.test('pages in every order lose and double nobody', async (t) => {
  for (const sort of USER_SORTS) {
    const whole = await emails({ sort });
    for (const limit of [1, 3]) {
      const paged: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await list({ sort, limit, ...(cursor === undefined ? {} : { cursor }) });
        paged.push(...page.rows.map(({ email }) => email));
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      t.strictSame(paged, whole, `${sort} by ${limit}`);
    }
    t.equal(whole.length, 10);
  }
});

t.test('a minus turns the order round; those without a name are sorted by their address', async (t) => {
  for (const sort of ['name', 'email', 'invitedAt'] as const) {
    t.strictSame(await emails({ sort: `-${sort}` as UserSort }), (await emails({ sort })).reverse());
  }
  t.strictSame((await emails({ sort: 'name' })).slice(0, 4), [
    'ada@example.org',
    'backslash@example.com',
    'jose@example.com',
    'nameless@example.org',
  ]);
});

t.test('a cursor that no page of this list gave is refused', async (t) => {
  const { nextCursor } = await list({ sort: 'name', limit: 1 });
  if (!nextCursor) throw new Error('there is a second page');
  const forged = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url');
  await t.rejects(list({ sort: 'email', cursor: nextCursor }), InvalidCursor);
  for (const cursor of [
    '',
    'nonsense',
    forged(),
    forged('email', 'a'),
    forged('email', 1, 'b'),
    forged('email', '\0', 'b'),
  ]) {
    await t.rejects(list({ sort: 'email', cursor }), { code: 'invalid-cursor' }, cursor);
  }
  for (const key of ['1', 'yesterday', '2030-13-01 00:00:00+00', '']) {
    await t.rejects(
      list({ sort: 'invitedAt', cursor: forged('invitedAt', key, 'b') }),
      { code: 'invalid-cursor' },
      key,
    );
  }
});

t.test('names of people are told by their ids', async (t) => {
  const unknown = core.newId();
  const nameless = invitee('nameless@example.org').userId;
  const names = await usersTab.names(workspaceId, [ownerId, nameless, unknown]);
  t.strictSame(
    names,
    new Map(
      [
        [ownerId, 'Olivia Owner'],
        [nameless, null],
      ].sort() as [string, string | null][],
    ),
  );
  t.strictSame(await usersTab.names(workspaceId, []), new Map());
});
