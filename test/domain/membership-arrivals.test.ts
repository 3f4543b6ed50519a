import t from 'tap';
import { membership } from '../../src/domain/membership/membership.js';
import { holds } from '../../src/domain/membership/results.js';
import {
  beginEmail,
  giveUpEmail,
  recordBounce,
  recordDelivery,
  recordEmail,
  suppressEmail,
} from './support/membership-commands.js';
import {
  attempted,
  emailBounced,
  emailDeferred,
  emailDelivered,
  emailFailed,
  emailSent,
  invited,
  resent,
} from './support/membership-events.js';
import { day, hour } from './support/people-and-time.js';
import { specsOf } from './support/spec.js';

const given = specsOf(membership);
const mail = 'reminder';
const sent = [invited(), attempted(), emailSent()] as const;
const deferred = [invited(), attempted(), emailDeferred(hour(1))] as const;
/** A connection that ended between the mail and the reply. */
const arrived = [...deferred, emailDelivered({ sparedAttempt: 2 })] as const;

t.test('a report that a mail arrived', async (t) => {
  t.test(
    'is recorded',
    given(...sent)
      .when(recordDelivery())
      .then(emailDelivered()),
  );
  t.test(
    'also of an older issue',
    given(...sent, resent())
      .when(recordDelivery())
      .then(emailDelivered()),
  );
  t.test(
    'is none of a mail that was never sent',
    given(...sent)
      .when(recordDelivery({ attempt: 2 }))
      .thenNothing(),
  );
  t.test(
    'is not the last word',
    given(...sent, emailDelivered())
      .when(recordBounce())
      .then(emailBounced()),
  );
  t.test(
    'says which attempt it spares',
    given(...deferred)
      .when(recordDelivery())
      .then(emailDelivered({ sparedAttempt: 2 })),
  );
  t.test(
    'spares the next one also when it is about an earlier one, or does not say which',
    given(...deferred, attempted({ attempt: 2 }), emailDeferred(hour(2), { attempt: 2 }))
      .when(recordDelivery())
      .then(emailDelivered({ sparedAttempt: 3 })),
  );
  t.test(
    'spares it once',
    given(...arrived)
      .when(recordDelivery())
      .then(emailDelivered()),
  );
  for (const [what, history] of [
    ['while the attempt is under way', [invited(), attempted()]],
    ['of an older issue', [...deferred, resent(), attempted({ issue: 2 }), emailDeferred(hour(2), { issue: 2 })]],
    ['of a mail that came back', [...deferred, emailBounced()]],
    [
      'of the invitation, while its reminder waits',
      [...sent, attempted({ mail, attempt: 2 }), emailDeferred(day(4), { mail, attempt: 2 })],
    ],
  ] as const) {
    t.test(
      `spares none ${what}`,
      given(...history)
        .when(recordDelivery())
        .then(emailDelivered()),
    );
  }
});

t.test('a mail that arrived', async (t) => {
  t.test(
    'is not tried again',
    given(...arrived)
      .when(beginEmail(hour(1)))
      .thenNothing(),
  );
  t.test(
    'is not taken up again where its attempt was cut off',
    given(invited(), attempted(), emailDelivered())
      .when(suppressEmail(hour(1)))
      .thenNothing(),
  );
  t.test(
    'has not failed when its day is over',
    given(...arrived)
      .when(giveUpEmail(hour(24)))
      .thenNothing(),
  );
  t.test(
    'is sent anew when that is asked for',
    given(...arrived, resent())
      .when(beginEmail(hour(2), { issue: 2 }))
      .then(attempted({ issue: 2, since: hour(2) })),
  );
  t.test(
    'is followed by its reminder',
    given(...arrived)
      .when(beginEmail(day(3), { mail, messageId: '<reminder@example.com>' }))
      .then(attempted({ mail, attempt: 2, since: day(3), messageId: '<reminder@example.com>' })),
  );
  t.test(
    'and that one is tried until it has arrived itself',
    given(...arrived, attempted({ mail, attempt: 2, since: day(3) }), emailDeferred(day(4), { mail, attempt: 2 }))
      .when(beginEmail(day(4), { mail }))
      .then(attempted({ mail, attempt: 3, since: day(3) })),
  );
});

t.test('a report that comes once the next attempt has begun', async (t) => {
  const late = [...deferred, attempted({ attempt: 2 }), emailDelivered()] as const;
  for (const [outcome, event] of [
    ['sent', emailSent({ attempt: 2 })],
    ['failed', emailFailed({ attempt: 2 })],
  ] as const) {
    t.test(
      `leaves it to what it comes to: ${outcome}`,
      given(...late)
        .when(recordEmail(outcome, { attempt: 2, reply: event.data.reply }))
        .then(event),
    );
  }
  const { nextAttemptAt: _none, giveUpAt: _neither, ...data } = emailDeferred(hour(2), { attempt: 2 }).data;
  const last = { type: 'InvitationEmailDeferred', data } as const;
  for (const hours of [2, 25]) {
    t.test(
      'makes its deferral the last one, and no failure',
      given(...late)
        .when(recordEmail('deferred', { attempt: 2, reply: data.reply, nextAttemptAt: hour(hours) }))
        .then(last),
    );
  }
  t.test(
    'after which nothing is tried',
    given(...late, last)
      .when(beginEmail(hour(2)))
      .thenNothing(),
  );
  t.test(
    'of which another that was begun all the same is the last',
    given(...arrived, attempted({ attempt: 2 }), emailDeferred(hour(2), { attempt: 2 }))
      .when(beginEmail(hour(2)))
      .thenNothing(),
  );
});

t.test('who answers for a mail is not told that it failed once it has arrived', async (t) => {
  const state = (...history: Parameters<typeof membership.evolve>[1][]) =>
    history.reduce(membership.evolve, membership.initialState);
  t.ok(holds('undelivered', state(invited(), attempted(), emailFailed()), hour(1)));
  t.notOk(holds('undelivered', state(invited(), attempted(), emailFailed(), emailDelivered()), hour(1)));
  t.ok(holds('undelivered', state(invited(), attempted(), emailDelivered(), emailBounced()), hour(1)));
});
