import t from 'tap';

import { attemptName } from '../../src/domain/membership/mail-reference.js';
import { addressStream, membershipStream } from '../../src/domain/streams.js';
import { Health } from '../../src/health.js';
import { enqueueNow, sendSignInLink } from '../../src/reactor/jobs.js';
import { startScriptedServer } from '../mail/scripted-server.js';
import { contextOf, openTestCore } from '../support/core.js';
import { deliveryTo } from '../support/delivery.js';
import { startMailing } from '../support/mailing.js';
import { until } from '../support/until.js';

const testCore = await openTestCore(t, { followers: true });
const { core, eventTypes, caughtUp } = testCore;
const { pool, store, usersTab } = core;
const founded = await testCore.foundWorkspace();
const { workspaceId, ownerId } = founded;
const { mailing, invite, jobsOf: allJobsOf, nothingLeft } = deliveryTo(testCore, founded);

const jobsOf = (invitationId: string) => allJobsOf(invitationId, 'send-invitation');

for (const { what, mood, deferral, copies } of [
  { what: 'a server that says 421 and closes', mood: 'is-busy', deferral: [421, '4.3.2'], copies: 1 },
  { what: 'greylisting', mood: 'greylists', deferral: [450, '4.7.1'], copies: 1 },
  { what: 'a connection dropped in the middle of the mail', mood: 'drops-in-data', deferral: [], copies: 1 },
  { what: 'a server that takes the mail and drops the connection', mood: 'takes-and-drops', deferral: [], copies: 2 },
  { what: 'a server that takes the mail and never says so', mood: 'takes-and-hangs', deferral: [], copies: 2 },
] as const) {
  t.test(`${what}: the mail is deferred and tried again, as the same mail`, async (t) => {
    const { server, worker } = await mailing(t, [mood, mood, 'takes'], {
      silence: mood === 'takes-and-hangs' ? 3_000 : 20_000,
    });
    const { link, email, told, userId } = await invite(`${mood}@example.com`);
    t.strictSame(await told('Sent'), [
      ['Attempted', 1],
      ['Deferred', 1, ...deferral],
      ['Attempted', 2],
      ['Deferred', 2, ...deferral],
      ['Attempted', 3],
      ['Sent', 3, 250, '2.0.0'],
    ]);
    await nothingLeft(t, link.invitationId, 'send-invitation');
    t.equal(server.tries(email), 3);
    const came = copies === 1 ? [3] : [1, 2, 3];
    t.strictSame(
      server.copies,
      came.map((attempt) => ({
        to: email,
        nth: attempt,
        messageId: worker.mails.messageIdOf(link),
        attemptId: attemptName({ ...link, attempt }, core.attemptProofs.prove({ ...link, attempt })),
      })),
    );
    t.strictSame(Object.fromEntries(worker.counts), {
      'attempted invitation': 3,
      'mail invitation deferred': 2,
      'mail invitation sent': 1,
    });
    t.match(await usersTab.get(workspaceId, userId), {
      delivery: 'sent',
      delivery_attempt: 3,
      delivery_code: 250,
      delivery_next_at: null,
    });
  });
}

t.test('what a server quotes of the sender is recorded without the proof in it', async (t) => {
  const server = await startScriptedServer({
    answers: {
      MAIL: (socket) => void socket.write(`550 5.1.8 ${server.commands.at(-1)}: sender address rejected\r\n`),
    },
  });
  t.teardown(() => server.close());
  const returnPath = 'b+{attempt}@example.com';
  const worker = await startMailing(core, { smtpUrl: server.url, returnPath, pauses: [3_600_000] });
  t.teardown(() => worker.stop());
  const { link, told, stream } = await invite('quoted@example.com');
  await told('Deferred');
  const { events } = await store.readStream(stream);
  const proof = core.attemptProofs.prove({ ...link, attempt: 1 }).slice(0, 7);
  t.ok(
    server.commands.some((command) => command.includes(proof)),
    'the server was told',
  );
  t.match(events.at(-1)?.data['reply'], /sender address rejected$/);
  t.notMatch(JSON.stringify(events), proof);
});

