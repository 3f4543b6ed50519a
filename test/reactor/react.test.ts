import t from 'tap';

import type { DomainEvent } from '../../src/domain/codec.js';
import { membershipStream } from '../../src/domain/streams.js';
import { react, settle } from '../../src/reactor/react.js';
import * as event from '../domain/support/membership-events.js';
import { day, hour, INVITEE, OWNER, WORKSPACE } from '../domain/support/people-and-time.js';
import { recorded } from '../projections/recorded.js';

const STREAM = membershipStream({ workspaceId: WORKSPACE, userId: INVITEE });

/** What the event calls for, and the cause that every job names. */
function reactionTo(of: DomainEvent) {
  const seen = { ...recorded(STREAM, of, 0), metadata: { schemaVersion: 1, at: hour(0), correlationId: 'request' } };
  return { jobs: react(seen), again: react(seen), cause: { causationId: seen.id, correlationId: 'request' } };
}

t.test('an invitation is mailed at once and ended when its time is up', async (t) => {
  const { jobs, cause } = reactionTo(event.invited());
  const payload = { invitationId: event.FIRST, issue: 1, ...cause };
  t.strictSame(jobs, [
    { name: 'send-invitation', payload: { ...payload, attempt: 1 }, key: `send-invitation:${event.FIRST}:1:1` },
    {
      name: 'expire-invitation',
      payload: { ...payload, expiresAt: day(7) },
      key: `expire-invitation:${event.FIRST}:1`,
      runAt: day(7),
    },
  ]);
});

t.test('so is every issue of it, under keys of its own', async (t) => {
  const { jobs } = reactionTo(event.resent({ issue: 3 }));
  t.strictSame(
    jobs.map(({ key, runAt }) => [key, runAt]),
    [
      [`send-invitation:${event.FIRST}:3:1`, undefined],
      [`expire-invitation:${event.FIRST}:3`, day(8)],
    ],
  );
});

t.test('a mail deferred is tried again when the deferral says', async (t) => {
  const { jobs, cause } = reactionTo(event.emailDeferred(hour(2), { attempt: 4 }));
  t.strictSame(jobs, [
    {
      name: 'send-invitation',
      payload: { invitationId: event.FIRST, issue: 1, attempt: 5, giveUpAt: hour(24), ...cause },
      key: `send-invitation:${event.FIRST}:1:5`,
      runAt: hour(2),
    },
  ]);
});

t.test('an invitation says when it is reminded of, unless it is answered before', async (t) => {
  const { jobs, cause } = reactionTo(event.resent({ issue: 3, remindAt: day(4) }));
  t.strictSame(jobs[1], {
    name: 'send-reminder',
    payload: { invitationId: event.FIRST, issue: 3, remindAt: day(4), ...cause },
    key: `send-reminder:${event.FIRST}:3`,
    runAt: day(4),
  });
});

t.test('a reminder deferred is tried again as a reminder', async (t) => {
  const { jobs, cause } = reactionTo(event.emailDeferred(hour(74), { mail: 'reminder', attempt: 2, giveUpAt: day(4) }));
  t.strictSame(jobs, [
    {
      name: 'send-reminder',
      payload: { invitationId: event.FIRST, issue: 1, attempt: 3, giveUpAt: day(4), ...cause },
      key: `send-reminder:${event.FIRST}:1:3`,
      runAt: hour(74),
    },
  ]);
});

t.test('an address that a mail server refused by name is to be sent no more', async (t) => {
  const refused = reactionTo(event.emailFailed({ code: 550, enhancedCode: '5.1.1', reply: '550 5.1.1 Nobody' }));
  const { jobs, cause } = refused;
  t.strictSame(jobs.at(-1), {
    name: 'suppress-address',
    payload: { invitationId: event.FIRST, reply: '550 5.1.1 Nobody', enhancedCode: '5.1.1', ...cause },
    key: `suppress-address:${cause.causationId}`,
  });
  for (const enhancedCode of [undefined, '5.7.1', '5.2.2', '5.1.8', '4.4.7']) {
    const { jobs } = reactionTo(event.emailFailed({ ...(enhancedCode && { enhancedCode }) }));
    t.notOk(
      jobs.some(({ name }) => name === 'suppress-address'),
      String(enhancedCode),
    );
  }
});

