import t from 'tap';

import { attemptName } from '../../src/domain/membership/mail-reference.js';
import { contextOf, openTestCore } from '../support/core.js';
import { deliveryTo } from '../support/delivery.js';
import { MAIL_CONTENT } from '../support/mail-content.js';
import { startMailing } from '../support/mailing.js';
import { until } from '../support/until.js';

const testCore = await openTestCore(t, { followers: true });
const { core, eventTypes, caughtUp } = testCore;
const founded = await testCore.foundWorkspace();
const { workspaceId, ownerId } = founded;
const { pool, store, invitations, links, usersTab, workspaces } = core;
const { mailing, invite, jobsOf, nothingLeft } = deliveryTo(testCore, founded);

const mail = 'reminder';
const DAY = 24 * 3_600_000;
const cause = { causationId: 'test', correlationId: 'test' };

/** Lets three days go by for the reminder of an invitation. */
async function threeDaysPass(invitationId: string): Promise<void> {
  await caughtUp();
  await pool.query(
    `update graphile_worker._private_jobs set run_at = now(),
       payload = (payload::jsonb || jsonb_build_object('remindAt', now() - interval '1 second'))::json
     where starts_with(key, $1)`,
    [`send-reminder:${invitationId}`],
  );
  await pool.query(`select pg_notify('jobs:insert', '{"r":1,"count":1}')`);
}

/** Somebody whose invitation the mail server took three days ago. */
async function invitedThreeDaysAgo(email: string) {
  const person = await invite(email);
  await person.told('Sent');
  return person;
}

const reminders = (isOn: boolean) =>
  workspaces.change(workspaceId, ownerId, { reminders: { isOn } }, contextOf(ownerId));

t.test('whoever has not answered after three days is reminded once, and the users tab says so', async (t) => {
  const { server, worker } = await mailing(t, ['takes']);
  const { link, email, told, userId, stream } = await invitedThreeDaysAgo('silent@example.com');
  await caughtUp();
  const { remindAt, expiresAt } = (await store.readStream(stream)).events[0]?.data ?? {};
  t.equal(Date.parse(String(expiresAt)) - Date.parse(String(remindAt)), 4 * DAY);
  t.strictSame(
    (await jobsOf(link.invitationId, 'send-reminder')).map(({ run_at }) => run_at),
    [remindAt],
  );
  t.match(await usersTab.get(workspaceId, userId), { delivery: 'sent', delivery_mail: 'invitation' });

  await threeDaysPass(link.invitationId);
  t.strictSame(await told('Sent', 2), [
    ['Attempted', 1],
    ['Sent', 1, 250, '2.0.0'],
    ['Attempted', mail, 2],
    ['Sent', mail, 2, 250, '2.0.0'],
  ]);
  await nothingLeft(t, link.invitationId, 'send-reminder');
  const [invitation, reminder, ...others] = server.copies;
  t.strictSame(others, []);
  t.equal(invitation?.messageId, worker.mails.messageIdOf(link));
  t.equal(reminder?.messageId, worker.mails.messageIdOf({ ...link, mail }));
  t.not(reminder?.messageId, invitation?.messageId);
  const attempt = { ...link, attempt: 2 };
  t.strictSame([reminder?.to, reminder?.attemptId], [email, attemptName(attempt, core.attemptProofs.prove(attempt))]);
  t.match(await usersTab.get(workspaceId, userId), {
    status: 'waiting',
    delivery: 'sent',
    delivery_mail: 'reminder',
    delivery_attempt: 2,
  });
  t.match((await store.readStream(stream)).events.at(-2)?.data, { template: 'reminder', locale: 'en' });
  t.strictSame(Object.fromEntries(worker.counts), {
    'attempted invitation': 1,
    'mail invitation sent': 1,
    'attempted reminder': 1,
    'mail reminder sent': 1,
  });
});

