import t from 'tap';
import { membership } from '../../src/domain/membership/membership.js';
import { beginEmail, recordBounce, recordEmail, suppressEmail } from './support/membership-commands.js';
import {
  accepted,
  attempted,
  emailBounced,
  emailDeferred,
  emailSent,
  emailSuppressed,
  expired,
  invited,
  nth,
  resent,
  SECOND,
} from './support/membership-events.js';
import { day, hour } from './support/people-and-time.js';
import { specsOf } from './support/spec.js';

const given = specsOf(membership);
const sent = [invited(), attempted(), emailSent()] as const;

t.test('a report that a mail came back', async (t) => {
  t.test(
    'is recorded',
    given(...sent)
      .when(recordBounce())
      .then(emailBounced()),
  );
  t.test(
    'also before the record that it was sent, which still follows',
    given(invited(), attempted(), emailBounced()).when(recordEmail('sent')).then(emailSent()),
  );
  t.test(
    'also of an older issue',
    given(...sent, resent())
      .when(recordBounce())
      .then(emailBounced()),
  );
  t.test(
    'also once the invitation was accepted',
    given(...sent, accepted())
      .when(recordBounce())
      .then(emailBounced()),
  );
  t.test(
    'also of an older invitation',
    given(...sent, expired(), invited({ invitationId: SECOND }))
      .when(recordBounce())
      .then(emailBounced()),
  );
});

t.test('a report of a mail that was never sent is none', async (t) => {
  const strangeMails = [
    { attempt: 2 },
    { issue: 2 },
    { issue: 2, attempt: 1 },
    { invitationId: nth(2) },
    { invitationId: 'no invitation' },
  ];
  for (const strange of strangeMails) {
    t.test(
      JSON.stringify(strange),
      given(...sent)
        .when(recordBounce(strange))
        .thenNothing(),
    );
  }
  t.test('before anything was sent', given(invited()).when(recordBounce()).thenNothing());
});

t.test('after a bounce', async (t) => {
  const bounced = [invited(), attempted(), emailDeferred(hour(1)), emailBounced()] as const;
  t.test(
    'no further attempt is made',
    given(...bounced)
      .when(beginEmail(hour(1)))
      .thenNothing(),
  );
  t.test(
    'the next issue is tried',
    given(...bounced, resent())
      .when(beginEmail(hour(2), { issue: 2 }))
      .then(attempted({ issue: 2, since: hour(2) })),
  );
  t.test(
    'a mail that is only late goes on being tried',
    given(invited(), attempted(), emailDeferred(hour(1)), emailBounced({ kind: 'transient', stillTrying: true }))
      .when(beginEmail(hour(1)))
      .then(attempted({ attempt: 2 })),
  );
});

t.test(
  'a bounce that anybody may have made up stops no further attempt',
  given(invited(), attempted(), emailDeferred(hour(1)), emailBounced({ unproven: true }))
    .when(beginEmail(hour(1)))
    .then(attempted({ attempt: 2 })),
);

t.test('a mail to an address that takes none', async (t) => {
  t.test(
    'is recorded as suppressed',
    given(invited())
      .when(suppressEmail(hour(0)))
      .then(emailSuppressed()),
  );
  t.test(
    'counts its attempt',
    given(invited(), attempted(), emailDeferred(hour(1)))
      .when(suppressEmail(hour(1)))
      .then(emailSuppressed({ attempt: 2 })),
  );
  t.test(
    'under the number that was cut off',
    given(invited(), attempted())
      .when(suppressEmail(hour(1)))
      .then(emailSuppressed()),
  );
  t.test(
    'once',
    given(invited(), emailSuppressed())
      .when(suppressEmail(hour(1)))
      .thenNothing(),
  );
  t.test(
    'and is not tried again',
    given(invited(), emailSuppressed())
      .when(beginEmail(hour(1)))
      .thenNothing(),
  );
  t.test(
    'is nothing to say of one that was sent',
    given(...sent)
      .when(suppressEmail(hour(1)))
      .thenNothing(),
  );
  t.test(
    'is nothing to say of one that expired',
    given(invited())
      .when(suppressEmail(day(8)))
      .thenNothing(),
  );
});
