import type { Test } from 'tap';
import { InvalidAppend, StreamConflict, type StreamState } from '../../../src/event-store/event-store.js';
import { failureOf, ids, ownStream, type Subject, someEvents } from './subject.js';

/** An append that was decided on other streams is taken only while these are where they were. */
export async function givenStreamsContract(t: Test, { store }: Subject): Promise<void> {
  const written = async (count: number): Promise<StreamState> => {
    const stream = ownStream();
    return { stream, revision: (await store.append(stream, someEvents(count), 'none')).revision };
  };

  await t.test('it is taken while they are where they were, and while one that had no events has none', async (t) => {
    const given = [await written(1), await written(3), { stream: ownStream(), revision: 'none' as const }];
    t.equal((await store.append(ownStream(), someEvents(2), 'none', given)).revision, 1);
  });

  for (const expected of ['none', 'any'] as const) {
    await t.test(`it conflicts once one has moved, expecting ${expected}, and names that one`, async (t) => {
      const [still, moved] = [await written(1), await written(2)];
      await store.append(moved.stream, someEvents(1), 1);
      const stream = ownStream();
      const error = await failureOf(store.append(stream, someEvents(1), expected, [still, moved]));
      if (!(error instanceof StreamConflict)) throw error;
      t.strictSame([error.stream, error.expected, error.actual], [moved.stream, 1, 2]);
      t.equal((await store.readStream(stream)).revision, 'none', 'nothing was appended');
    });
  }

  await t.test('it conflicts once one that had no events has some', async (t) => {
    const given = await written(1);
    const error = await failureOf(
      store.append(ownStream(), someEvents(1), 'none', [{ stream: given.stream, revision: 'none' }]),
    );
    t.ok(error instanceof StreamConflict && error.expected === 'none' && error.actual === 0);
  });

  await t.test('its own stream is at fault when it is its own stream that moved', async (t) => {
    const [given, own] = [await written(1), await written(1)];
    const error = await failureOf(store.append(own.stream, someEvents(1), 'none', [given]));
    t.ok(error instanceof StreamConflict && error.stream === own.stream);
  });

  await t.test('repeated after they moved, it is answered as the first time', async (t) => {
    const [given, stream, events] = [await written(1), ownStream(), someEvents(2)];
    const first = await store.append(stream, events, 'none', [given]);
    await store.append(given.stream, someEvents(1), 0);
    t.strictSame(await store.append(stream, events, 'none', [given]), first);
    t.strictSame(ids((await store.readStream(stream)).events), ids(events), 'it is there once');
  });

  await t.test('of many at once, each is held against what it was given itself', async (t) => {
    const [one, other] = [await written(1), await written(2)];
    const outdated = { ...other, revision: 0 };
    const append = (given: readonly StreamState[]) => ({
      stream: ownStream(),
      events: someEvents(1),
      expectedRevision: 'none' as const,
      given,
    });
    const results = await store.appendMany([
      append([one, other]),
      append([one, outdated]),
      append([]),
      append([outdated]),
      append([one, other]),
    ]);
    t.strictSame(
      results.map((result) => (result.status === 'failed' ? result.error.code : result.status)),
      ['appended', 'stream-conflict', 'appended', 'stream-conflict', 'appended'],
    );
  });

  await t.test('what cannot be the state of a stream is refused', async (t) => {
    for (const state of [
      { stream: '', revision: 0 },
      { stream: 'a', revision: -1 },
      { stream: 'a', revision: 'any' },
    ]) {
      const error = await failureOf(store.append(ownStream(), someEvents(1), 'none', [state as StreamState]));
      t.ok(error instanceof InvalidAppend, JSON.stringify(state));
    }
  });
}
