import t from 'tap';
import { membership } from '../../src/domain/membership/membership.js';
import { found, invite, POWERLESS } from './support/membership-commands.js';
import {
  accepted,
  declined,
  expired,
  FIRST,
  founderJoined,
  invited,
  left,
  nth,
  permissionChanged,
  removed,
  resent,
  revoked,
  SECOND,
} from './support/membership-events.js';
import { ADMINISTRATOR, DAY, day, EMAIL, HOUR, hour, STRANGER } from './support/people-and-time.js';
import { specsOf } from './support/spec.js';

const given = specsOf(membership);

t.test('founding', async (t) => {
  t.test('whoever creates a workspace is in it', given().when(found()).then(founderJoined()));
  t.test('once', given(founderJoined()).when(found()).thenNothing());
  t.test(
    'a founder who has left does not come back by it',
    given(founderJoined(), permissionChanged('owner', 'administrator'), left()).when(found()).thenNothing(),
  );
});

t.test('inviting', async (t) => {
  t.test('the owner invites', given().when(invite()).then(invited()));
  t.test(
    'an administrator invites',
    given()
      .when(invite({ by: ADMINISTRATOR }))
      .then(invited({ invitedBy: ADMINISTRATOR.userId })),
  );
  for (const role of POWERLESS) {
    t.test(
      `${role ?? 'somebody outside'} cannot`,
      given()
        .when(invite({ by: { ...STRANGER, role } }))
        .thenRefused('not-allowed'),
    );
  }
  t.test(
    'name, language and message are kept where they are given',
    given()
      .when(invite({ name: 'Newcomer', locale: 'pt-BR', message: 'Come in.' }))
      .then(invited({ name: 'Newcomer', locale: 'pt-BR', message: 'Come in.' })),
  );
  t.test(
    'the invitation lives as long as it is told',
    given()
      .when(invite({ now: hour(3), lifetimeSeconds: HOUR }))
      .then(invited({ expiresAt: hour(4), lifetimeSeconds: HOUR })),
  );
  t.test(
    'but not longer than 30 days',
    given()
      .when(invite({ lifetimeSeconds: 30 * DAY + 1 }))
      .thenRefused('invalid-lifetime'),
  );
});

t.test('inviting again', async (t) => {
  t.test('an open invitation is not doubled', given(invited()).when(invite()).thenRefused('already-invited'));
  t.test(
    'nor is one that was sent again',
    given(invited(), resent())
      .when(invite({ now: hour(7.5 * 24) }))
      .thenRefused('already-invited'),
  );
  t.test('a member needs none', given(invited(), accepted()).when(invite()).thenRefused('already-member'));
  t.test('nor does the founder', given(founderJoined()).when(invite()).thenRefused('already-member'));
  t.test(
    'who may not invite learns nothing about who is in',
    given(invited(), accepted())
      .when(invite({ by: STRANGER }))
      .thenRefused('not-allowed'),
  );

  const second = invited({ invitationId: SECOND, expiresAt: day(15) });
  const again = invite({ now: day(8) });
  t.test(
    'an overdue invitation is recorded as expired first',
    given(invited())
      .when(again)
      .then(expired(), { ...second, data: { ...second.data, previous: 'expired' } }),
  );
  for (const [what, previous, history, name] of [
    ['expired', 'expired', [invited(), expired()], undefined],
    ['revoked', 'revoked', [invited(), revoked()], undefined],
    ['declined', 'declined', [invited(), declined()], undefined],
    ['removed', 'removed', [invited(), accepted(), removed()], 'Newcomer'],
    ['left', 'removed', [invited(), accepted(), left()], 'Newcomer'],
  ] as const) {
    t.test(
      `who was ${what} can be invited again`,
      given(...history)
        .when(again)
        .then({ ...second, data: { ...second.data, ...(name && { name }), previous } }),
    );
  }
  t.test(
    'the number of an invitation counts all of them, and not the times it was sent',
    given(invited(), resent(), revoked(), invited({ invitationId: SECOND }), declined(SECOND))
      .when(invite())
      .then(invited({ invitationId: nth(3), previous: 'declined' })),
  );
  t.test(
    'a founder who left is invited for the first time',
    given(founderJoined(), permissionChanged('owner', 'administrator'), left())
      .when(invite())
      .then(invited({ name: 'Founder', previous: 'removed' })),
  );
  t.test(
    'who is invited again without a name keeps the known one',
    given(invited({ name: 'Newcomer' }), revoked())
      .when(invite())
      .then(invited({ invitationId: SECOND, name: 'Newcomer', previous: 'revoked' })),
  );
  t.test(
    'and a new name takes its place',
    given(invited({ name: 'Newcomer' }), revoked())
      .when(invite({ name: 'Nina' }))
      .then(invited({ invitationId: SECOND, name: 'Nina', previous: 'revoked' })),
  );
});

t.test('what inviting adds up to', async (t) => {
  const invitation = {
    id: FIRST,
    issue: 1,
    role: 'developer',
    email: EMAIL,
    vouchedBy: invited().data.invitedBy,
    expiresAt: day(7),
    lifetimeSeconds: 7 * DAY,
  } as const;
  t.test(
    'a person who waits',
    given(invited()).thenIs({ status: 'waiting', timesInvited: 1, email: EMAIL, invitation }),
  );
  t.test(
    'with all that the mail needs',
    given(invited({ name: 'Newcomer', locale: 'es', message: 'Come in.' })).thenIs({
      status: 'waiting',
      timesInvited: 1,
      email: EMAIL,
      name: 'Newcomer',
      invitation: { ...invitation, locale: 'es', message: 'Come in.' },
    }),
  );
  t.test(
    'the newest invitation alone, once there are two',
    given(
      invited({ role: 'administrator', name: 'Newcomer', message: 'Come in.' }),
      accepted({ role: 'administrator' }),
      removed(),
      invited({ invitationId: SECOND, email: 'invitee@EXAMPLE.com' }),
    ).thenIs({
      status: 'waiting',
      timesInvited: 2,
      email: 'invitee@EXAMPLE.com',
      invitation: { ...invitation, id: SECOND, email: 'invitee@EXAMPLE.com' },
    }),
  );
  t.test(
    'the first of two that no decision would have written',
    given(invited(), invited({ invitationId: SECOND }), founderJoined()).thenIs({
      status: 'waiting',
      timesInvited: 1,
      email: EMAIL,
      invitation,
    }),
  );
  t.test(
    'no invitation of somebody who is in',
    given(founderJoined(), invited()).thenIs({
      status: 'active',
      timesInvited: 0,
      email: EMAIL,
      name: 'Founder',
      role: 'owner',
    }),
  );
  t.test(
    'a founder without an invitation',
    given(founderJoined()).thenIs({ status: 'active', timesInvited: 0, email: EMAIL, name: 'Founder', role: 'owner' }),
  );
});
