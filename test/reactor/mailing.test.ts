import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { MailPace } from '../../src/database/mail-pace.js';
import { address } from '../../src/domain/address/address.js';
import { addressStream, membershipStream } from '../../src/domain/streams.js';
import type { BrandChanges } from '../../src/domain/workspace/brand.js';
import { createMailer } from '../../src/mail/mailer.js';
import { loadTemplates } from '../../src/mail/render.js';
import { DigestEntries } from '../../src/reactor/digest-entries.js';
import { enqueueNow } from '../../src/reactor/jobs.js';
import { createMails } from '../../src/reactor/mails.js';
import { createTasks } from '../../src/reactor/tasks.js';
import { Worker } from '../../src/reactor/worker.js';
import { startReceivingServer } from '../mail/receiving-server.js';
import { contextOf, linkOf, openTestCore } from '../support/core.js';
import { silent } from '../support/silent-logger.js';
import { until } from '../support/until.js';

const { core, foundWorkspace, invitee, person, eventTypes, caughtUp } = await openTestCore(t, { followers: true });
const {
  emails,
  corrections,
  renewalRequests,
  suppressions,
  workspaces,
  invitations,
  pool,
  liveness,
  digests,
  invitationTokens,
  signInTokens,
  unsubscribeTokens,
  attemptProofs,
  now,
} = core;
const { workspaceId, ownerId } = await foundWorkspace();

const server = await startReceivingServer();
t.teardown(() => server.close());
const mailer = createMailer({ smtpUrl: server.url, from: 'Invitations <invitations@example.com>', logger: silent });
t.teardown(() => mailer.close());
const templates = await loadTemplates(fileURLToPath(new URL('../../templates/compiled/', import.meta.url)));
const mails = createMails({
  mailer,
  templates,
  invitationTokens,
  signInTokens,
  unsubscribeTokens,
  attemptProofs,
  publicUrl: 'https://invitations.example.com',
  senderDomain: 'example.com',
  defaultLocale: 'en',
  logoHosts: ['logos.example.com'],
  now,
});
const observer = { mailAttempted: () => {}, mail: () => {}, mailPutOff: () => {} };
const { circuit } = mailer;
const pace = new MailPace(core.pool, {});
const putOff = async () => {};
const housekeeping = async () => {};
const tasks = createTasks({
  emails,
  corrections,
  renewalRequests,
  suppressions,
  digests,
  digestEntries: new DigestEntries(core.db, 3_600),
  workspaces,
  mails,
  now,
  logger: silent,
  observer,
  circuit,
  pace,
  putOff,
  pauses: [3_600_000],
  stopping: new AbortController().signal,
  housekeeping,
});
const cause = { causationId: 'test', correlationId: 'test' };

async function startWorker(): Promise<Worker> {
  const worker = new Worker({ pool, liveness, tasks, logger: silent, concurrency: 4 });
  await worker.start();
  return worker;
}

/** Invites somebody new and waits until the reactor has dealt with it. */
async function invite(name: string, options: { readonly locale?: string } = {}) {
  const person = { ...invitee(`${name}@example.com`), ...options };
  const link = linkOf(await invitations.invite(workspaceId, ownerId, person, contextOf(ownerId)));
  await caughtUp();
  return { link, stream: membershipStream({ workspaceId, userId: person.userId }), email: person.email };
}

const mailsTo = (email: string) => server.received.filter(({ to }) => to.includes(email)).map(({ parsed }) => parsed);

/** Makes time pass for jobs of which the key begins so. */
async function timePasses(keyStart: string): Promise<void> {
  await pool.query(`update graphile_worker._private_jobs set run_at = now() where starts_with(key, $1)`, [keyStart]);
}

const jobsLike = async (keyStart: string) => {
  const query = 'select key, run_at from graphile_worker.jobs where starts_with(key, $1) order by key';
  return (await pool.query<{ key: string; run_at: string }>(query, [keyStart])).rows;
};

const ends = (stream: string, type: string) =>
  until(async () => (await eventTypes(stream)).at(-1) === type, `the last event of ${stream} is ${type}`);

t.test('whoever is invited gets a mail with a link, and what the server said is in the log', async (t) => {
  const worker = await startWorker();
  t.teardown(() => worker.stop());
  const { stream, email, link } = await invite('first');
  await ends(stream, 'InvitationEmailSent');
  t.strictSame(await eventTypes(stream), ['UserInvited', 'InvitationEmailAttempted', 'InvitationEmailSent']);
  const { events } = await core.store.readStream(stream);
  t.match(events.at(-1)?.data['reply'], /^250 .*taken$/);
  const [mail, ...others] = mailsTo(email);
  t.strictSame(others, []);
  const token = /https:\/\/invitations\.example\.com\/accept#([\w.-]+)/.exec(mail?.text ?? '')?.[1] ?? '';
  t.strictSame(invitationTokens.read(token), link);
  t.equal(mail?.messageId, mails.messageIdOf(link));
  t.match(mail?.from, { value: [{ address: 'invitations@example.com', name: 'Invitations' }] });
  t.strictSame(mail?.replyTo?.value, [{ address: 'owner@example.com', name: 'Olivia Owner' }]);
  t.match(mail?.headers.get('list'), { id: { id: `${workspaceId}.invitations.example.com`, name: 'Acme' } });
  const attempt = { ...link, attempt: 1 };
  t.equal(mail?.headers.get('x-attempt-id'), `${link.invitationId}.1.1.${attemptProofs.prove(attempt)}`);
  t.match(events.at(-1)?.data, { code: 250, enhancedCode: '2.0.0' });
});

