import t from 'tap';
import { membership } from '../../src/domain/membership/membership.js';
import { expire, POWERLESS, resend, revoke } from './support/membership-commands.js';
import {
  accepted,
  attempted,
  declined,
  expired,
  FIRST,
  founderJoined,
  invited,
  removed,
  resent,
  revoked,
  SECOND,
} from './support/membership-events.js';
import { ADMINISTRATOR, DAY, day, EMAIL, HOUR, hour, OWNER, STRANGER } from './support/people-and-time.js';
import { specsOf } from './support/spec.js';

const given = specsOf(membership);

t.test('sending an invitation again', async (t) => {
  const sentAgain = resent({ resentBy: OWNER.userId, expiresAt: hour(1 + 7 * 24) });
  t.test('raises the issue and renews the expiry', given(invited()).when(resend()).then(sentAgain));
  t.test(
    'takes the pause that there has to be',
    given(invited(), resent({ expiresAt: day(7) }))
      .when(resend({ now: hour(0), pauseSeconds: 60 }))
      .thenRefused('resend-too-soon'),
  );
  t.test(
    'is possible as soon as it is over',
    given(invited())
      .when(resend({ now: hour(1), pauseSeconds: HOUR }))
      .then(sentAgain),
  );
  t.test(
    'raises it every time',
    given(invited(), resent(), resent({ issue: 3 }))
      .when(resend())
      .then(resent({ issue: 4, resentBy: OWNER.userId, expiresAt: hour(1 + 7 * 24) })),
  );
  t.test(
    'is also what helps an expired one',
    given(invited(), expired())
      .when(resend({ now: day(8) }))
      .then(resent({ resentBy: OWNER.userId, expiresAt: day(15) })),
  );
  t.test(
    'records first that it was overdue',
    given(invited())
      .when(resend({ now: day(7) }))
      .then(expired(), resent({ resentBy: OWNER.userId, expiresAt: day(14) })),
  );
  t.test(
    'can give it another lifetime',
    given(invited())
      .when(resend({ lifetimeSeconds: HOUR }))
      .then(resent({ resentBy: OWNER.userId, expiresAt: hour(2), lifetimeSeconds: HOUR })),
  );
  t.test(
    'gives it as long as the last time where nothing is said',
    given(invited(), resent({ lifetimeSeconds: 2 * DAY, expiresAt: day(3) }))
      .when(resend({ now: day(1) }))
      .then(resent({ issue: 3, resentBy: OWNER.userId, expiresAt: day(3), lifetimeSeconds: 2 * DAY })),
  );
  t.test(
    'does not make it live for ever',
    given(invited())
      .when(resend({ lifetimeSeconds: 31 * DAY }))
      .thenRefused('invalid-lifetime'),
  );
  t.test(
    'is for administrators too, who vouch for it from then on',
    given(invited())
      .when(resend({ by: ADMINISTRATOR }))
      .then(resent({ expiresAt: hour(1 + 7 * 24) })),
  );
  for (const role of POWERLESS) {
    t.test(
      `is not for ${role ?? 'somebody outside'}`,
      given(invited())
        .when(resend({ by: { ...STRANGER, role } }))
        .thenRefused('not-allowed'),
    );
  }
  for (const [what, ...history] of [
    ['accepted', invited(), accepted()],
    ['declined', invited(), declined()],
    ['revoked', invited(), revoked()],
    ['used and followed by a removal', invited(), accepted(), removed()],
  ] as const) {
    t.test(
      `does not open one that was ${what}`,
      given(...history)
        .when(resend())
        .thenRefused('invitation-not-open'),
    );
  }
  t.test(
    'is about the newest invitation only',
    given(invited(), revoked(), invited({ invitationId: SECOND }))
      .when(resend({ invitationId: FIRST }))
      .thenRefused('invitation-superseded'),
  );
  t.test('needs one that exists', given().when(resend()).thenRefused('invitation-not-found'));
  t.test('is nothing for a founder', given(founderJoined()).when(resend()).thenRefused('invitation-not-found'));
});

t.test('withdrawing an invitation', async (t) => {
  t.test('the owner does it', given(invited()).when(revoke()).then(revoked()));
  t.test(
    'an administrator does it',
    given(invited())
      .when(revoke({ by: ADMINISTRATOR }))
      .then(revoked()),
  );
  for (const role of POWERLESS) {
    t.test(
      `${role ?? 'somebody outside'} cannot`,
      given(invited())
        .when(revoke({ by: { ...STRANGER, role } }))
        .thenRefused('not-allowed'),
    );
  }
  t.test('an expired one can be taken off the list too', given(invited(), expired()).when(revoke()).then(revoked()));
  t.test('once is enough', given(invited(), revoked()).when(revoke()).thenNothing());
  t.test(
    'it is too late after the acceptance',
    given(invited(), accepted()).when(revoke()).thenRefused('invitation-not-open'),
  );
  t.test('nor is it for one declined', given(invited(), declined()).when(revoke()).thenRefused('invitation-not-open'));
  t.test(
    'an older one is not there to be withdrawn',
    given(invited(), declined(), invited({ invitationId: SECOND }))
      .when(revoke())
      .thenRefused('invitation-superseded'),
  );
  t.test('it must exist', given().when(revoke()).thenRefused('invitation-not-found'));
});

t.test('expiring', async (t) => {
  t.test(
    'at its time an invitation expires',
    given(invited())
      .when(expire(day(7)))
      .then(expired()),
  );
  t.test('not a moment before', given(invited()).when(expire('2030-01-07T23:59:59.999Z')).thenNothing());
  t.test(
    'once',
    given(invited(), expired())
      .when(expire(day(8)))
      .thenNothing(),
  );
  t.test(
    'an alarm set for an older issue is not for the newer one',
    given(invited(), resent({ expiresAt: day(8) }))
      .when(expire(day(9), { issue: 1 }))
      .thenNothing(),
  );
  t.test(
    'the newer issue has its own',
    given(invited(), resent({ expiresAt: day(8) }))
      .when(expire(day(8), { issue: 2 }))
      .then(expired(FIRST, 2)),
  );
  t.test(
    'an alarm set for an older invitation is not for the newer one',
    given(invited(), revoked(), invited({ invitationId: SECOND }))
      .when(expire(day(9)))
      .thenNothing(),
  );
  for (const [what, ...history] of [
    ['was accepted', invited(), accepted()],
    ['was declined', invited(), declined()],
    ['was revoked', invited(), revoked()],
  ] as const) {
    t.test(
      `what ${what} does not expire`,
      given(...history)
        .when(expire(day(9)))
        .thenNothing(),
    );
  }
});

t.test('what sending again adds up to', async (t) => {
  t.test(
    'a newer issue that somebody else vouches for, and whose mail has not been tried',
    given(invited(), attempted(), expired(), resent({ lifetimeSeconds: DAY })).thenIs({
      status: 'waiting',
      timesInvited: 1,
      email: EMAIL,
      invitation: {
        id: FIRST,
        issue: 2,
        role: 'developer',
        email: EMAIL,
        vouchedBy: ADMINISTRATOR.userId,
        expiresAt: day(8),
        lifetimeSeconds: DAY,
      },
    }),
  );
});