t.test('an address corrected is carried on', async (t) => {
  const { jobs, cause } = reactionTo(event.addressCorrected());
  t.strictSame(jobs, [
    {
      name: 'finish-correction',
      payload: { invitationId: event.FIRST, ...cause },
      key: `finish-correction:${cause.causationId}`,
    },
  ]);
});

t.test('the inviter is told that a new link is asked for', async (t) => {
  const { jobs, cause } = reactionTo(event.renewalRequested(day(8)));
  t.strictSame(jobs, [
    {
      name: 'send-renewal-request',
      payload: { invitationId: event.FIRST, issue: 1, requestedAt: day(8), ...cause },
      key: `send-renewal-request:${cause.causationId}`,
    },
  ]);
});

t.test('what became of an invitation is noted for whoever answers for it', async (t) => {
  for (const [of, kind] of [
    [event.accepted(), 'accepted'],
    [event.declined(), 'declined'],
    [event.expired(), 'expired'],
    [event.emailFailed(), 'undelivered'],
    [event.emailSuppressed(), 'undelivered'],
    [event.emailBounced(), 'undelivered'],
    [event.emailBounced({ kind: 'transient' }), 'undelivered'],
  ] as const) {
    const { jobs, cause } = reactionTo(of);
    const payload = { invitationId: event.FIRST, kind, ...cause };
    t.strictSame(jobs, [{ name: 'note-result', payload, key: `note-result:${cause.causationId}` }], of.type);
  }
});

t.test('an heir is settled', async (t) => {
  const { jobs, cause } = reactionTo(event.ownershipAssumed('developer', 1, OWNER.userId));
  t.strictSame(jobs, [
    {
      name: 'settle-ownership',
      payload: { workspaceId: WORKSPACE, heirId: INVITEE, ownerId: OWNER.userId, ...cause },
      key: `settle-ownership:${cause.causationId}`,
    },
  ]);
});

t.test('an attempt whose mail has arrived is taken out of the queue, and no other', async (t) => {
  const settled = (of: DomainEvent) => settle(recorded(STREAM, of, 0));
  t.strictSame(settled(event.emailDelivered({ sparedAttempt: 2 })), [`send-invitation:${event.FIRST}:1:2`]);
  t.strictSame(settled(event.emailDelivered({ mail: 'reminder', issue: 2, sparedAttempt: 3 })), [
    `send-reminder:${event.FIRST}:2:3`,
  ]);
  for (const of of [event.emailDelivered(), event.emailSent(), event.emailBounced()]) t.strictSame(settled(of), []);
});

t.test('a deferral with no attempt to come calls for none', async (t) => {
  const { nextAttemptAt: _none, giveUpAt: _neither, ...data } = event.emailDeferred(hour(1)).data;
  t.strictSame(reactionTo({ type: 'InvitationEmailDeferred', data }).jobs, []);
});

t.test('an event seen twice calls for the very same jobs', async (t) => {
  for (const of of [event.invited(), event.resent(), event.ownershipAssumed('developer')]) {
    const { jobs, again } = reactionTo(of);
    t.strictSame(again, jobs);
    t.equal(new Set(jobs.map(({ key }) => key)).size, jobs.length);
  }
});

t.test('nothing else calls for anything', async (t) => {
  const quiet = [
    event.founderJoined(),
    event.revoked(),
    event.refused('expired'),
    event.permissionChanged('developer', 'administrator'),
    event.removed(),
    event.left(),
    event.attempted(),
    event.emailSent(),
    event.emailBounced({ kind: 'transient', stillTrying: true }),
    event.emailBounced({ kind: 'complaint' }),
    event.emailBounced({ unproven: true }),
    event.emailDelivered(),
  ];
  for (const of of quiet) t.strictSame(reactionTo(of).jobs, [], of.type);
});