for (const { mood, deferral, copies } of [
  { mood: 'is-busy', deferral: [421, '4.3.2'], copies: 1 },
  { mood: 'greylists', deferral: [450, '4.7.1'], copies: 1 },
  { mood: 'drops-in-data', deferral: [], copies: 1 },
  { mood: 'takes-and-drops', deferral: [], copies: 2 },
  { mood: 'takes-and-hangs', deferral: [], copies: 2 },
] as const) {
  t.test(`the mail server ${mood}: the reminder is tried again, as the same mail`, async (t) => {
    const { server, worker: before } = await mailing(t, ['takes', mood, 'takes']);
    const { link, email, told } = await invitedThreeDaysAgo(`${mood}@example.com`);
    // What a connection says that was used before may be that it is of no use any more: then the pool tries another by itself.
    await before.stop();
    const silence = mood === 'takes-and-hangs' ? 3_000 : 20_000;
    const worker = await startMailing(core, { smtpUrl: server.url, pauses: [1], silence });
    t.teardown(() => worker.stop());
    await threeDaysPass(link.invitationId);
    t.strictSame((await told('Sent', 3)).slice(2), [
      ['Attempted', mail, 2],
      ['Deferred', mail, 2, ...deferral],
      ['Attempted', mail, 3],
      ['Sent', mail, 3, 250, '2.0.0'],
    ]);
    await nothingLeft(t, link.invitationId, 'send-reminder');
    t.equal(server.tries(email), 3);
    t.strictSame(
      server.copies.slice(1).map(({ messageId }) => messageId),
      Array.from({ length: copies }, () => worker.mails.messageIdOf({ ...link, mail })),
    );
  });
}

t.test('a server that refuses the reminder for good is not asked again', async (t) => {
  const { server } = await mailing(t, ['takes', 'refuses']);
  const { link, email, told, userId } = await invitedThreeDaysAgo('refuses@example.com');
  await threeDaysPass(link.invitationId);
  t.strictSame((await told('Failed')).slice(2), [
    ['Attempted', mail, 2],
    ['Failed', mail, 2, 550, '5.1.1'],
  ]);
  await nothingLeft(t, link.invitationId, 'send-reminder');
  t.equal(server.tries(email), 2);
  t.match(await usersTab.get(workspaceId, userId), { delivery: 'failed', delivery_mail: 'reminder' });
});

t.test('a reminder waits while the server is gone, without an event', async (t) => {
  const circuit = { failures: 1, pause: 200, longestPause: 200 };
  const { server, worker } = await mailing(t, ['takes'], { circuit });
  const { link, told, stream } = await invitedThreeDaysAgo('gone@example.com');
  await server.leave();
  worker.mailer.circuit.unusable();
  await threeDaysPass(link.invitationId);
  await until(() => worker.counts.get('put off reminder circuit'), 'it is put off');
  t.equal((await eventTypes(stream)).length, 3);
  await server.comeBack();
  await told('Sent', 2);
  t.equal(server.copies.length, 2);
});

t.test('a deferred reminder whose day is over while the server is gone has failed', async (t) => {
  const circuit = { failures: 1, pause: 3_600_000 };
  const { server } = await mailing(t, ['takes'], { circuit });
  const { link, told } = await invitedThreeDaysAgo('given-up@example.com');
  await server.leave();
  await threeDaysPass(link.invitationId);
  await told('Deferred');
  const later = { ...core, now: () => new Date(Date.now() + DAY) };
  const dayLater = await startMailing(later, { smtpUrl: server.url, circuit });
  t.teardown(() => dayLater.stop());
  dayLater.mailer.circuit.unusable();
  const giveUpAt = new Date(Date.now() + DAY - 1).toISOString();
  await dayLater.tasks['send-reminder']({ ...link, attempt: 3, giveUpAt, ...cause });
  t.strictSame((await told('Failed')).at(-1), ['Failed', mail, 2]);
  // Its own worker may come to the same job at the same time, and finds the same.
  t.ok(dayLater.counts.get('mail reminder failed'));
});

t.test('a reminder over the rate waits in the queue, and goes out once', async (t) => {
  const { server, worker } = await mailing(t, ['takes']);
  const { link, told } = await invitedThreeDaysAgo('slow@reminded.example');
  await worker.stop();
  const paced = await startMailing(core, { smtpUrl: server.url, rates: { perDomain: 0.001 } });
  t.teardown(() => paced.stop());
  const other = await invite('first@reminded.example');
  await other.told('Sent');
  await threeDaysPass(link.invitationId);
  await until(
    async () => (await jobsOf(link.invitationId, 'send-reminder'))[0]?.payload['slot'] !== undefined,
    'it is put off',
  );
  t.equal(paced.counts.get('put off reminder rate'), 1);
  await pool.query(`update graphile_worker._private_jobs set run_at = now() where payload -> 'slot' is not null`);
  await told('Sent', 2);
  t.equal(server.tries('slow@reminded.example'), 2);
});

