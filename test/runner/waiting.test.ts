import t from 'tap';

import { Waiting } from './waiting.js';

t.test('files are run in order, but for those that would open a browser too many', async (t) => {
  const [one, two, three] = [1, 2, 3].map((number) => `dist/test/pages/${number}.test.js`) as [string, string, string];
  const other = 'dist/test/http/other.test.js';
  const waiting = new Waiting([one, two, three, other], 2);
  t.strictSame([waiting.next(), waiting.next(), waiting.next(), waiting.next()], [one, two, other, undefined]);
  waiting.done(other);
  t.equal(waiting.next(), undefined);
  waiting.done(one);
  t.strictSame([waiting.next(), waiting.next()], [three, undefined]);
  waiting.done(two);
  waiting.done(three);
  t.equal(waiting.next(), undefined);
});

t.test('once a run is broken off, nothing is begun any more', async (t) => {
  const waiting = new Waiting(['dist/test/gather.test.js'], 2);
  waiting.clear();
  t.equal(waiting.next(), undefined);
});
