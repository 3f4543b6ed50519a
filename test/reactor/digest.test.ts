import t, { type Test } from 'tap';

import { namedMails } from '../../src/domain/membership/mail-reference.js';
import { membershipStream } from '../../src/domain/streams.js';
import { DigestEntries } from '../../src/reactor/digest-entries.js';
import { react } from '../../src/reactor/react.js';
import { type ReceivedMail, startReceivingServer } from '../mail/receiving-server.js';
import { contextOf, type Founded, linkOf, openTestCore } from '../support/core.js';
import { type MailingOptions, startMailing } from '../support/mailing.js';
import { until } from '../support/until.js';

const test = await openTestCore(t, { followers: true });
const { core, invitee } = test;
const { accounts, invitations, links, members, pool, store } = core;

let count = 0;

/** A mail server and a worker that mails to it, and a workspace of its own whose administrator Ada invites. */
async function mailing(t: Test, options: Partial<MailingOptions> = {}) {
  const server = await startReceivingServer();
  t.teardown(() => server.close());
  const worker = await startMailing(core, { smtpUrl: server.url, pauses: [1, 1], ...options });
  t.teardown(() => worker.stop());
  const founded = await test.foundWorkspace('owner@example.com', 'Acme http://example.org');
  const email = `ada${++count}@example.com`;
  const ada = await test.join(founded, email, 'administrator');
  await accounts.register(ada, { email, name: 'Ada' }, contextOf(ada));
  const mailsTo = (address: string) =>
    server.received.filter(({ to, raw }) => to.includes(address) && isOf(founded, raw));
  return { server, worker, ...founded, ada, toAda: () => mailsTo(email), toOwner: () => mailsTo('owner@example.com') };
}

/** The digests of a workspace, whichever worker sends them. */
const isOf = ({ workspaceId }: Founded, raw: string): boolean =>
  raw.replace(/\r\n\s+/g, ' ').includes(`${workspaceId}.digests.example.com>`);

const invite = async ({ workspaceId }: Founded, by: string, email: string, now?: string) =>
  linkOf(await invitations.invite(workspaceId, by, { ...invitee(email), name: 'N' }, contextOf(by, now)));

const accept = (link: ReturnType<typeof linkOf>, email: string) =>
  links.accept(link, 'A', contextOf(invitee(email).userId));

interface Row {
  readonly kind: string;
  readonly digest_id: string | null;
}

const entries = async ({ workspaceId }: Founded, inviterId: string): Promise<Row[]> => {
  const query =
    'select kind, digest_id from mail.digest_entries where workspace_id = $1 and inviter_id = $2 order by kind';
  return (await pool.query(query, [workspaceId, inviterId])).rows;
};

const noted = (founded: Founded, inviterId: string, count: number) =>
  until(async () => (await entries(founded, inviterId)).length === count, `${count} entries are noted`);

/** Waits until the reactor and the worker are done with what was written, but for what is for later. */
async function settled(): Promise<void> {
  await test.caughtUp();
  const query = `select 1 from graphile_worker._private_jobs where run_at <= now() limit 1`;
  await until(async () => (await pool.query(query)).rowCount === 0, 'nothing is due');
}

/** The hour is over. */
async function timePasses(): Promise<void> {
  await settled();
  await pool.query(`update graphile_worker._private_jobs set run_at = now() where key like 'gather-digest:%'`);
  await settled();
}

const textOf = (mail: ReceivedMail | undefined): string => mail?.parsed.text ?? '';

/** What one click in a mail program turns off. */
function turnedOffBy(mail: ReceivedMail | undefined) {
  const list = mail?.parsed.headers.get('list') as { unsubscribe?: { url: string } } | undefined;
  const { pathname, searchParams } = new URL(list?.unsubscribe?.url ?? '');
  const token = searchParams.get('token') ?? '';
  return { pathname, token, claims: core.unsubscribeTokens.read(token, new Date()) };
}

