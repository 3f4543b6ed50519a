import t, { type Test } from 'tap';

import { address } from '../../src/domain/address/address.js';
import { addressStream } from '../../src/domain/streams.js';
import { type ReceivingServer, startReceivingServer } from '../mail/receiving-server.js';
import { contextOf, type Founded, linkOf, openTestCore } from '../support/core.js';
import { type Mailing, type MailingOptions, startMailing } from '../support/mailing.js';
import { until } from '../support/until.js';

const test = await openTestCore(t, { followers: true });
const { core } = test;
const { invitations, links, pool } = core;
/** A mail server, and a worker that mails to it. */
async function mailing(t: Test, options: Partial<MailingOptions> = {}, through = core) {
  const server = await startReceivingServer();
  t.teardown(() => server.close());
  const worker = await startMailing(through, { smtpUrl: server.url, pauses: [1, 1], ...options });
  t.teardown(() => worker.stop());
  return { server, worker };
}

/** Inês asks for a new link in place of one that expired long ago, each time in another workspace. */
async function askFor(email: string, { times = 1, by = undefined as Founded | undefined } = {}) {
  const ines = { ...test.invitee(email), name: 'Inês http://example.org' };
  const { workspaceId, ownerId } = by ?? (await test.foundWorkspace());
  const then = contextOf(ownerId, '2020-01-01T12:00:00.000Z');
  const link = linkOf(await invitations.invite(workspaceId, ownerId, ines, then));
  for (let i = 0; i < times; i++) await links.requestRenewal(link, contextOf(ines.userId));
  await test.caughtUp();
  return { workspaceId, link };
}

const mailsAbout = ({ received }: ReceivingServer, email: string) =>
  received.map(({ to, parsed }) => ({ to, parsed })).filter(({ parsed }) => parsed.subject?.includes(email));

const counted = ({ counts }: Mailing) =>
  Object.fromEntries([...counts].filter(([what]) => what.includes('renewal-request')));

/** The payloads of what waits to be told. */
async function waiting() {
  const query = `select payload from graphile_worker._private_jobs where key like 'send-renewal-request:%'`;
  return (await pool.query(query)).rows.map(({ payload }) => payload);
}

const nothingWaits = () => until(async () => (await waiting()).length === 0, 'no job is left');

t.test('the inviter is mailed once, however often a new link is asked for', async (t) => {
  const { server, worker } = await mailing(t);
  const { workspaceId } = await askFor('ines@example.com', { times: 3 });
  await until(() => worker.counts.get('mail renewal-request sent'), 'the inviter is mailed');
  await nothingWaits();
  const [mail, ...others] = mailsAbout(server, 'ines@example.com');
  t.strictSame(others, []);
  t.strictSame(counted(worker), { 'attempted renewal-request': 1, 'mail renewal-request sent': 1 });
  t.strictSame(mail?.to, ['owner@example.com']);
  t.equal(mail?.parsed.subject, 'ines@example.com asks for a new link to Acme');
  const text = mail?.parsed.text ?? '';
  t.match(text, `https://invitations.example.com/workspaces/${workspaceId}/users?search=ines%40example.com`);
  t.notMatch(text, 'example.org', 'a name holds no link');
});

t.test('while the mail server takes none it is tried again, and a repetition is the same mail', async (t) => {
  const { server, worker } = await mailing(t);
  server.refuse({ at: 'RCPT', reply: '450 4.2.1 Come back later' });
  await askFor('ida@example.com');
  await until(() => (worker.counts.get('mail renewal-request deferred') ?? 0) >= 2, 'it is deferred');
  const [job] = await until(async () => {
    const jobs = await waiting();
    return jobs.length > 0 && jobs[0].tried && jobs;
  }, 'it waits');
  server.refuse(undefined);
  await until(() => worker.counts.get('mail renewal-request sent'), 'it is sent');
  await nothingWaits();
  t.ok(job.tried.times >= 1);
  const { tried: _tried, ...again } = job;
  await worker.tasks['send-renewal-request'](again);
  const ids = mailsAbout(server, 'ida@example.com').map(({ parsed }) => parsed.messageId);
  t.strictSame([ids.length, new Set(ids).size], [2, 1]);
});

