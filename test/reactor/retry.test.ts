import t from 'tap';

import { nextAttemptAt, pauseBefore } from '../../src/reactor/retry.js';
import { hour } from '../domain/support/people-and-time.js';

t.test('the first attempt waits for nothing', async (t) => t.equal(pauseBefore(1), 0));

t.test('pauses grow to four hours and stay there', async (t) => {
  const middle = [2, 3, 4, 5, 6, 7, 8, 9, 50].map((attempt) => pauseBefore(attempt, () => 0.5) / 1_000);
  t.strictSame(middle, [30, 120, 600, 1_800, 3_600, 7_200, 14_400, 14_400, 14_400]);
});

t.test('they are spread by a quarter either way', async (t) => {
  t.strictSame([pauseBefore(2, () => 0), pauseBefore(2, () => 1)], [22_500, 37_500]);
});

t.test('a pause that would outlast the day is cut, so that the last attempt is made when the day ends', async (t) => {
  const at = (hours: number, attempt: number) =>
    nextAttemptAt(attempt, hour(0), new Date(hour(hours)), { random: () => 0.5 });
  t.equal(at(12, 9), hour(16));
  t.equal(at(21, 9), '2030-01-01T23:59:59.000Z');
  t.equal(at(23.95, 9), hour(27.95), 'but not a second time');
});

t.test('an installation may have pauses of its own', async (t) => {
  const options = { random: () => 0.5, pauses: [1_000, 2_000] } as const;
  t.equal(nextAttemptAt(2, hour(0), new Date(hour(0)), options), '2030-01-01T00:00:01.000Z');
  t.equal(nextAttemptAt(7, hour(0), new Date(hour(0)), options), '2030-01-01T00:00:02.000Z');
});
