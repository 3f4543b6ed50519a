import t from 'tap';
import { EMAIL_PATIENCE_SECONDS } from '../../src/domain/membership/mailing.js';
import { membership } from '../../src/domain/membership/membership.js';
import { MAIL_CONTENT } from '../support/mail-content.js';
import { beginEmail, giveUpEmail, recordEmail } from './support/membership-commands.js';
import {
  accepted,
  attempted,
  declined,
  emailDeferred,
  emailFailed,
  emailSent,
  expired,
  FIRST,
  founderJoined,
  invited,
  MESSAGE_ID,
  nth,
  removed,
  resent,
  revoked,
  SECOND,
} from './support/membership-events.js';
import { DAY, day, EMAIL, hour, OWNER } from './support/people-and-time.js';
import { specsOf } from './support/spec.js';

const given = specsOf(membership);

t.test('beginning an attempt', async (t) => {
  t.test(
    'the mail of an open invitation is tried',
    given(invited())
      .when(beginEmail(hour(0)))
      .then(attempted()),
  );
  t.test(
    'what it hands over is told with it',
    given(invited())
      .when(beginEmail(hour(0), { content: MAIL_CONTENT }))
      .then(attempted(MAIL_CONTENT)),
  );
  t.test(
    'each issue has attempts of its own',
    given(invited(), attempted(), emailFailed(), resent())
      .when(beginEmail(hour(1), { issue: 2, messageId: '<second@example.com>' }))
      .then(attempted({ issue: 2, since: hour(1), messageId: '<second@example.com>' })),
  );
  t.test(
    'the next attempt after a deferral is the same message',
    given(invited(), attempted(), emailDeferred(hour(1)))
      .when(beginEmail(hour(1), { messageId: '<another@example.com>' }))
      .then(attempted({ attempt: 2 })),
  );
  t.test(
    'and remembers when the first one was',
    given(
      invited(),
      attempted(),
      emailDeferred(hour(1)),
      attempted({ attempt: 2 }),
      emailDeferred(hour(3), { attempt: 2 }),
    )
      .when(beginEmail(hour(3)))
      .then(attempted({ attempt: 3, since: hour(0) })),
  );
  t.test(
    'one that was cut off goes on as it is',
    given(invited(), attempted())
      .when(beginEmail(hour(1)))
      .thenNothing(),
  );
  t.test(
    'what was sent is not sent again',
    given(invited(), attempted(), emailSent())
      .when(beginEmail(hour(1)))
      .thenNothing(),
  );
  t.test(
    'what failed is not tried again',
    given(invited(), attempted(), emailFailed())
      .when(beginEmail(hour(1)))
      .thenNothing(),
  );
  for (const [what, ...history] of [
    ['revoked', invited(), revoked()],
    ['declined', invited(), declined()],
    ['expired', invited(), expired()],
    ['accepted', invited(), accepted()],
    ['used by somebody removed since', invited(), accepted(), removed()],
    ['sent again', invited(), resent()],
    ['followed by another', invited(), revoked(), invited({ invitationId: SECOND })],
  ] as const) {
    t.test(
      `nobody gets the mail of an invitation that was ${what}`,
      given(...history)
        .when(beginEmail(hour(1)))
        .thenNothing(),
    );
  }
  t.test(
    'nor of one that is overdue',
    given(invited())
      .when(beginEmail(day(7)))
      .thenNothing(),
  );
  t.test(
    'nor of none',
    given(founderJoined())
      .when(beginEmail(hour(0)))
      .thenNothing(),
  );
});

t.test('recording what the mail server said', async (t) => {
  const underWay = [invited(), attempted()] as const;
  t.test(
    'it took the mail',
    given(...underWay)
      .when(recordEmail('sent'))
      .then(emailSent()),
  );
  t.test(
    'and the codes in its reply',
    given(...underWay)
      .when(recordEmail('failed', { code: 550, enhancedCode: '5.1.1' }))
      .then(emailFailed({ code: 550, enhancedCode: '5.1.1' })),
  );
  t.test(
    'it refused for good',
    given(...underWay)
      .when(recordEmail('failed'))
      .then(emailFailed()),
  );
  t.test(
    'it asked to come back',
    given(...underWay)
      .when(recordEmail('deferred', { nextAttemptAt: hour(1) }))
      .then(emailDeferred(hour(1))),
  );
  t.test(
    'until a day after the first attempt',
    given(...underWay)
      .when(recordEmail('deferred', { nextAttemptAt: '2030-01-01T23:59:59.999Z' }))
      .then(emailDeferred('2030-01-01T23:59:59.999Z')),
  );
  t.test(
    'then the deferral is final',
    given(...underWay)
      .when(recordEmail('deferred', { nextAttemptAt: hour(24) }))
      .then(emailFailed({ reply: '451 come back' })),
  );
  t.test(
    'a day after the first attempt, not after the last',
    given(invited(), attempted(), emailDeferred(hour(20)), attempted({ attempt: 2 }))
      .when(recordEmail('deferred', { attempt: 2, nextAttemptAt: hour(25) }))
      .then(emailFailed({ attempt: 2, reply: '451 come back' })),
  );
  t.test(
    'as is one without a next attempt',
    given(...underWay)
      .when(recordEmail('deferred'))
      .then(emailFailed({ reply: '451 come back' })),
  );
  t.test('a day is 24 hours', async (t) => void t.equal(EMAIL_PATIENCE_SECONDS, DAY));

  t.test(
    'it is said once',
    given(...underWay, emailSent())
      .when(recordEmail('sent'))
      .thenNothing(),
  );
  t.test(
    'what is said later does not undo it',
    given(...underWay, emailSent())
      .when(recordEmail('failed'))
      .thenNothing(),
  );
  t.test(
    'an answer to an earlier attempt comes too late',
    given(...underWay, emailDeferred(hour(1)), attempted({ attempt: 2 }))
      .when(recordEmail('failed'))
      .thenNothing(),
  );
  t.test(
    'an answer to an attempt that was not made is none',
    given(...underWay)
      .when(recordEmail('sent', { attempt: 2 }))
      .thenNothing(),
  );
  t.test('nor is one where none was made at all', given(invited()).when(recordEmail('sent')).thenNothing());
  t.test('nor is one to nobody', given(founderJoined()).when(recordEmail('sent')).thenNothing());
});