t.test('the log tells what a mail was made from, and enough of it to prove what was sent', async (t) => {
  const { link, stream, email } = await invite('proven', { locale: 'pt' });
  const worker = await startWorker();
  t.teardown(() => worker.stop());
  await ends(stream, 'InvitationEmailSent');
  const { events } = await core.store.readStream(stream);
  const content = events.find(({ type }) => type === 'InvitationEmailAttempted')?.data ?? {};
  t.match(content, {
    template: 'invitation',
    locale: 'pt-BR',
    templateVersion: templates.version('invitation', 'pt-BR'),
  });
  const [mail] = mailsTo(email);
  const token = /accept#([\w.-]+)/.exec(mail?.text ?? '')?.[1] ?? '';
  const [text = '', html = ''] = [mail?.text, String(mail?.html)].map((part) => part?.trimEnd().replaceAll(token, ''));
  t.equal(content['bodyHash'], createHash('sha256').update(`${text}\0${html}`).digest('hex'));
  t.notOk(JSON.stringify(events).includes(token), 'the token itself is nowhere in the log');
  t.equal(invitationTokens.read(token).invitationId, link.invitationId);
});

t.test('a mail has the brand of its workspace, without a logo on a host that is allowed no more', async (t) => {
  const worker = await startWorker();
  t.teardown(() => worker.stop());
  const branded = await foundWorkspace('brand-owner@example.com', 'Umbrella');
  const inviteTo = async (email: string) => {
    await invitations.invite(branded.workspaceId, branded.ownerId, invitee(email), contextOf(branded.ownerId));
    await until(() => mailsTo(email).length > 0, `${email} has a mail`);
    return mailsTo(email)[0]?.html || '';
  };
  const change = (changes: BrandChanges, ...hosts: string[]) =>
    workspaces.changeBrand(branded.workspaceId, branded.ownerId, changes, hosts, contextOf(branded.ownerId));

  await change({ logoUrl: 'https://logos.example.com/a.png', accentColour: '#0b6e4f' }, 'logos.example.com');
  const html = await inviteTo('with-logo@example.com');
  t.match(html, 'src="https://logos.example.com/a.png" alt="Umbrella"');
  t.match(html, 'bgcolor="#0b6e4f"');

  await change(
    { name: 'Umbrella at http://example.com/x', logoUrl: 'https://old.example.com/a.png' },
    'old.example.com',
  );
  const without = await inviteTo('without-logo@example.com');
  t.notMatch(without, '<img');
  t.match(without, '>Umbrella at</div>');
});

t.test('a mail deferred is tried again when its time has come; one refused for good is not', async (t) => {
  server.refuse({ at: 'RCPT', reply: '450 4.2.1 Come back later' });
  const worker = await startWorker();
  t.teardown(() => worker.stop());
  const { stream, email, link } = await invite('deferred');
  await ends(stream, 'InvitationEmailDeferred');
  const key = `send-invitation:${link.invitationId}:1:2`;
  const [job] = await until(async () => {
    const jobs = await jobsLike(key);
    return jobs.length > 0 && jobs;
  }, 'the next attempt is in the queue');
  const { events } = await core.store.readStream(stream);
  t.match(events.at(-1)?.data['reply'], /^450 4\.2\.1/);
  t.equal(job?.run_at, events.at(-1)?.data['nextAttemptAt']);
  t.strictSame(mailsTo(email), []);

  server.refuse(undefined);
  await timePasses(key);
  await ends(stream, 'InvitationEmailSent');
  t.strictSame(
    mailsTo(email).map(({ messageId }) => messageId),
    [mails.messageIdOf(link)],
  );

  server.refuse({ at: 'RCPT', reply: '550 5.1.1 No such person' });
  const refused = await invite('refused');
  await ends(refused.stream, 'InvitationEmailFailed');
  server.refuse(undefined);
  await caughtUp();
  t.strictSame(await jobsLike(`send-invitation:${refused.link.invitationId}`), []);
});

t.test('what is revoked before the worker comes to it is not mailed', async (t) => {
  const { stream, email, link } = await invite('revoked');
  await invitations.revoke(workspaceId, ownerId, link.invitationId, contextOf(ownerId));
  const worker = await startWorker();
  t.teardown(() => worker.stop());
  const key = `send-invitation:${link.invitationId}`;
  await until(async () => (await jobsLike(key)).length === 0, 'the job is done');
  t.strictSame(mailsTo(email), []);
  t.strictSame(await eventTypes(stream), ['UserInvited', 'InvitationRevoked']);
});

