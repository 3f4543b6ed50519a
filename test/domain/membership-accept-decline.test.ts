import t from 'tap';
import { obstacle, refusalError } from '../../src/domain/membership/invitation-rules.js';
import { membership } from '../../src/domain/membership/membership.js';
import { accept, decline, POWERLESS, refuse } from './support/membership-commands.js';
import {
  accepted,
  declined,
  expired,
  FIRST,
  founderJoined,
  invited,
  nth,
  refused,
  removed,
  resent,
  revoked,
  SECOND,
} from './support/membership-events.js';
import { DAY, day, EMAIL, hour, OWNER } from './support/people-and-time.js';
import { specsOf } from './support/spec.js';

const given = specsOf(membership);

/** Everything that stands in the way of the first link, and what the refusal is called. */
const STALE = [
  ['expired', 'expired', [invited(), expired()]],
  ['sent again', 'superseded', [invited(), resent()]],
  ['sent again after it expired', 'superseded', [invited(), expired(), resent()]],
  ['sent again and expired', 'superseded', [invited(), resent(), expired(FIRST, 2)]],
  ['revoked', 'revoked', [invited(), revoked()]],
  ['declined', 'declined', [invited(), declined()]],
  ['used', 'already-accepted', [invited(), accepted()]],
  ['used, by somebody removed since', 'removed', [invited(), accepted(), removed()]],
] as const;

t.test('accepting', async (t) => {
  t.test('the holder of the link comes in', given(invited()).when(accept()).then(accepted()));
  t.test(
    'with the permission that was offered, under their own name',
    given(invited({ role: 'administrator', name: 'Somebody' }))
      .when(accept({ name: 'Newcomer' }))
      .then(accepted({ role: 'administrator', name: 'Newcomer' })),
  );
  t.test(
    'with the newest link',
    given(invited(), resent())
      .when(accept({ issue: 2 }))
      .then(accepted({ issue: 2 })),
  );
  t.test(
    'until the last moment',
    given(invited())
      .when(accept({ now: '2030-01-07T23:59:59.999Z' }))
      .then(accepted()),
  );
  t.test(
    'at the expiry it is too late, and both facts are recorded',
    given(invited())
      .when(accept({ now: day(7) }))
      .then(expired(), refused('expired')),
  );
  for (const [what, reason, history] of STALE) {
    t.test(
      `a link that was ${what} is refused as ${reason}`,
      given(...history)
        .when(accept())
        .then(refused(reason)),
    );
  }
  t.test(
    'a link of an older invitation is refused in the story of the newest',
    given(invited(), revoked(), invited({ invitationId: SECOND }))
      .when(accept())
      .then(refused('superseded', SECOND)),
  );
  t.test(
    'a link of an older invitation is of no more use once the person is in',
    given(invited(), revoked(), invited({ invitationId: SECOND }), accepted({ invitationId: SECOND }))
      .when(accept())
      .then(refused('already-accepted', SECOND)),
  );
  t.test(
    'a link of an issue that was never sent opens nothing',
    given(invited())
      .when(accept({ issue: 2 }))
      .then(refused('superseded', FIRST, 2)),
  );
  t.test('where nobody was invited there is no story to tell', given().when(accept()).thenNothing());
});

t.test('the right of whoever vouches', async (t) => {
  t.test(
    'an administrator may still let people in',
    given(invited())
      .when(accept({ voucherRole: 'administrator' }))
      .then(accepted()),
  );
  for (const role of POWERLESS) {
    t.test(
      `${role ?? 'somebody outside'} may no more`,
      given(invited())
        .when(accept({ voucherRole: role }))
        .then(refused('inviter-not-allowed')),
    );
  }
  t.test(
    'it is asked for after everything else',
    given(invited(), revoked())
      .when(accept({ voucherRole: undefined }))
      .then(refused('revoked')),
  );
  t.test(
    'when it is back, so is the way in',
    given(invited(), refused('inviter-not-allowed')).when(accept()).then(accepted()),
  );
});

