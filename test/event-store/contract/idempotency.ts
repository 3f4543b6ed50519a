import type { Test } from 'tap';
import { type ExpectedRevision, StreamConflict } from '../../../src/event-store/event-store.js';
import { anEvent, failureOf, ids, ownStream, type Subject, someEvents } from './subject.js';

/** An append whose answer was lost is sent again: it must be stored once and answered as the first time. */
export async function idempotencyContract(t: Test, { store }: Subject): Promise<void> {
  /** How many events the stream has before, and what the append in question expects. */
  const cases: readonly { name: string; before: number; expected: ExpectedRevision }[] = [
    { name: 'no stream', before: 0, expected: 'none' },
    { name: 'any revision of a new stream', before: 0, expected: 'any' },
    { name: 'any revision of an old stream', before: 2, expected: 'any' },
    { name: 'an exact revision', before: 2, expected: 1 },
  ];

  for (const { name, before, expected } of cases) {
    const begin = async () => {
      const stream = ownStream();
      if (before > 0) await store.append(stream, someEvents(before), 'none');
      return stream;
    };

    for (const count of [1, 3]) {
      await t.test(`${count} event(s) repeated, expecting ${name}, are stored once`, async (t) => {
        const stream = await begin();
        const events = someEvents(count);
        const first = await store.append(stream, events, expected);
        t.strictSame(await store.append(stream, events, expected), first, 'the answer is the first one');
        t.equal((await store.readStream(stream)).events.length, before + count);
      });

      await t.test(`${count} event(s) repeated after the stream went on, expecting ${name}`, async (t) => {
        const stream = await begin();
        const events = someEvents(count);
        const first = await store.append(stream, events, expected);
        await store.append(stream, someEvents(2), first.revision);
        t.strictSame(await store.append(stream, events, expected), first, 'the answer is the first one');
        t.equal((await store.readStream(stream)).events.length, before + count + 2);
      });
    }

    await t.test(`an append that repeats only a part of an earlier one conflicts, expecting ${name}`, async (t) => {
      const stream = await begin();
      const events = someEvents(2);
      const first = await store.append(stream, events, expected);
      const error = await failureOf(store.append(stream, [...events, anEvent()], expected));
      t.ok(error instanceof StreamConflict);
      if (error instanceof StreamConflict) t.equal(error.actual, first.revision);
      t.equal((await store.readStream(stream)).events.length, before + 2);
    });

    await t.test(`the same append sent many times at once is stored once, expecting ${name}`, async (t) => {
      const stream = await begin();
      const events = someEvents(2);
      const answers = await Promise.all(Array.from({ length: 10 }, () => store.append(stream, events, expected)));
      t.strictSame(new Set(answers.map(({ revision }) => revision)), new Set([before + 1]));
      t.equal(new Set(answers.map(({ position }) => position)).size, 1, 'all answers have one position');
      t.equal((await store.readStream(stream)).events.length, before + 2);
    });
  }

  await t.test('the first data stay when the same id comes with other data', async (t) => {
    const stream = ownStream();
    const event = anEvent({ told: 'first' });
    const first = await store.append(stream, [event], 'none');
    t.strictSame(await store.append(stream, [{ ...event, data: { told: 'second' } }], 'none'), first);
    t.strictSame((await store.readStream(stream)).events[0]?.data, { told: 'first' });
  });

  await t.test('the same id expected at the last revision is a new event', async (t) => {
    const stream = ownStream();
    const event = anEvent();
    await store.append(stream, [event], 'none');
    t.equal((await store.append(stream, [event], 0)).revision, 1);
    t.strictSame(ids((await store.readStream(stream)).events), [event.id, event.id]);
  });

  await t.test('the same id in another stream is another event', async (t) => {
    const [one, other] = [ownStream(), ownStream()];
    const event = anEvent();
    await store.append(one, [event], 'any');
    t.equal((await store.append(other, [event], 'any')).revision, 0);
    t.equal((await store.readStream(other)).events.length, 1);
  });
}