t.test('a refusal for good is the end of it', async (t) => {
  const { server, worker } = await mailing(t);
  server.refuse({ at: 'RCPT', reply: '550 5.1.1 No such person' });
  await askFor('ivo@example.com');
  await until(() => worker.counts.get('mail renewal-request failed'), 'it has failed');
  await nothingWaits();
  t.strictSame(counted(worker), { 'attempted renewal-request': 1, 'mail renewal-request failed': 1 });
});

t.test('a server that is gone is left alone, and the inviter is mailed once when it is back', async (t) => {
  const { server, worker } = await mailing(t, { circuit: { failures: 1, pause: 200, longestPause: 200 } });
  const { port } = server;
  await server.close();
  await askFor('iris@example.com');
  await until(() => (worker.counts.get('put off renewal-request circuit') ?? 0) >= 2, 'it is put off');
  t.ok(
    (worker.counts.get('attempted renewal-request') ?? 0) <=
      (worker.counts.get('put off renewal-request circuit') ?? 0),
  );
  const back = await startReceivingServer({}, port);
  t.teardown(() => back.close());
  await until(() => worker.counts.get('mail renewal-request sent'), 'it is sent');
  await nothingWaits();
  t.equal(mailsAbout(back, 'iris@example.com').length, 1);
});

t.test('after a day of deferrals it is given up, with the mail server there or not', async (t) => {
  const { server, worker } = await mailing(t, { pauses: [3_600_000] });
  server.refuse({ at: 'RCPT', reply: '450 4.2.1 Come back later' });
  await askFor('isa@example.com');
  await until(() => worker.counts.get('mail renewal-request deferred'), 'it is deferred');
  const [job] = await until(async () => {
    const jobs = await waiting();
    return jobs.length === 1 && jobs[0].tried && jobs;
  }, 'it waits');
  const dayLater = { ...core, now: () => new Date(Date.parse(job.tried.since) + 24 * 3_600_000) };
  const there = await mailing(t, {}, dayLater);
  there.server.refuse({ at: 'RCPT', reply: '450 4.2.1 Come back later' });
  await there.worker.tasks['send-renewal-request'](job);
  t.strictSame(counted(there.worker), { 'attempted renewal-request': 1, 'mail renewal-request failed': 1 });
  const gone = await mailing(t, { circuit: { failures: 1, pause: 3_600_000 } }, dayLater);
  gone.worker.mailer.circuit.unusable();
  await gone.worker.tasks['send-renewal-request'](job);
  t.strictSame(counted(gone.worker), { 'mail renewal-request failed': 1 });
  t.equal((await waiting()).length, 1, 'what was given up is not put into the queue again');
  await pool.query(`delete from graphile_worker._private_jobs where key like 'send-renewal-request:%'`);
});

t.test('it waits for its turn in the rate', async (t) => {
  const { worker } = await mailing(t, { rates: { perDomain: 0.001 } });
  await askFor('ilda@example.com');
  await askFor('ingo@example.com');
  await until(() => worker.counts.get('put off renewal-request rate'), 'one is put off');
  await until(() => worker.counts.get('mail renewal-request sent'), 'the other is sent');
  const [job] = await until(async () => {
    const jobs = await waiting();
    return jobs.length === 1 && jobs[0].slot && jobs;
  }, 'one waits');
  t.equal(job.slot.of, 'domain');
  await pool.query(`update graphile_worker._private_jobs set run_at = now() where key like 'send-renewal-request:%'`);
  await until(() => worker.counts.get('mail renewal-request sent') === 2, 'both are sent');
});

t.test('whose mails come back is not mailed', async (t) => {
  const { server, worker } = await mailing(t);
  const by = await test.foundWorkspace('gone@example.com', 'Elsewhere');
  const suppress = { type: 'SuppressAddress', reason: 'hard-bounce', reply: '550 5.1.1 No such person' } as const;
  await core.aggregates.execute(address, addressStream(by.ownerId), suppress, contextOf(by.ownerId));
  await askFor('ilse@example.com', { by });
  await until(() => worker.counts.get('mail renewal-request suppressed'), 'it is counted');
  await nothingWaits();
  t.strictSame(counted(worker), { 'mail renewal-request suppressed': 1 });
  t.strictSame(
    server.received.filter(({ to }) => to.includes('gone@example.com')),
    [],
  );
});