t.test('nobody is reminded of what needs no answer any more', async (t) => {
  const { server } = await mailing(t, ['takes']);
  const by = contextOf(ownerId);
  for (const [what, happens] of [
    ['accepted', ({ link, userId }) => links.accept(link, 'Newcomer', contextOf(userId))],
    ['declined', ({ link, userId }) => links.decline(link, contextOf(userId))],
    ['revoked', ({ link }) => invitations.revoke(workspaceId, ownerId, link.invitationId, by)],
    [
      'expired',
      ({ link }) => core.emails.expire(link, contextOf(ownerId, new Date(Date.now() + 8 * DAY).toISOString())),
    ],
  ] as const satisfies readonly (readonly [
    string,
    (person: Awaited<ReturnType<typeof invite>>) => Promise<unknown>,
  ])[]) {
    const person = await invitedThreeDaysAgo(`${what}@example.com`);
    await happens(person);
    const before = await eventTypes(person.stream);
    await threeDaysPass(person.link.invitationId);
    await nothingLeft(t, person.link.invitationId, 'send-reminder');
    t.strictSame(await eventTypes(person.stream), before, what);
    t.equal(server.tries(person.email), 1, what);
  }
});

t.test('an invitation that was sent again is reminded of once, by its newest mail', async (t) => {
  const { server, worker } = await mailing(t, ['takes']);
  const { link, email, told } = await invitedThreeDaysAgo('resent@example.com');
  await invitations.resend(workspaceId, ownerId, link.invitationId, contextOf(ownerId));
  await caughtUp();
  await until(() => server.tries(email) === 2, 'the second mail has come');
  await told('Sent');
  t.equal((await jobsOf(link.invitationId, 'send-reminder')).length, 2);
  await threeDaysPass(link.invitationId);
  await nothingLeft(t, link.invitationId, 'send-reminder');
  await told('Sent', 2);
  t.strictSame(
    server.copies.map(({ messageId }) => messageId),
    [link, { ...link, issue: 2 }, { ...link, issue: 2, mail } as const].map(worker.mails.messageIdOf),
  );
});

t.test('an invitation that lives a day is not reminded of', async (t) => {
  await mailing(t, ['takes']);
  const { link, told } = await invite('short@example.com', 24 * 3_600);
  await told('Sent');
  await caughtUp();
  t.strictSame(await jobsOf(link.invitationId, 'send-reminder'), []);
});

t.test('a workspace turns reminders off for all that are due from then on, and on again', async (t) => {
  const { server } = await mailing(t, ['takes', 'takes', 'greylists', 'takes']);
  const off = await invitedThreeDaysAgo('off@example.com');
  const on = await invitedThreeDaysAgo('on@example.com');
  await reminders(false);
  await threeDaysPass(off.link.invitationId);
  await nothingLeft(t, off.link.invitationId, 'send-reminder');
  t.equal((await eventTypes(off.stream)).length, 3, 'nothing is said of it');
  t.equal(server.tries(off.email), 1);

  await reminders(true);
  await threeDaysPass(on.link.invitationId);
  await on.told('Sent', 2);
  t.equal(server.tries(on.email), 2);
});

t.test('one that was begun before is tried to its end, off or on', async (t) => {
  const { server } = await mailing(t, ['takes', 'greylists', 'takes'], { pauses: [3_600_000] });
  const { link, told, email } = await invitedThreeDaysAgo('begun@example.com');
  await threeDaysPass(link.invitationId);
  await told('Deferred');
  await reminders(false);
  t.teardown(() => reminders(true));
  await until(async () => (await jobsOf(link.invitationId, 'send-reminder')).length === 1, 'it is to be tried again');
  await threeDaysPass(link.invitationId);
  await told('Sent', 3);
  t.equal(server.tries(email), 3);
});

t.test('no reminder goes to an address that takes no mail any more, off or on', async (t) => {
  const { server } = await mailing(t, ['takes']);
  const report = { reportedBy: 'ses', isProven: true, kind: 'complaint', reply: 'spam' } as const;
  const elsewhere = await testCore.foundWorkspace('other@example.com', 'Elsewhere');
  for (const [name, isOn, last] of [
    ['complained', true, ['Suppressed', mail, 2]],
    ['unwanted', false, ['Sent', 1, 250, '2.0.0']],
  ] as const) {
    const person = await invitedThreeDaysAgo(`${name}@example.com`);
    const other = await invitations.invite(
      elsewhere.workspaceId,
      elsewhere.ownerId,
      testCore.invitee(person.email),
      contextOf(elsewhere.ownerId),
    );
    await until(() => server.tries(person.email) === 2, 'both mails have come');
    const { invitationId } = { invitationId: other.state.invitation?.id ?? '' };
    await core.deliveryReports.record(
      { ...report, id: name, mail: { invitationId, issue: 1, attempt: 1 } },
      contextOf(ownerId),
    );
    await reminders(isOn);
    await threeDaysPass(person.link.invitationId);
    await nothingLeft(t, person.link.invitationId, 'send-reminder');
    await until(async () => (await person.told(last[0])).at(-1)?.join() === last.join(), `${name}: ${last.join()}`);
    t.equal(server.tries(person.email), 2);
  }
  await reminders(true);
});