t.test('a server that refuses for good is not asked again', async (t) => {
  const { server, worker } = await mailing(t, ['refuses']);
  const { link, email, told, userId } = await invite('refuses@example.com');
  t.strictSame(await told('Failed'), [
    ['Attempted', 1],
    ['Failed', 1, 550, '5.1.1'],
  ]);
  await nothingLeft(t, link.invitationId, 'send-invitation');
  t.strictSame([server.tries(email), server.copies], [1, []]);
  t.strictSame(worker.counts.get('mail invitation failed'), 1);
  t.match(await usersTab.get(workspaceId, userId), { delivery: 'failed', delivery_code: 550 });

  const address = addressStream(userId);
  await until(async () => (await eventTypes(address)).length > 0, 'the address is sent no mails');
  const elsewhere = await testCore.foundWorkspace('other@example.com', 'Elsewhere');
  const other = await deliveryTo(testCore, elsewhere).invite(email);
  t.strictSame(await other.told('Suppressed'), [['Suppressed', 1]]);
  t.equal(server.tries(email), 1, 'nor for another workspace, which learns why');
  await core.suppressions.lift(workspaceId, ownerId, userId, 'it is there again', contextOf(ownerId));
  const [failed] = (await store.readStream(membershipStream({ workspaceId, userId }))).events.slice(-1);
  const again = { invitationId: link.invitationId, reply: 'again', enhancedCode: '5.1.1', correlationId: 'test' };
  await worker.tasks['suppress-address']({ ...again, causationId: failed?.id ?? '' });
  t.strictSame(
    await eventTypes(address),
    ['AddressSuppressed', 'SuppressionLifted'],
    'done over, the job changes nothing',
  );
});

t.test('a deferred mail says when it is tried next, and until when', async (t) => {
  await mailing(t, ['greylists'], { pauses: [3_600_000] });
  const { told, stream, userId, link } = await invite('patient@example.com');
  await told('Deferred');
  const { events } = await store.readStream(stream);
  const { nextAttemptAt, giveUpAt } = events.at(-1)?.data ?? {};
  const since = events.find(({ type }) => type === 'InvitationEmailAttempted')?.data['since'] as string;
  t.equal(Date.parse(String(giveUpAt)) - Date.parse(since), 24 * 3_600_000);
  await until(async () => {
    const jobs = await jobsOf(link.invitationId);
    return jobs.length === 1 && jobs[0]?.run_at === nextAttemptAt;
  }, 'only the next attempt is in the queue');
  await caughtUp();
  t.match(await usersTab.get(workspaceId, userId), { delivery: 'deferred', delivery_next_at: nextAttemptAt });
});

t.test('a server that is gone for a while is not hammered, and gets every mail once when it is back', async (t) => {
  const circuit = { failures: 3, pause: 300, longestPause: 300 };
  const { server, worker } = await mailing(t, ['takes'], { circuit, concurrency: 2 });
  const health = new Health(
    core,
    () => [],
    () => worker.mailer.circuit.standing,
  );
  t.strictSame((await health.ready()).checks['mail'], { ok: true });
  await server.leave();
  const people = [];
  for (let index = 0; index < 20; index++) people.push(await invite(`gone${index}@example.com`));
  await until(() => (worker.counts.get('put off invitation circuit') ?? 0) >= 30, 'mails were put off again and again');
  t.match(await health.ready(), { checks: { mail: { ok: true, detail: /cannot be used since .*: mails wait/ } } });
  const whileGone = await Promise.all(people.map(({ stream }) => eventTypes(stream)));
  const attempts = whileGone.flat().filter((type) => type === 'InvitationEmailAttempted').length;
  t.ok(attempts <= 10, `${attempts} attempts at a server that is gone`);
  t.ok(
    whileGone.some((types) => types.join() === 'UserInvited'),
    'others were put off without an event',
  );
  for (const { link } of people) {
    t.strictSame(
      (await jobsOf(link.invitationId)).map(({ attempts }) => attempts <= 1),
      [true],
      'each has one job, whose tries are not used up',
    );
  }

  await server.comeBack();
  for (const { told, link } of people) {
    const events = await told('Sent');
    t.ok(events.length <= 2 * 4);
    await nothingLeft(t, link.invitationId, 'send-invitation');
  }
  t.strictSame(server.copies.map(({ to }) => to).sort(), people.map(({ email }) => email).sort());
  t.notOk(worker.mailer.circuit.standing.isOpen);
});