t.test('of fifty acceptances the inviter gets one mail', async (t) => {
  const { worker, toAda, ada, ...founded } = await mailing(t, { concurrency: 8 });
  const emails = Array.from({ length: 50 }, (_, index) => `p${index}@example.com`);
  await Promise.all(emails.map(async (email) => accept(await invite(founded, ada, email), email)));
  await noted(founded, ada, 50);
  const query = `select run_at from graphile_worker._private_jobs where key = $1`;
  const key = `gather-digest:${founded.workspaceId}:${ada}`;
  t.equal((await pool.query(query, [key])).rowCount, 1);
  await timePasses();
  await until(() => toAda().length > 0, 'it has come');
  t.equal(toAda().length, 1);
  const text = textOf(toAda()[0]);
  t.match(text, 'Accepted (50):');
  t.match(text, 'and 30 more');
  t.match(text, `https://invitations.example.com/workspaces/${founded.workspaceId}/users`);
  t.notMatch(text, 'example.org', 'a name holds no link');
  t.strictSame(await entries(founded, ada), [], 'nothing is kept');
  await until(() => worker.counts.get('mail digest sent') === 2, 'one to the owner, who had invited Ada');
  t.equal(worker.counts.get('attempted digest'), 2);
});

t.test('the hour begins with the first, and does not begin anew with each', async (t) => {
  const { ada, ...founded } = await mailing(t);
  const key = `gather-digest:${founded.workspaceId}:${ada}`;
  const dueAt = async () =>
    (await pool.query('select run_at from graphile_worker._private_jobs where key = $1', [key])).rows[0]?.run_at;
  await accept(await invite(founded, ada, 'one@example.com'), 'one@example.com');
  await noted(founded, ada, 1);
  const due = await dueAt();
  await accept(await invite(founded, ada, 'two@example.com'), 'two@example.com');
  await noted(founded, ada, 2);
  t.strictSame(await dueAt(), due);
  t.ok(Date.parse(due) > Date.now() + 50 * 60_000);
});

t.test('everything that became of invitations is told, as it is by then', async (t) => {
  const { server, toAda, ada, ...founded } = await mailing(t);
  const { workspaceId } = founded;
  const longAgo = '2020-01-01T12:00:00.000Z';
  await accept(await invite(founded, ada, 'yes@example.com'), 'yes@example.com');
  await links.decline(await invite(founded, ada, 'no@example.com'), contextOf(invitee('no@example.com').userId));
  await invite(founded, ada, 'late@example.com', longAgo);
  await settled();
  // Of the mail and not of the address: sent again, it goes out.
  server.refuse({ at: 'RCPT', reply: '550 5.7.1 Not wanted here' });
  await invite(founded, ada, 'wrong@example.com');
  const mended = await invite(founded, ada, 'mended@example.com');
  const gone = await invite(founded, ada, 'gone@example.com');
  await noted(founded, ada, 6);
  server.refuse(undefined);
  await invitations.resend(workspaceId, ada, mended.invitationId, contextOf(ada));
  await invitations.revoke(workspaceId, ada, gone.invitationId, contextOf(ada));
  await timePasses();
  await until(() => toAda().length > 0, 'it has come');
  const text = textOf(toAda()[0]);
  t.match(text, 'Accepted (1):\n- A, yes@example.com\n');
  t.match(text, 'Declined (1):\n- N, no@example.com\n');
  t.match(text, /Not delivered \(1\):\n- [^\n]*wrong@example\.com: [^\n]*Not wanted here\n/);
  t.match(text, /Expired \(1\):\n- [^\n]*late@example\.com\n/);
  t.notMatch(text, /mended|gone/, 'what was mended or withdrawn is no news');
  t.equal(toAda().length, 1);
});

t.test('whoever answers for the newest mail is told; nobody of themselves', async (t) => {
  const { toAda, toOwner, ada, ...founded } = await mailing(t);
  const { workspaceId, ownerId } = founded;
  const link = await invite(founded, ada, 'resent@example.com');
  const resent = await invitations.resend(workspaceId, ownerId, link.invitationId, contextOf(ownerId));
  await accept(linkOf(resent), 'resent@example.com');
  await noted(founded, ownerId, 2);
  t.strictSame((await entries(founded, ada)).length, 0);
  await timePasses();
  await until(() => toOwner().length > 0, 'it has come');
  t.strictSame([toOwner().length, toAda().length], [1, 0]);
  t.match(textOf(toOwner()[0]), 'resent@example.com');
  t.match(textOf(toOwner()[0]), `ada${count}@example.com`, 'whom the owner invited before');
});

