import t from 'tap';
import { membership } from '../../src/domain/membership/membership.js';
import {
  accept,
  copyLink,
  correctAddress,
  invite,
  POWERLESS,
  receiveCorrected,
  requestRenewal,
  WRONG,
} from './support/membership-commands.js';
import {
  addressCorrected,
  expired,
  FIRST,
  invited,
  linkCopied,
  refused,
  renewalRequested,
  resent,
  revoked,
  SECOND,
} from './support/membership-events.js';
import { ADMINISTRATOR, day, EMAIL, HOUR, hour, INVITEE, STRANGER } from './support/people-and-time.js';
import { specsOf } from './support/spec.js';

const given = specsOf(membership);

t.test('correcting the address', async (t) => {
  t.test('ends the invitation here', given(invited()).when(correctAddress()).then(addressCorrected()));
  t.test(
    'whoever is to answer for it is said',
    given(invited())
      .when(correctAddress({ by: ADMINISTRATOR, vouchedBy: ADMINISTRATOR.userId }))
      .then(addressCorrected({ vouchedBy: ADMINISTRATOR.userId })),
  );
  t.test(
    'helps an expired one too',
    given(invited(), expired())
      .when(correctAddress({ now: day(8) }))
      .then(addressCorrected()),
  );
  t.test('once', given(invited(), addressCorrected()).when(correctAddress()).thenNothing());
  t.test(
    'and not to yet another address',
    given(invited(), addressCorrected())
      .when(correctAddress({ to: { userId: STRANGER.userId, email: 'stranger@example.com' } }))
      .thenRefused('invitation-not-open'),
  );
  t.test(
    'to the same address is none',
    given(invited())
      .when(correctAddress({ to: { userId: INVITEE, email: EMAIL } }))
      .thenRefused('same-address'),
  );
  for (const role of POWERLESS) {
    t.test(
      `${role ?? 'somebody outside'} cannot`,
      given(invited())
        .when(correctAddress({ by: { ...STRANGER, role } }))
        .thenRefused('not-allowed'),
    );
  }
  t.test('the link is dead from then on', given(invited(), addressCorrected()).when(accept()).then(refused('revoked')));
  t.test(
    'the wrong address can be invited anew',
    given(invited(), addressCorrected())
      .when(invite())
      .then(invited({ invitationId: SECOND, previous: 'revoked' })),
  );
});

t.test('receiving a corrected invitation', async (t) => {
  t.test(
    'names where it comes from',
    given()
      .when(receiveCorrected())
      .then(invited({ correctedFrom: WRONG })),
  );
  t.test(
    'with all that was said of it, and a lifetime that begins anew',
    given()
      .when(
        receiveCorrected({
          now: hour(3),
          lifetimeSeconds: HOUR,
          role: 'administrator',
          name: 'Newcomer',
          locale: 'es',
          message: 'Come in.',
          vouchedBy: ADMINISTRATOR.userId,
        }),
      )
      .then(
        invited({
          role: 'administrator',
          invitedBy: ADMINISTRATOR.userId,
          expiresAt: hour(4),
          lifetimeSeconds: HOUR,
          name: 'Newcomer',
          locale: 'es',
          message: 'Come in.',
          correctedFrom: WRONG,
        }),
      ),
  );
  t.test(
    'goes on with what was there before',
    given(invited(), revoked())
      .when(receiveCorrected())
      .then(invited({ invitationId: SECOND, previous: 'revoked', correctedFrom: WRONG })),
  );
});

t.test('copying the link', async (t) => {
  t.test('is recorded', given(invited()).when(copyLink()).then(linkCopied()));
  t.test('every time', given(invited(), linkCopied()).when(copyLink()).then(linkCopied()));
  t.test(
    'gives the newest',
    given(invited(), resent())
      .when(copyLink({ by: ADMINISTRATOR }))
      .then(linkCopied({ issue: 2, by: ADMINISTRATOR.userId })),
  );
  t.test(
    'is not for links that are of no use any more',
    given(invited())
      .when(copyLink({ now: day(7) }))
      .thenRefused('invitation-expired'),
  );
  for (const role of POWERLESS) {
    t.test(
      `${role ?? 'somebody outside'} cannot`,
      given(invited())
        .when(copyLink({ by: { ...STRANGER, role } }))
        .thenRefused('not-allowed'),
    );
  }
});

t.test('asking for a new link', async (t) => {
  t.test(
    'helps where the newest has expired',
    given(invited(), expired())
      .when(requestRenewal(day(8)))
      .then(renewalRequested(day(8))),
  );
  t.test(
    'and where a newer one replaced it',
    given(invited(), resent())
      .when(requestRenewal(day(2)))
      .then(renewalRequested(day(2))),
  );
  t.test(
    'also by another invitation',
    given(invited(), revoked(), invited({ invitationId: SECOND }))
      .when(requestRenewal(day(2)))
      .then(renewalRequested(day(2), { invitationId: SECOND })),
  );
  t.test(
    'is not needed while the link is good',
    given(invited(), resent())
      .when(requestRenewal(day(2), { issue: 2 }))
      .thenRefused('renewal-not-needed'),
  );
  t.test(
    'is heard once a day',
    given(invited(), expired(), renewalRequested(day(8)))
      .when(requestRenewal(hour(9 * 24 - 1)))
      .thenNothing(),
  );
  t.test(
    'and at once of an invitation that was made since',
    given(
      invited(),
      expired(),
      renewalRequested(day(8)),
      invited({ invitationId: SECOND, expiresAt: hour(8.5 * 24), lifetimeSeconds: 12 * 3_600 }),
    )
      .when(requestRenewal(hour(8.75 * 24), { invitationId: SECOND }))
      .then(expired(SECOND), renewalRequested(hour(8.75 * 24), { invitationId: SECOND })),
  );
  t.test(
    'and the next day again, whatever was sent in between',
    given(invited(), expired(), renewalRequested(day(8)), resent({ expiresAt: hour(8.5 * 24) }))
      .when(requestRenewal(day(9)))
      .then(expired(FIRST, 2), renewalRequested(day(9))),
  );
  t.test(
    'does not bring back what was withdrawn, also with an older link',
    given(invited(), resent(), revoked())
      .when(requestRenewal(day(2)))
      .thenRefused('invitation-revoked'),
  );
});
