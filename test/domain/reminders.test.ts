import t from 'tap';
import { checkRemindAfter, REMIND_AFTER, remindAt } from '../../src/domain/reminders.js';
import { DAY, day, HOUR, hour } from './support/people-and-time.js';

t.test('when an invitation is reminded of', async (t) => {
  for (const [what, afterSeconds, expiresAt, at] of [
    ['after three days of seven', 3 * DAY, day(7), day(3)],
    ['where a day is left, to the millisecond', 3 * DAY, day(4), day(3)],
    ['not where less is', 3 * DAY, '2030-01-04T23:59:59.999Z', undefined],
    ['not of one that lives a day', 3 * DAY, day(1), undefined],
    ['nor where the reminder would be as short as the invitation', DAY, hour(1), undefined],
    ['at the latest of the longest invitation', REMIND_AFTER.longest, day(30), day(29)],
  ] as const) {
    t.test(what, async (t) => t.equal(remindAt(hour(0), expiresAt, afterSeconds), at));
  }
});

t.test('how long after an invitation its reminder may follow', async (t) => {
  for (const seconds of [DAY, 3 * DAY, 29 * DAY]) t.equal(checkRemindAfter(seconds), seconds);
  for (const seconds of [DAY - 1, 29 * DAY + 1, HOUR, 0, -DAY, DAY + 0.5, Number.NaN]) {
    t.throws(() => checkRemindAfter(seconds), { code: 'invalid-reminders' }, String(seconds));
  }
});