t.test('who has turned it off is told nothing, whether before it is noted or before it is sent', async (t) => {
  const { toAda, ada, ...founded } = await mailing(t);
  const turn = (digests: boolean) => accounts.change(ada, { notifications: { digests } }, contextOf(ada));
  await turn(false);
  await accept(await invite(founded, ada, 'before@example.com'), 'before@example.com');
  await settled();
  t.strictSame(await entries(founded, ada), []);
  await turn(true);
  await accept(await invite(founded, ada, 'after@example.com'), 'after@example.com');
  await noted(founded, ada, 1);
  await turn(false);
  await timePasses();
  t.strictSame([await entries(founded, ada), toAda()], [[], []]);
});

t.test('who may not invite any more is told nothing', async (t) => {
  const { toAda, ada, ...founded } = await mailing(t);
  await accept(await invite(founded, ada, 'x@example.com'), 'x@example.com');
  await noted(founded, ada, 1);
  const { workspaceId, ownerId } = founded;
  await members.changePermission(workspaceId, ownerId, ada, 'developer', contextOf(ownerId));
  await timePasses();
  t.strictSame([await entries(founded, ada), toAda()], [[], []]);
});

t.test('it is in the language of its reader, and can be turned off by their mail program', async (t) => {
  const { toAda, ada, ...founded } = await mailing(t);
  await accounts.change(ada, { locale: 'pt-BR' }, contextOf(ada));
  await accept(await invite(founded, ada, 'z@example.com'), 'z@example.com');
  await noted(founded, ada, 1);
  await timePasses();
  await until(() => toAda().length > 0, 'it has come');
  const mail = toAda()[0];
  t.match(textOf(mail), 'Aceitaram (1):');
  const names = { attemptIds: [String(mail?.parsed.headers.get('x-attempt-id'))], messageId: mail?.parsed.messageId };
  const named = namedMails(names);
  t.match(named, [{ mail: { noticeTo: ada } }, { mail: { noticeTo: ada } }], 'a report on it finds whom it went to');
  t.ok(core.attemptProofs.isGenuine({ noticeTo: ada }, named[0]?.proof ?? ''));
  t.match(mail?.raw, /^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m);
  const { token, pathname, claims } = turnedOffBy(mail);
  t.equal(pathname, '/v1/notifications/unsubscribe');
  t.strictSame(claims, { userId: ada, kind: 'digests' });
  t.match(textOf(mail), `https://invitations.example.com/preferences#${token}`);
});

t.test('while the mail server is away it waits, and what happens meanwhile is told in the next one', async (t) => {
  const { server, worker, toAda, ada, ...founded } = await mailing(t, { pauses: [3_600_000] });
  await accept(await invite(founded, ada, 'early@example.com'), 'early@example.com');
  await noted(founded, ada, 1);
  await settled();
  server.refuse({ at: 'RCPT', reply: '451 4.3.0 Not now' });
  await timePasses();
  await until(() => worker.counts.get('mail digest deferred'), 'it is deferred');
  server.refuse(undefined);
  await accept(await invite(founded, ada, 'meanwhile@example.com'), 'meanwhile@example.com');
  await noted(founded, ada, 2);
  await settled();
  await pool.query(`update graphile_worker._private_jobs set run_at = now() where key like 'send-digest:%'`);
  await until(() => toAda().length === 1, 'the first has come');
  t.match(textOf(toAda()[0]), 'early@example.com');
  t.notMatch(textOf(toAda()[0]), 'meanwhile@example.com');
  await timePasses();
  await until(() => toAda().length === 2, 'the next has come');
  t.match(textOf(toAda()[1]), 'meanwhile@example.com');
  t.notMatch(textOf(toAda()[1]), 'early@example.com');
  t.not(toAda()[0]?.parsed.messageId, toAda()[1]?.parsed.messageId);
});

