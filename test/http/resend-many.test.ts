import t from 'tap';

import { membershipStream } from '../../src/domain/streams.js';
import { contextOf, linkOf } from '../support/core.js';
import { anyMail } from '../support/mail-content.js';
import { openTestApi } from './support/api.js';

const api = await openTestApi(t);
const { call, core } = api;
const owner = await api.signIn('owner@example.com', 'Olivia Owner');

const resend = (workspaceId: string, body: object, headers: Record<string, string> = {}, as = owner) =>
  call(`POST /v1/workspaces/${workspaceId}/invitations/resend`, { as, body, headers });

const issueOf = async (workspaceId: string, email: string) =>
  (await api.eventTypes(membershipStream({ workspaceId, userId: api.person(email) }))).filter(
    (type) => type === 'UserInvited' || type === 'InvitationResent',
  ).length;

t.test('invitations are sent again by their ids, each with its outcome', async (t) => {
  const workspaceId = await api.createWorkspace(owner);
  const one = await api.invite(owner, workspaceId, 'one@example.com');
  const two = await api.invite(owner, workspaceId, 'two@example.com');
  await call(`DELETE /v1/workspaces/${workspaceId}/invitations/${two.invitation.id}`, { as: owner });
  const nobody = `${workspaceId}.${api.person('nobody@example.com')}.1`;
  const invitationIds = [one.invitation.id, two.invitation.id, nobody, one.invitation.id];
  const { status, headers, body } = await resend(workspaceId, { invitationIds });
  t.equal(status, 202);
  t.strictSame(body, {
    results: [
      { invitationId: one.invitation.id, outcome: 'resent' },
      {
        invitationId: two.invitation.id,
        outcome: 'refused',
        problem: {
          code: 'invitation-not-open',
          detail: 'Only an invitation that waits or has expired can be sent again; this one is revoked.',
        },
      },
      {
        invitationId: nobody,
        outcome: 'refused',
        problem: { code: 'invitation-not-found', detail: 'There is no such invitation in this workspace.' },
      },
    ],
    summary: { resent: 1, refused: 2, unavailable: 0 },
  });
  t.equal(headers['event-position'], await core.store.head());
  t.equal(await issueOf(workspaceId, 'one@example.com'), 2, 'named twice, sent once');
});

t.test('all invitations of a status are sent again', async (t) => {
  const workspaceId = await api.createWorkspace(owner);
  const recipients = Array.from({ length: 230 }, (_, index) => `p${index}@example.com`).join('\n');
  await call(`POST /v1/workspaces/${workspaceId}/invitations/batch`, { as: owner, body: { recipients } });
  await api.join(owner, workspaceId, 'active@example.com');
  const position = { 'min-event-position': await core.store.head() };
  const { body } = await resend(workspaceId, { status: 'waiting' }, position);
  t.strictSame(body.summary, { resent: 230, refused: 0, unavailable: 0 });
  t.equal(await issueOf(workspaceId, 'p229@example.com'), 2);
  t.strictSame((await resend(workspaceId, { status: 'expired' }, position)).body.results, []);
});

t.test('the same request, sent again with its key, sends no mail twice', async (t) => {
  const workspaceId = await api.createWorkspace(owner);
  const { invitation } = await api.invite(owner, workspaceId, 'keyed@example.com');
  const body = { invitationIds: [invitation.id] };
  const first = await resend(workspaceId, body, { 'idempotency-key': 'resend' });
  const second = await resend(workspaceId, body, { 'idempotency-key': 'resend' });
  t.equal(second.text, first.text);
  t.equal(await issueOf(workspaceId, 'keyed@example.com'), 2);
});

t.test('it is either ids, a filter or a status, and a bounded number', async (t) => {
  const workspaceId = await api.createWorkspace(owner);
  const id = `${workspaceId}.${owner.id}.1`;
  t.equal((await resend(workspaceId, {})).body.code, 'invalid-request');
  t.equal((await resend(workspaceId, { invitationIds: [id], status: 'waiting' })).body.code, 'invalid-request');
  t.equal((await resend(workspaceId, { invitationIds: [] })).body.code, 'invalid-request');
  t.equal((await resend(workspaceId, { status: 'revoked' })).body.code, 'invalid-request');
  const many = Array.from({ length: 1_001 }, (_, index) => `${workspaceId}.${owner.id}.${index + 1}`);
  t.equal((await resend(workspaceId, { invitationIds: many })).body.code, 'invalid-request');

  t.equal((await resend(workspaceId, { filter: {} })).body.code, 'invalid-request');
  t.equal((await resend(workspaceId, { filter: { status: ['active'] } })).body.code, 'invalid-request');
  t.equal((await resend(workspaceId, { filter: { invitedBefore: 'soon' } })).body.code, 'invalid-request');
  t.equal((await resend(workspaceId, { status: 'waiting', filter: { delivery: ['failed'] } })).status, 400);
  t.equal((await resend(workspaceId, { status: 'waiting', limit: 1_001 })).body.code, 'invalid-request');
  t.equal((await resend(workspaceId, { invitationIds: [id], limit: 1 })).body.code, 'invalid-request');
  t.equal((await resend(workspaceId, { status: 'waiting', cursor: 'x' })).body.code, 'invalid-cursor');
});