t.test('giving up', async (t) => {
  const deferred = [invited(), attempted(), emailDeferred(hour(20))] as const;
  t.test(
    'a mail whose day went by without another attempt has failed',
    given(...deferred)
      .when(giveUpEmail(hour(24)))
      .then(emailFailed({ reply: 'out of reach' })),
  );
  t.test(
    'not before',
    given(...deferred)
      .when(giveUpEmail('2030-01-01T23:59:59.999Z'))
      .thenNothing(),
  );
  t.test(
    'nor one that is tried meanwhile',
    given(...deferred, attempted({ attempt: 2 }))
      .when(giveUpEmail(hour(24)))
      .thenNothing(),
  );
  t.test(
    'nor one that was deferred once more since',
    given(...deferred, attempted({ attempt: 2 }), emailDeferred(hour(23), { attempt: 2 }))
      .when(giveUpEmail(hour(24)))
      .thenNothing(),
  );
  t.test(
    'nor one that was never tried',
    given(invited())
      .when(giveUpEmail(hour(24)))
      .thenNothing(),
  );
});

t.test('mail that overlaps with what happens to its invitation', async (t) => {
  for (const [what, ...event] of [
    ['revoked', revoked()],
    ['accepted', accepted()],
    ['declined', declined()],
    ['expired', expired()],
  ] as const) {
    t.test(
      `was sent all the same when the invitation was ${what} meanwhile`,
      given(invited(), attempted(), ...event)
        .when(recordEmail('sent'))
        .then(emailSent()),
    );
  }
  t.test(
    'what became of the mail of an older issue is still true',
    given(invited(), attempted(), resent()).when(recordEmail('sent')).then(emailSent()),
  );
  t.test(
    'and of an older invitation',
    given(invited(), attempted(), revoked(), invited({ invitationId: SECOND }))
      .when(recordEmail('failed'))
      .then(emailFailed()),
  );
  t.test(
    'a deferral of it is final: its mail is not tried again',
    given(invited(), attempted(), resent())
      .when(recordEmail('deferred', { nextAttemptAt: hour(1) }))
      .then(emailFailed({ reply: '451 come back' })),
  );
});

t.test('what the attempts add up to', async (t) => {
  const invitation = {
    id: FIRST,
    issue: 1,
    role: 'developer',
    email: EMAIL,
    vouchedBy: OWNER.userId,
    expiresAt: day(7),
    lifetimeSeconds: 7 * DAY,
  } as const;
  const waiting = { status: 'waiting', timesInvited: 1, email: EMAIL } as const;
  const emailAttempt = { attempt: 1, since: hour(0), messageId: MESSAGE_ID } as const;
  for (const [outcome, ...events] of [
    ['under-way', attempted()],
    ['sent', attempted(), emailSent()],
    ['deferred', attempted(), emailDeferred(hour(1))],
    ['failed', attempted(), emailFailed()],
  ] as const) {
    t.test(
      `the newest attempt, ${outcome}`,
      given(invited(), ...events).thenIs({
        ...waiting,
        invitation: { ...invitation, emailAttempt: { ...emailAttempt, outcome } },
      }),
    );
  }
  t.test(
    'an outcome of another attempt, issue or invitation says nothing of it',
    given(
      invited(),
      attempted({ attempt: 2 }),
      emailSent({ attempt: 1 }),
      emailSent({ attempt: 2, issue: 2 }),
      emailSent({ attempt: 2, invitationId: nth(9) }),
    ).thenIs({
      ...waiting,
      invitation: { ...invitation, emailAttempt: { ...emailAttempt, attempt: 2, outcome: 'under-way' } },
    }),
  );
});