t.test('a crash after the server has taken it sends the same mail again, and no other', async (t) => {
  const { worker, toAda, ada, ...founded } = await mailing(t);
  const { workspaceId } = founded;
  await accept(await invite(founded, ada, 'crash@example.com'), 'crash@example.com');
  await noted(founded, ada, 1);
  await settled();
  // Gathered by hand, so that the job can run as often as it does when a process ends between the 250 and the end of the job.
  const job = { workspaceId, inviterId: ada, digestId: '0d7f4d0a-5c1e-4f5e-9a8e-1f2e3d4c5b6a' };
  const gathered =
    'update mail.digest_entries set digest_id = $1 where workspace_id = $2 and inviter_id = $3 returning *';
  const { rows } = await pool.query(gathered, [job.digestId, workspaceId, ada]);
  await worker.tasks['send-digest'](job);
  t.strictSame(await entries(founded, ada), []);
  const again =
    'insert into mail.digest_entries (event_id, workspace_id, inviter_id, user_id, kind, at, digest_id) values ($1, $2, $3, $4, $5, $6, $7)';
  const { event_id, user_id, kind, at } = rows[0];
  await pool.query(again, [event_id, workspaceId, ada, user_id, kind, at, job.digestId]);
  await worker.tasks['send-digest'](job);
  const [first, second] = toAda();
  const withoutToken = (mail: ReceivedMail | undefined) => textOf(mail).replaceAll(/#\S+/g, '');
  t.equal(second?.parsed.messageId, first?.parsed.messageId);
  t.equal(withoutToken(second), withoutToken(first));
  await worker.tasks['send-digest'](job);
  t.equal(toAda().length, 2, 'once it is over there is nothing to send');
});

t.test('an event that is told again is one entry, and no old event is told', async (t) => {
  const { worker, ada, ...founded } = await mailing(t);
  const { workspaceId } = founded;
  const link = await invite(founded, ada, 'twice@example.com');
  await accept(link, 'twice@example.com');
  await noted(founded, ada, 1);
  const { userId } = invitee('twice@example.com');
  const { events } = await store.readStream(membershipStream({ workspaceId, userId }));
  const jobs = events.flatMap(react).filter(({ name }) => name === 'note-result');
  for (const { payload } of [...jobs, ...jobs]) await worker.tasks['note-result'](payload as never);
  t.equal((await entries(founded, ada)).length, 1);
});

t.test('many who ask for new links make one mail at once, and one with the others', async (t) => {
  const { server, toAda, worker, ada, ...founded } = await mailing(t);
  const longAgo = '2020-01-01T12:00:00.000Z';
  const asked: Awaited<ReturnType<typeof invite>>[] = [];
  for (let index = 0; index < 5; index++) asked.push(await invite(founded, ada, `ask${index}@example.com`, longAgo));
  await settled();
  await timePasses();
  const before = toAda().length;
  const ask = (index: number) => {
    const link = asked[index] as (typeof asked)[number];
    return links.requestRenewal(link, contextOf(invitee(`ask${index}@example.com`).userId));
  };
  await ask(0);
  await until(() => worker.counts.get('mail renewal-request sent') === 1, 'the first is told at once');
  await Promise.all([1, 2, 3, 4].map(ask));
  await noted(founded, ada, 4);
  await invitations.resend(founded.workspaceId, ada, asked[4]?.invitationId ?? '', contextOf(ada));
  await timePasses();
  await until(() => toAda().length > before, 'they have come');
  const alone = server.received.filter(({ parsed }) => parsed.subject?.includes('asks for a new link'));
  t.strictSame([alone.length, toAda().length], [1, before + 1]);
  const text = textOf(toAda().at(-1));
  t.match(text, 'Ask for a new link (3):\n');
  t.notMatch(text, /ask[04]@/, 'who was told of before, and who has a new link');
  t.equal(turnedOffBy(toAda().at(-1)).claims.kind, 'renewalRequests');
});

t.test('a day later the next request is mailed by itself again', async (t) => {
  const { ada, workspaceId } = await mailing(t);
  const digestEntries = new DigestEntries(core.db, 3_600);
  const [first, second] = ['1e9b0d7e-43a5-4b7a-a1f1-6f2f5c6b7a80', '2e9b0d7e-43a5-4b7a-a1f1-6f2f5c6b7a80'] as const;
  const claim = (eventId: string) => digestEntries.claimRenewalMail(workspaceId, ada, eventId);
  t.equal(await claim(first), true);
  t.equal(await claim(second), false);
  t.equal(await claim(first), true, 'the same request is the same mail');
  await digestEntries.purge();
  t.equal(await claim(second), false);
  await pool.query(`update mail.renewal_mails set at = at - interval '1 day' where workspace_id = $1`, [workspaceId]);
  t.equal(await claim(second), true);
  t.equal(await claim(first), false);
  await pool.query(`update mail.renewal_mails set at = at - interval '1 day' where workspace_id = $1`, [workspaceId]);
  await digestEntries.purge();
  t.equal((await pool.query('select 1 from mail.renewal_mails where workspace_id = $1', [workspaceId])).rowCount, 0);
});
