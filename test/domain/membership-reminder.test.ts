import fc from 'fast-check';
import t from 'tap';
import { fold } from '../../src/domain/decider.js';
import type { MembershipCommand } from '../../src/domain/membership/commands.js';
import type { MembershipEvent } from '../../src/domain/membership/events.js';
import { membership } from '../../src/domain/membership/membership.js';
import {
  beginEmail,
  giveUpEmail,
  invite,
  receiveCorrected,
  recordBounce,
  recordEmail,
  resend,
  suppressEmail,
  WRONG,
} from './support/membership-commands.js';
import {
  accepted,
  attempted,
  declined,
  emailBounced,
  emailDeferred,
  emailFailed,
  emailSent,
  emailSuppressed,
  expired,
  FIRST,
  invited,
  resent,
  revoked,
} from './support/membership-events.js';
import { DAY, day, hour, OWNER } from './support/people-and-time.js';
import { specsOf } from './support/spec.js';

const given = specsOf(membership);

const mail = 'reminder';
const MESSAGE_ID = '<first.reminder@example.com>';
/** The usual story of a reminder: the invitation was sent at once, and three days later nobody has answered. */
const mailed = [invited({ remindAt: day(3) }), attempted(), emailSent()] as const;
const reminding = { mail, attempt: 2, messageId: MESSAGE_ID, since: day(3) } as const;
const begun = [...mailed, attempted(reminding)] as const;
const remind = (now = day(3), over = {}) => beginEmail(now, { mail, messageId: MESSAGE_ID, ...over });

t.test('planning a reminder', async (t) => {
  t.test(
    'an invitation says when',
    given()
      .when(invite({ remindAfterSeconds: 3 * DAY }))
      .then(invited({ remindAt: day(3) })),
  );
  t.test(
    'and so does every later issue of it',
    given(invited())
      .when(resend({ now: hour(1), remindAfterSeconds: 3 * DAY }))
      .then(
        resent({ resentBy: OWNER.userId, expiresAt: '2030-01-08T01:00:00.000Z', remindAt: '2030-01-04T01:00:00.000Z' }),
      ),
  );
  t.test(
    'and one that goes on at another address',
    given()
      .when(receiveCorrected({ remindAfterSeconds: 3 * DAY }))
      .then(invited({ correctedFrom: WRONG, remindAt: day(3) })),
  );
  t.test(
    'one that lives a day has none',
    given()
      .when(invite({ remindAfterSeconds: 3 * DAY, lifetimeSeconds: DAY }))
      .then(invited({ expiresAt: day(1), lifetimeSeconds: DAY })),
  );
});

t.test('beginning a reminder', async (t) => {
  t.test(
    'its attempts go on counting, and it is a message of its own with a day of its own',
    given(...mailed)
      .when(remind())
      .then(attempted(reminding)),
  );
  t.test(
    'deferred, it is tried again as the same message',
    given(...begun, emailDeferred(day(4), { mail, attempt: 2 }))
      .when(remind(day(4), { messageId: '<another@example.com>' }))
      .then(attempted({ ...reminding, attempt: 3 })),
  );
  for (const [what, ...history] of [
    ['is under way', ...begun],
    ['was sent', ...begun, emailSent({ mail, attempt: 2 })],
    ['failed', ...begun, emailFailed({ mail, attempt: 2 })],
    ['was suppressed', ...mailed, emailSuppressed({ mail, attempt: 2 })],
    ['came back', ...begun, emailSent({ mail, attempt: 2 }), emailBounced({ mail, attempt: 2 })],
  ] as const) {
    t.test(
      `none follows one that ${what}`,
      given(...history)
        .when(remind())
        .thenNothing(),
    );
  }
  for (const [what, ...history] of [
    ['is yet to be sent', invited()],
    ['is under way', invited(), attempted()],
    ['is deferred', invited(), attempted(), emailDeferred(day(4))],
    ['failed', invited(), attempted(), emailFailed()],
    ['was suppressed', invited(), emailSuppressed()],
    ['came back', ...mailed, emailBounced()],
  ] as const) {
    t.test(
      `nobody is reminded of an invitation whose mail ${what}`,
      given(...history)
        .when(remind())
        .thenNothing(),
    );
  }
  for (const [what, ...history] of [
    ['accepted', ...mailed, accepted()],
    ['declined', ...mailed, declined()],
    ['revoked', ...mailed, revoked()],
    ['expired', ...mailed, expired()],
    ['sent again', ...mailed, resent()],
  ] as const) {
    t.test(
      `nor of one that was ${what}`,
      given(...history)
        .when(remind())
        .thenNothing(),
    );
  }
  t.test(
    'nor of one that is overdue',
    given(...mailed)
      .when(remind(day(7)))
      .thenNothing(),
  );
});

t.test('the invitation itself is done with once its reminder has begun', async (t) => {
  const deferred = [...begun, emailDeferred(day(4), { mail, attempt: 2 })] as const;
  t.test(
    'it is not tried again when the reminder is deferred',
    given(...deferred)
      .when(beginEmail(day(4)))
      .thenNothing(),
  );
  t.test(
    'nor given up',
    given(...deferred)
      .when(giveUpEmail(day(5), { attempt: 2 }))
      .thenNothing(),
  );
  t.test(
    'nor suppressed',
    given(...deferred)
      .when(suppressEmail(day(4)))
      .thenNothing(),
  );
});