t.test('a mail whose day is over while the server is gone has failed; one never tried waits', async (t) => {
  const circuit = { failures: 1, pause: 3_600_000 };
  const { server, worker } = await mailing(t, ['takes'], { circuit });
  await server.leave();
  const tried = await invite('tried@example.com');
  await tried.told('Deferred');
  await until(() => worker.mailer.circuit.standing.isOpen, 'the circuit is open');
  const waiting = await invite('waiting@example.com');
  await until(
    async () => Date.parse((await jobsOf(waiting.link.invitationId))[0]?.run_at ?? '') > Date.now(),
    'put off',
  );
  const cause = { causationId: 'test', correlationId: 'test' };
  const day = 24 * 3_600_000;
  const later = { ...core, now: () => new Date(Date.now() + day) };
  const dayLater = await startMailing(later, { smtpUrl: server.url, circuit });
  t.teardown(() => dayLater.stop());
  dayLater.mailer.circuit.unusable();
  const giveUpAt = new Date(Date.now() + day - 1).toISOString();
  await dayLater.tasks['send-invitation']({ ...tried.link, attempt: 2, giveUpAt, ...cause });
  await dayLater.tasks['send-invitation']({ ...waiting.link, attempt: 1, ...cause });
  t.strictSame(await tried.told('Failed'), [
    ['Attempted', 1],
    ['Deferred', 1],
    ['Failed', 1],
  ]);
  t.strictSame(await eventTypes(waiting.stream), ['UserInvited']);
});

t.test('mails over the rate wait in the queue, and hold up nobody else', async (t) => {
  const { server, worker } = await mailing(t, ['takes'], { rates: { perDomain: 0.001 }, concurrency: 2 });
  const slow = [];
  for (let index = 0; index < 6; index++) slow.push(await invite(`slow${index}@slow.example`));
  await until(() => worker.counts.get('put off invitation rate') === 5, 'all but one are put off');
  const other = await invite('quick@quick.example');
  t.strictSame(await other.told('Sent'), [
    ['Attempted', 1],
    ['Sent', 1, 250, '2.0.0'],
  ]);
  t.strictSame(server.copies.map(({ to }) => to.split('@')[1]).sort(), ['quick.example', 'slow.example']);
  const states = await Promise.all(slow.map(({ stream }) => eventTypes(stream)));
  t.equal(states.filter((types) => types.join() === 'UserInvited').length, 5, 'waiting is no attempt');

  await pool.query(`update graphile_worker._private_jobs set run_at = now() where payload -> 'slot' is not null`);
  for (const { told } of slow) await told('Sent');
  t.equal(server.copies.length, 7, 'a mail whose turn has come does not queue anew');
});

t.test('sign-in mails wait for the server, and not for the rate', async (t) => {
  const circuit = { failures: 1, pause: 200 };
  const { server, worker } = await mailing(t, ['takes'], { circuit, rates: { perSecond: 0.001 } });
  const signIn = (tokenId: string) =>
    enqueueNow(
      pool,
      sendSignInLink({ email: `${tokenId}@example.com`, locale: 'en', tokenId, issuedAt: new Date().toISOString() }),
    );
  await signIn('first');
  await signIn('second');
  await until(() => server.copies.length === 2, 'both have come');
  await server.leave();
  worker.mailer.circuit.unusable();
  await signIn('third');
  await until(() => worker.counts.get('put off sign-in circuit'), 'it is put off');
  await server.comeBack();
  await until(() => server.copies.length === 3, 'it has come');
});