t.test('refusals on record', async (t) => {
  t.test('the same one is recorded once', given(invited(), revoked(), refused('revoked')).when(accept()).thenNothing());
  t.test(
    'another one is news',
    given(invited(), refused('wrong-account'), revoked()).when(accept()).then(refused('revoked')),
  );
  t.test(
    'so is the same one of another issue',
    given(invited(), resent(), resent({ issue: 3 }), refused('superseded'))
      .when(accept({ issue: 2 }))
      .then(refused('superseded', FIRST, 2)),
  );
  t.test(
    'turning somebody away who is signed in as another is one of them',
    given(invited()).when(refuse('wrong-account')).then(refused('wrong-account')),
  );
  t.test('and leaves the invitation open', given(invited(), refused('wrong-account')).when(accept()).then(accepted()));
  t.test(
    'it too is recorded once',
    given(invited(), refused('wrong-account')).when(refuse('wrong-account')).thenNothing(),
  );
  t.test(
    'where nobody was invited nobody is turned away',
    given(founderJoined()).when(refuse('wrong-account')).thenNothing(),
  );
});

t.test('declining', async (t) => {
  t.test('the holder of the link stays out', given(invited()).when(decline()).then(declined()));
  t.test(
    'with the newest link',
    given(invited(), resent())
      .when(decline({ issue: 2 }))
      .then(declined(FIRST, 2)),
  );
  t.test('once', given(invited(), declined()).when(decline()).thenNothing());
  t.test(
    'what is overdue cannot be declined any more',
    given(invited())
      .when(decline({ now: day(7) }))
      .thenRefused('invitation-expired'),
  );
  const codes = {
    expired: 'invitation-expired',
    superseded: 'invitation-superseded',
    revoked: 'invitation-revoked',
    'already-accepted': 'invitation-already-accepted',
    removed: 'invitation-already-accepted',
  } as const;
  for (const [what, reason, history] of STALE) {
    if (reason === 'declined') continue;
    t.test(
      `a link that was ${what} declines nothing`,
      given(...history)
        .when(decline())
        .thenRefused(codes[reason]),
    );
  }
  t.test(
    'where nobody was invited there is nothing to decline',
    given().when(decline()).thenRefused('invitation-revoked'),
  );
});

t.test('what the answers add up to', async (t) => {
  const invitation = {
    id: FIRST,
    issue: 1,
    role: 'developer',
    email: EMAIL,
    vouchedBy: OWNER.userId,
    expiresAt: day(7),
    lifetimeSeconds: 7 * DAY,
  } as const;
  const person = { timesInvited: 1, email: EMAIL, invitation } as const;
  t.test(
    'a member with a name and a role',
    given(invited(), accepted()).thenIs({ ...person, status: 'active', name: 'Newcomer', role: 'developer' }),
  );
  t.test('somebody who declined', given(invited(), declined()).thenIs({ ...person, status: 'declined' }));
  t.test(
    'the last refusal, next to an invitation that is as open as before',
    given(invited(), refused('superseded'), refused('wrong-account')).thenIs({
      ...person,
      status: 'waiting',
      invitation: { ...invitation, lastRefusal: { issue: 1, reason: 'wrong-account' } },
    }),
  );
  t.test(
    'the first answer, where others follow that no decision would have written',
    given(invited(), declined(), accepted(), expired()).thenIs({ ...person, status: 'declined' }),
  );
  t.test(
    'nothing, where the answer is to an older invitation or issue',
    given(invited(), resent(), accepted(), declined(), expired(), accepted({ invitationId: nth(9) })).thenIs({
      ...person,
      status: 'waiting',
      invitation: { ...invitation, issue: 2, vouchedBy: resent().data.resentBy, expiresAt: day(8) },
    }),
  );
});

t.test('every refusal is told to its asker with a code of its own and a way out', async (t) => {
  const reasons = {
    expired: 'invitation-expired',
    superseded: 'invitation-superseded',
    revoked: 'invitation-revoked',
    declined: 'invitation-declined',
    'already-accepted': 'invitation-already-accepted',
    removed: 'invitation-already-accepted',
    'inviter-not-allowed': 'inviter-not-allowed',
    'wrong-account': 'wrong-account',
  } as const satisfies Record<Parameters<typeof refusalError>[0], string>;
  for (const [reason, code] of Object.entries(reasons)) {
    const error = refusalError(reason as keyof typeof reasons);
    t.equal(error.code, code, reason);
    t.match(error.message, /\. [A-Z].+\.$/, `${reason} says what happened, and what to do`);
  }
});

t.test('looking an invitation up is asking what stands in the way', async (t) => {
  const waiting = membership.evolve(membership.initialState, invited());
  const link = { invitationId: FIRST, issue: 1 };
  t.equal(obstacle(waiting, link, hour(1)), undefined);
  t.equal(obstacle(waiting, link, day(7)), 'expired');
  t.equal(obstacle(membership.initialState, link, hour(1)), 'revoked');
});