t.test('a worker that dies between the reply and the record sends a copy under the same Message-ID', async (t) => {
  const { stream, email, link } = await invite('copied');
  const begun = await emails.begin(
    link,
    mails.messageIdOf(link),
    async (email) => mails.composeInvitation(email),
    contextOf(ownerId),
  );
  if (!begun) throw new Error('there is a mail to send');
  await mails.invitation(begun);
  await tasks['send-invitation']({ ...link, attempt: 1, ...cause });
  const ids = mailsTo(email).map(({ messageId }) => messageId);
  t.strictSame(ids, [mails.messageIdOf(link), mails.messageIdOf(link)]);
  t.strictSame(await eventTypes(stream), ['UserInvited', 'InvitationEmailAttempted', 'InvitationEmailSent']);

  await tasks['send-invitation']({ ...link, attempt: 1, ...cause });
  t.equal(mailsTo(email).length, 2, 'what is recorded as sent is not sent again');
});

t.test('an invitation ends when its time is up, but not one that was sent again', async (t) => {
  const first = await invite('expiring');
  const { invitation } = (await invitations.resend(workspaceId, ownerId, first.link.invitationId, contextOf(ownerId)))
    .state;
  if (!invitation) throw new Error('there is an invitation');
  const expire = (issue: number) =>
    tasks['expire-invitation']({
      invitationId: invitation.id,
      issue,
      expiresAt: invitation.expiresAt,
      ...cause,
    });
  await expire(1);
  t.strictSame(await eventTypes(first.stream), ['UserInvited', 'InvitationResent']);
  await expire(2);
  await expire(2);
  t.strictSame(await eventTypes(first.stream), ['UserInvited', 'InvitationResent', 'InvitationExpired']);
});

t.test('the jobs of a worker that was killed are taken over', async (t) => {
  const { stream, link } = await invite('orphaned');
  await pool.query(
    `update graphile_worker._private_jobs set locked_by = 'killed-worker', locked_at = now() - interval '1 minute'
     where starts_with(key, $1)`,
    [`send-invitation:${link.invitationId}`],
  );
  const worker = await startWorker();
  t.teardown(() => worker.stop());
  await ends(stream, 'InvitationEmailSent');
});

t.test('a sign-in link is mailed, in the language asked for, and not once it has expired', async (t) => {
  const worker = await startWorker();
  t.teardown(() => worker.stop());
  const email = 'signing-in@example.com';
  const payload = { email, locale: 'es', tokenId: 'token-1', issuedAt: new Date().toISOString() };
  await enqueueNow(pool, { name: 'send-sign-in-link', payload, key: 'sign-in:token-1' });
  await until(() => mailsTo(email).length > 0, 'the mail has come');
  const token = /\/sign-in#([\w.-]+)/.exec(mailsTo(email)[0]?.text ?? '')?.[1] ?? '';
  t.match(signInTokens.read(token, new Date()), { id: 'token-1', email });

  const issuedAt = new Date(Date.now() - 11 * 60_000).toISOString();
  await tasks['send-sign-in-link']({ ...payload, tokenId: 'token-2', issuedAt });
  t.equal(mailsTo(email).length, 1);
  server.refuse({ at: 'RCPT', reply: '451 4.3.0 Busy' });
  t.teardown(async () => server.refuse(undefined));
  await t.rejects(tasks['send-sign-in-link']({ ...payload, tokenId: 'token-3' }), { message: /cannot take/ });
});

t.test('whoever complained of mails gets no sign-in link; whose mails came back does', async (t) => {
  const link = (name: string) => {
    const email = `${name}@example.com`;
    return { email, userId: person(email), locale: 'en', tokenId: name, issuedAt: new Date().toISOString() };
  };
  const suppress = (name: string, reason: 'complaint' | 'hard-bounce') =>
    core.aggregates.execute(
      address,
      addressStream(link(name).userId),
      { type: 'SuppressAddress', reason, reply: 'reported' },
      contextOf(ownerId),
    );
  await suppress('complained', 'complaint');
  await suppress('bounced', 'hard-bounce');
  await tasks['send-sign-in-link'](link('complained'));
  await tasks['send-sign-in-link'](link('bounced'));
  t.strictSame(
    ['complained', 'bounced'].map((name) => mailsTo(link(name).email).length),
    [0, 1],
  );
});

t.test('an address that mails came back from is mailed no more', async (t) => {
  const first = await invite('suppressed');
  const begun = await emails.begin(
    first.link,
    mails.messageIdOf(first.link),
    async (email) => mails.composeInvitation(email),
    contextOf(ownerId),
  );
  t.ok(begun);
  const { commandId: _ofReport, ...context } = contextOf(ownerId);
  const report = {
    id: 'r',
    reportedBy: 'dsn',
    isProven: true,
    kind: 'permanent',
    reply: '550 gone',
    mail: first.link,
  } as const;
  await core.deliveryReports.record(report, context);
  await invitations.resend(workspaceId, ownerId, first.link.invitationId, contextOf(ownerId));
  await caughtUp();
  const worker = await startWorker();
  t.teardown(() => worker.stop());
  await ends(first.stream, 'InvitationEmailSuppressed');
  t.strictSame(mailsTo(first.email), []);
});
