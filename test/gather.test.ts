import t from 'tap';
import { Gather } from '../src/gather.js';

/** A gatherer whose calls are answered when the test says so. */
function gathering(options: { callsInFlight?: number; largestCall?: number; heaviestCall?: number } = {}) {
  const calls: { readonly requests: readonly string[]; answer(): void; fail(error: Error): void }[] = [];
  const gather = new Gather<string, string>({
    send: (requests) =>
      new Promise((resolve, reject) => {
        calls.push({
          requests,
          answer: () => resolve(requests.map((request) => `answer to ${request}`)),
          fail: reject,
        });
      }),
    callsInFlight: 1,
    largestCall: 100,
    weigh: (request) => request.length,
    ...options,
  });
  return { gather, calls };
}

/** What was asked for in this turn of the event loop has been sent when this settles. */
const aTurn = () => new Promise((resolve) => setImmediate(resolve));

t.test('what is asked for in one turn goes out in one call, in order', async (t) => {
  const { gather, calls } = gathering();
  const answers = ['a', 'b', 'c'].map((request) => gather.ask(request));
  t.strictSame(calls, [], 'nothing is sent before the turn ends');
  await aTurn();
  t.strictSame(
    calls.map(({ requests }) => requests),
    [['a', 'b', 'c']],
  );
  calls[0]?.answer();
  t.strictSame(await Promise.all(answers), ['answer to a', 'answer to b', 'answer to c']);
});

t.test('what is asked for while a call is under way goes out together in the next one', async (t) => {
  const { gather, calls } = gathering();
  const first = gather.ask('a');
  await aTurn();
  const later = [gather.ask('b')];
  await aTurn();
  later.push(gather.ask('c'));
  await aTurn();
  t.equal(calls.length, 1, 'only one call is under way');
  calls[0]?.answer();
  await first;
  await aTurn();
  t.strictSame(calls[1]?.requests, ['b', 'c']);
  calls[1]?.answer();
  t.strictSame(await Promise.all(later), ['answer to b', 'answer to c']);
});

t.test('as many calls are under way at once as are allowed', async (t) => {
  const { gather, calls } = gathering({ callsInFlight: 2 });
  const answers: Promise<string>[] = [];
  for (const request of ['a', 'b', 'c']) {
    answers.push(gather.ask(request));
    await aTurn();
  }
  t.strictSame(
    calls.map(({ requests }) => requests),
    [['a'], ['b']],
  );
  calls[1]?.answer();
  await answers[1];
  await aTurn();
  t.strictSame(calls[2]?.requests, ['c']);
  for (const call of calls) call.answer();
  await Promise.all(answers);
});

t.test('a call carries no more requests than it may', async (t) => {
  const { gather, calls } = gathering({ callsInFlight: 3, largestCall: 2 });
  const answers = ['a', 'b', 'c', 'd', 'e'].map((request) => gather.ask(request));
  await aTurn();
  t.strictSame(
    calls.map(({ requests }) => requests),
    [['a', 'b'], ['c', 'd'], ['e']],
  );
  for (const call of calls) call.answer();
  await Promise.all(answers);
});

t.test('a call weighs no more than it may, unless one request alone does', async (t) => {
  const { gather, calls } = gathering({ callsInFlight: 9, heaviestCall: 4 });
  const answers = ['aa', 'bb', 'c', 'dddddd', 'e'].map((request) => gather.ask(request));
  await aTurn();
  t.strictSame(
    calls.map(({ requests }) => requests),
    [['aa', 'bb'], ['c'], ['dddddd'], ['e']],
  );
  for (const call of calls) call.answer();
  await Promise.all(answers);
});

t.test('a failed call fails what it carried, and nothing else', async (t) => {
  const { gather, calls } = gathering();
  const failing = [gather.ask('a'), gather.ask('b')].map((answer) => t.rejects(answer, { message: 'cut off' }));
  await aTurn();
  const next = gather.ask('c');
  calls[0]?.fail(new Error('cut off'));
  await Promise.all(failing);
  await aTurn();
  calls[1]?.answer();
  t.equal(await next, 'answer to c');
});

t.test('it is idle when everything is answered, failed calls included', async (t) => {
  const { gather, calls } = gathering();
  await gather.idle();
  let isIdle = false;
  const answers = Promise.allSettled([gather.ask('a')]);
  const idle = gather.idle().then(() => {
    isIdle = true;
  });
  await aTurn();
  const later = gather.ask('b');
  calls[0]?.fail(new Error('cut off'));
  await answers;
  await aTurn();
  t.notOk(isIdle, 'another call is under way');
  calls[1]?.answer();
  await later;
  await idle;
  t.ok(isIdle);
});
