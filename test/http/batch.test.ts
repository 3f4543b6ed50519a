import t from 'tap';

import { membershipStream } from '../../src/domain/streams.js';
import { openTestApi } from './support/api.js';

const api = await openTestApi(t);
const { call, core } = api;
const owner = await api.signIn('owner@example.com', 'Olivia Owner');
const workspaceId = await api.createWorkspace(owner);
const batch = (body: object, headers: Record<string, string> = {}) =>
  call(`POST /v1/workspaces/${workspaceId}/invitations/batch`, { as: owner, body, headers });

t.test('each line of pasted text has its outcome, in order', async (t) => {
  await api.invite(owner, workspaceId, 'known@example.com');
  const { status, headers, body } = await batch({
    recipients: 'new@example.com; KNOWN@example.com\n"Zoe Zed" <zoe@example.com>\n@example.com\nNew@Example.com',
    role: 'administrator',
  });
  t.equal(status, 200);
  const id = api.person;
  t.strictSame(body.results, [
    {
      line: 1,
      input: 'new@example.com',
      email: 'new@example.com',
      outcome: 'invited',
      userId: id('new@example.com'),
      invitationId: `${workspaceId}.${id('new@example.com')}.1`,
    },
    {
      line: 1,
      input: 'KNOWN@example.com',
      email: 'KNOWN@example.com',
      outcome: 'already-invited',
      userId: id('known@example.com'),
      invitationId: `${workspaceId}.${id('known@example.com')}.1`,
      problem: { code: 'already-invited', detail: 'This person has an open invitation. Resend it instead.' },
    },
    {
      line: 2,
      input: '"Zoe Zed" <zoe@example.com>',
      email: 'zoe@example.com',
      outcome: 'invited',
      userId: id('zoe@example.com'),
      invitationId: `${workspaceId}.${id('zoe@example.com')}.1`,
    },
    {
      line: 3,
      input: '@example.com',
      outcome: 'invalid-address',
      problem: {
        code: 'invalid-address',
        fault: 'nothing-before-at',
        detail: 'Nothing stands before the @. Write the whole address, like name@example.com.',
      },
    },
    {
      line: 4,
      input: 'New@Example.com',
      email: 'New@example.com',
      outcome: 'duplicate',
      userId: id('new@example.com'),
      problem: { code: 'duplicate', detail: 'The same address stands in line 1.' },
    },
  ]);
  t.equal(headers['event-position'], await core.store.head());
});

t.test('a list says of everybody what holds for them, and else what holds for all', async (t) => {
  const { body } = await batch({
    recipients: [
      { email: 'one@example.com' },
      { email: 'Two <two@example.com>', role: 'developer', name: 'Second', locale: 'en', message: 'Hi' },
      { email: 'no address' },
    ],
    role: 'administrator',
    locale: 'es',
  });
  t.strictSame(
    body.results.map(({ line, outcome }: { line: number; outcome: string }) => [line, outcome]),
    [
      [1, 'invited'],
      [2, 'invited'],
      [3, 'invalid-address'],
    ],
  );
  const invited = async (email: string) => {
    const { events } = await core.store.readStream(membershipStream({ workspaceId, userId: api.person(email) }));
    const { role, name, locale, message } = events[0]?.data ?? {};
    return [role, name, locale, message];
  };
  t.strictSame(await invited('one@example.com'), ['administrator', undefined, 'es', undefined]);
  t.strictSame(await invited('two@example.com'), ['developer', 'Second', 'en', 'Hi']);
});

t.test('a list that is not as it should be is refused as a whole, place by place', async (t) => {
  const { status, body } = await batch({
    recipients: [{ email: 'a@example.com', role: 'owner' }, { mail: 'b@example.com' }],
  });
  t.equal(status, 400);
  t.strictSame(body.errors.map(({ pointer }: { pointer: string }) => pointer).sort(), [
    '#/recipients/0/role',
    '#/recipients/1/email',
    '#/recipients/1/mail',
  ]);
  t.match((await batch({ recipients: 5 })).body.errors, [{ pointer: '#/recipients' }]);
});

t.test('up to 5,000 people are invited at once, and no more', async (t) => {
  const many = Array.from({ length: 5_001 }, (_, index) => `person${index}@many.example.com`);
  const started = performance.now();
  const { status, body } = await batch({ recipients: many.slice(1).join('\n') });
  t.comment(`5,000 pasted addresses took ${Math.round(performance.now() - started)} ms`);
  t.strictSame([status, body.summary.invited, body.results.length], [200, 5_000, 5_000]);
  const refused = await batch({ recipients: many.join(',') });
  t.strictSame([refused.status, refused.body.code], [400, 'too-many-recipients']);
  const listed = await batch({ recipients: many.map((email) => ({ email })) });
  t.strictSame([listed.status, listed.body.code], [400, 'invalid-request']);
});

t.test('who may not invite, invites nobody', async (t) => {
  const developer = await api.join(owner, workspaceId, 'dev@example.com');
  const { status, body } = await call(`POST /v1/workspaces/${workspaceId}/invitations/batch`, {
    as: developer,
    body: { recipients: 'a@example.com' },
  });
  t.strictSame([status, body.code], [403, 'not-allowed']);
});