t.test('a worker that dies between the reply and the record sends a copy under the same Message-ID', async (t) => {
  const { server, worker } = await mailing(t, ['takes']);
  const { link, email, stream } = await invitedThreeDaysAgo('copied@example.com');
  const { mails, tasks } = worker;
  const reminder = { ...link, mail } as const;
  const begun = await core.emails.begin(
    reminder,
    mails.messageIdOf(reminder),
    async (email) => mails.composeInvitation(email),
    contextOf(ownerId),
  );
  if (!begun) throw new Error('there is a reminder to send');
  await mails.invitation(begun);
  t.equal(
    await core.emails.begin(link, '<another@example.com>', async () => ({ content: MAIL_CONTENT }), contextOf(ownerId)),
    undefined,
    'no job of the invitation takes it up',
  );
  await tasks['send-reminder']({ ...link, ...cause });
  t.strictSame(
    server.copies.slice(1).map(({ to, messageId }) => [to, messageId]),
    Array.from({ length: 2 }, () => [email, mails.messageIdOf(reminder)]),
  );
  const types = await eventTypes(stream);
  t.strictSame(types.slice(3), ['InvitationEmailAttempted', 'InvitationEmailSent']);
  await tasks['send-reminder']({ ...link, ...cause });
  t.equal(server.tries(email), 3, 'what is recorded as sent is not sent again');
});

t.test('the job of the reminder does not take up an invitation that was cut off', async (t) => {
  const { server, worker } = await mailing(t, ['takes']);
  await worker.stop();
  const { link, email, stream } = await invite('cut-off@example.com');
  const { mails, tasks } = worker;
  await core.emails.begin(
    link,
    mails.messageIdOf(link),
    async (email) => mails.composeInvitation(email),
    contextOf(ownerId),
  );
  await tasks['send-reminder']({ ...link, ...cause });
  t.equal(server.tries(email), 0);
  t.strictSame(await eventTypes(stream), ['UserInvited', 'InvitationEmailAttempted']);
});

t.test('the first job of a reminder, done over, does not take up a later attempt', async (t) => {
  const { server } = await mailing(t, ['takes', 'greylists'], { pauses: [3_600_000] });
  const { link, email, told } = await invitedThreeDaysAgo('done-over@example.com');
  await threeDaysPass(link.invitationId);
  await told('Deferred');
  const again = await startMailing(core, { smtpUrl: server.url });
  t.teardown(() => again.stop());
  const reminder = { ...link, mail } as const;
  const { mails } = again;
  await core.emails.begin(
    reminder,
    mails.messageIdOf(reminder),
    async (email) => mails.composeInvitation(email),
    contextOf(ownerId),
  );
  await again.tasks['send-reminder']({ ...link, ...cause });
  t.equal(server.tries(email), 2);
  t.strictSame((await told('Attempted')).at(-1), ['Attempted', mail, 3]);
});

t.test('a reminder that came back shows in the users tab; a mail of the invitation that did, as that', async (t) => {
  await mailing(t, ['takes']);
  for (const [name, attempt, which] of [
    ['returned-second', 2, 'reminder'],
    ['returned-first', 1, 'invitation'],
  ] as const) {
    const { link, told, userId } = await invitedThreeDaysAgo(`${name}@example.com`);
    await threeDaysPass(link.invitationId);
    await told('Sent', 2);
    const report = { id: name, reportedBy: 'ses', isProven: true, kind: 'permanent', reply: '550 gone' } as const;
    const outcome = await core.deliveryReports.record({ ...report, mail: { ...link, attempt } }, contextOf(ownerId));
    t.equal(outcome, 'recorded');
    await caughtUp();
    t.match(await usersTab.get(workspaceId, userId), {
      delivery: 'bounced',
      delivery_mail: which,
      delivery_attempt: attempt,
    });
  }
});

t.test('making all waiting mails due at once sends no reminder before its time', async (t) => {
  const { server } = await mailing(t, ['takes']);
  const { link, email } = await invitedThreeDaysAgo('early@example.com');
  await caughtUp();
  const planned = () => jobsOf(link.invitationId, 'send-reminder');
  const before = await planned();
  t.equal(before.length, 1);
  await core.reactor.retryMails();
  t.strictSame(await planned(), before);
  t.strictSame(
    (await core.reactor.mails(1_000)).filter(({ invitationId }) => invitationId === link.invitationId),
    [],
    'nor is it one that waits',
  );
  t.equal(server.tries(email), 1);
});