t.test('only the owner and administrators send again', async (t) => {
  const workspaceId = await api.createWorkspace(owner);
  const developer = await api.join(owner, workspaceId, 'dev@example.com');
  const refused = await resend(workspaceId, { status: 'waiting' }, {}, developer);
  t.strictSame([refused.status, refused.body.code], [403, 'not-allowed']);
});

/** A workspace that has invited people at different times, whose mails had different fates. */
async function crowd() {
  const workspaceId = await api.createWorkspace(owner);
  const invited = async (name: string, days: number, reply?: string) => {
    const then = contextOf(owner.id, new Date(Date.now() - days * 86_400_000).toISOString());
    const invitee = { ...api.invitee(`${name}@example.com`), lifetimeSeconds: 30 * 86_400 };
    const link = linkOf(await core.invitations.invite(workspaceId, owner.id, invitee, then));
    if (reply === undefined) return;
    const outcome = reply.startsWith('5') ? 'failed' : 'sent';
    await core.emails.begin(link, `<${name}@example.com>`, anyMail, contextOf(owner.id));
    await core.emails.record({ ...link, attempt: 1, outcome, reply }, contextOf(owner.id));
  };
  await invited('old-failed', 20, '550 no such mailbox');
  await invited('old-sent', 10, '250 ok');
  await invited('new-failed', 2, '550 no such mailbox');
  await invited('new-sent', 1, '250 ok');
  await invited('expired', 40);
  const link = { invitationId: `${workspaceId}.${api.person('expired@example.com')}.1`, issue: 1 };
  await core.emails.expire(link, contextOf(owner.id));
  return { workspaceId, position: { 'min-event-position': await core.store.head() } };
}

// biome-ignore lint/suspicious/noExplicitAny: an answer
const whom = ({ results }: any, workspaceId: string) =>
  results.map(({ invitationId, outcome }: { invitationId: string; outcome: string }) => {
    const names = ['old-failed', 'old-sent', 'new-failed', 'new-sent', 'expired'];
    const name = names.find((each) => invitationId === `${workspaceId}.${api.person(`${each}@example.com`)}.1`);
    return `${name} ${outcome}`;
  });

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();

for (const [what, filter, found] of [
  ['waiting for more than a week', { status: ['waiting'], invitedBefore: daysAgo(7) }, ['old-failed', 'old-sent']],
  ['of which the mail failed', { delivery: ['failed'] }, ['old-failed', 'new-failed']],
  [
    'of which the mail failed or never went out, made more than five days ago',
    { delivery: ['failed', 'queued'], invitedBefore: daysAgo(5) },
    ['expired', 'old-failed'],
  ],
  ['expired or waiting', { status: ['expired', 'waiting'], invitedBefore: daysAgo(30) }, ['expired']],
] as const) {
  t.test(`all are sent again that are ${what}`, async (t) => {
    const { workspaceId, position } = await crowd();
    const { status, body } = await resend(workspaceId, { filter }, position);
    t.equal(status, 202);
    t.strictSame(
      whom(body, workspaceId),
      found.map((name) => `${name} resent`),
    );
    t.equal(body.nextCursor, undefined);
  });
}

t.test('what a filter finds is sent again page by page, each once, and a page again by its key', async (t) => {
  const { workspaceId, position } = await crowd();
  const filter = { status: ['waiting'] };
  const page = (key: string, cursor?: string) =>
    resend(workspaceId, { filter, limit: 3, ...(cursor ? { cursor } : {}) }, { ...position, 'idempotency-key': key });
  const first = await page('page-1');
  t.strictSame(whom(first.body, workspaceId), ['old-failed resent', 'old-sent resent', 'new-failed resent']);
  t.equal((await page('page-1')).text, first.text);
  const second = await page('page-2', first.body.nextCursor);
  t.strictSame(whom(second.body, workspaceId), ['new-sent resent']);
  t.equal(second.body.nextCursor, undefined);
  for (const name of ['old-failed', 'old-sent', 'new-failed', 'new-sent']) {
    t.equal(await issueOf(workspaceId, `${name}@example.com`), 2, name);
  }
});