t.test('what becomes of a reminder is said of it', async (t) => {
  t.test(
    'the mail server took it',
    given(...begun)
      .when(recordEmail('sent', { mail, attempt: 2 }))
      .then(emailSent({ mail, attempt: 2 })),
  );
  t.test(
    'whatever whoever asks takes it for',
    given(...begun)
      .when(recordEmail('sent', { attempt: 2 }))
      .then(emailSent({ mail, attempt: 2 })),
  );
  t.test(
    'or asked to come back, until a day after the first attempt at the reminder',
    given(...begun)
      .when(recordEmail('deferred', { mail, attempt: 2, nextAttemptAt: '2030-01-04T12:00:00.000Z' }))
      .then(emailDeferred('2030-01-04T12:00:00.000Z', { mail, attempt: 2, giveUpAt: day(4) })),
  );
  t.test(
    'a day after it, it is given up',
    given(...begun, emailDeferred(day(4), { mail, attempt: 2 }))
      .when(giveUpEmail(day(4), { mail, attempt: 2 }))
      .then(emailFailed({ mail, attempt: 2, reply: 'out of reach' })),
  );
  t.test(
    'one that never began is not, however long ago its invitation was sent',
    given(...mailed)
      .when(giveUpEmail(day(4), { mail, attempt: 1 }))
      .thenNothing(),
  );
  t.test(
    'it is kept from an address that takes no mail any more',
    given(...mailed)
      .when(suppressEmail(day(3), { mail }))
      .then(emailSuppressed({ mail, attempt: 2 })),
  );
  t.test(
    'also after it was begun and cut off',
    given(...begun)
      .when(suppressEmail(day(3), { mail }))
      .then(emailSuppressed({ mail, attempt: 2 })),
  );
});

t.test('what came back', async (t) => {
  const sent = [...begun, emailSent({ mail, attempt: 2 })] as const;
  t.test(
    'is the reminder, by its attempt',
    given(...sent)
      .when(recordBounce({ attempt: 2 }))
      .then(emailBounced({ mail, attempt: 2 })),
  );
  t.test(
    'is the invitation, by its own',
    given(...sent)
      .when(recordBounce({ attempt: 1 }))
      .then(emailBounced({ attempt: 1 })),
  );
  const { attempt: _attempt, ...byMessageId } = recordBounce({ mail });
  const { attempt: _none, ...told } = emailBounced({ mail }).data;
  t.test(
    'is the reminder, by its Message-ID',
    given(...sent)
      .when(byMessageId)
      .then({ type: 'InvitationEmailBounced', data: told }),
  );
  t.test(
    'a reminder that was never sent did not',
    given(...mailed)
      .when(byMessageId)
      .thenNothing(),
  );
  t.test(
    'nor did an attempt that was never made',
    given(...sent)
      .when(recordBounce({ attempt: 3 }))
      .thenNothing(),
  );
});

t.test('whatever is tried in whatever order, an issue is mailed once and reminded of once, and in that order', (t) => {
  const which = fc.constantFrom(undefined, mail);
  const hours = fc.integer({ min: 0, max: 7 * 24 - 1 });
  const step = fc.oneof(
    fc.record({ do: fc.constant('begin' as const), which, hours }),
    fc.record({ do: fc.constantFrom('sent' as const, 'deferred' as const), which, attempt: fc.nat({ max: 6 }), hours }),
    fc.record({ do: fc.constant('give-up' as const), which, attempt: fc.nat({ max: 6 }), hours }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      let events: readonly MembershipEvent[] = [invited()];
      for (const each of steps) {
        const of = each.which && { mail: each.which };
        const commands: Record<typeof each.do, () => MembershipCommand> = {
          begin: () => beginEmail(hour(each.hours), { ...of, messageId: `<${each.which}@example.com>` }),
          sent: () => recordEmail('sent', { ...of, attempt: 'attempt' in each ? each.attempt : 0 }),
          deferred: () =>
            recordEmail('deferred', {
              ...of,
              attempt: 'attempt' in each ? each.attempt : 0,
              nextAttemptAt: hour(each.hours),
            }),
          'give-up': () => giveUpEmail(hour(each.hours), { ...of, attempt: 'attempt' in each ? each.attempt : 0 }),
        };
        events = [...events, ...membership.decide(commands[each.do](), fold(membership, events))];
      }
      const attempts = events.flatMap((event) => (event.type === 'InvitationEmailAttempted' ? [event.data] : []));
      t.strictSame(
        attempts.map(({ attempt }) => attempt),
        attempts.map((_attempt, index) => index + 1),
      );
      const mails = attempts.map((attempt) => attempt.mail ?? 'invitation');
      t.strictSame(mails, [...mails].sort(), 'the reminder follows the invitation');
      for (const each of ['invitation', mail]) {
        const own = attempts.filter((attempt) => (attempt.mail ?? 'invitation') === each);
        t.ok(new Set(own.map(({ messageId, since }) => `${messageId} ${since}`)).size <= 1, 'one message');
      }
      if (mails.includes(mail)) {
        const last = mails.lastIndexOf('invitation') + 1;
        t.ok(
          events.some(
            ({ type, data }) => type === 'InvitationEmailSent' && (data as { attempt: number }).attempt === last,
          ),
          'a reminder is only of what was sent',
        );
      }
    }),
  );
  t.end();
});

t.test('the newest attempt says which mail it is at', async (t) => {
  const state = fold(membership, begun);
  t.match(state.invitation, { id: FIRST, emailAttempt: { attempt: 2, outcome: 'under-way', reminderFrom: 2 } });
  const again = fold(membership, [
    ...begun,
    emailDeferred(day(4), { mail, attempt: 2 }),
    attempted({ ...reminding, attempt: 3 }),
  ]);
  t.match(again.invitation?.emailAttempt, { attempt: 3, reminderFrom: 2 });
  const later = fold(membership, [...begun, resent(), attempted({ issue: 2 })]);
  t.equal(later.invitation?.emailAttempt?.reminderFrom, undefined, 'the attempts of an older issue do not count');
});
