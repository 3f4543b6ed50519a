import t from 'tap';

import { START } from '../../src/event-store/event-store.js';
import { dealWithEach } from '../../src/http/recipients/each-invitation.js';

t.test('once one has failed no other is begun, and those that were are waited for', async (t) => {
  let finish = (): void => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  let [begun, ended] = [0, 0];
  const act = async () => {
    if (begun++ === 0) throw new RangeError('a defect');
    await finished;
    ended++;
    return { position: START };
  };
  const ids = Array.from({ length: 200 }, (_, index) => `invitation-${index}`);
  let isOver = false;
  const dealing = dealWithEach(ids, 'done', act).finally(() => {
    isOver = true;
  });
  dealing.catch(() => {});
  await new Promise(setImmediate);
  const atOnce = begun;
  t.notOk(isOver);
  finish();
  await t.rejects(dealing, RangeError);
  t.equal(begun, atOnce, 'none was begun since');
  t.equal(ended, begun - 1);
});
