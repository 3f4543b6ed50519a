import t from 'tap';

import { pauseBefore } from '../../src/reactor/retry.js';

t.test('the first attempt waits for nothing', async (t) => t.equal(pauseBefore(1), 0));

t.test('pauses grow to four hours and stay there', async (t) => {
  const middle = [2, 3, 4, 5, 6, 7, 8, 9, 50].map((attempt) => pauseBefore(attempt, () => 0.5) / 1_000);
  t.strictSame(middle, [30, 120, 600, 1_800, 3_600, 7_200, 14_400, 14_400, 14_400]);
});

t.test('they are spread by a quarter either way', async (t) => {
  t.strictSame([pauseBefore(2, () => 0), pauseBefore(2, () => 1)], [22_500, 37_500]);
});
