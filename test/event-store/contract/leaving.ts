import { getEventListeners } from 'node:events';
import type { Test } from 'tap';
import { type EventBatch, EventStoreUnavailable } from '../../../src/event-store/event-store.js';
import { catchUp, Follower, follow } from './follower.js';
import { anEvent, door, failureOf, ids, ownStream, ownStreams, type Subject, someEvents } from './subject.js';

/** A subscription ends when it is told to, and a store when it is closed; neither leaves anything behind. */
export async function leavingContract(t: Test, subject: Subject): Promise<void> {
  const { store } = subject;

  await t.test('an abort before the first batch ends the iteration without a batch', async (t) => {
    const { prefix, name } = ownStreams();
    await store.append(name('a'), someEvents(1), 'none');
    const batches: EventBatch[] = [];
    const signal = AbortSignal.abort();
    const after = await store.head();
    for await (const batch of store.subscribe({ after, streamPrefixes: [prefix], signal })) batches.push(batch);
    t.strictSame(batches, []);
  });

  await t.test('an abort while the subscriber waits for events ends the iteration', async (t) => {
    const { prefix } = ownStreams();
    const follower = follow(t, store, { after: await store.head(), prefixes: [prefix] });
    await follower.hasCaughtUp();
    await follower.stop();
    t.ok(follower.hasEnded);
  });

  await t.test('an abort in the middle of a backlog ends the iteration', async (t) => {
    const { prefix, name } = ownStreams();
    const after = await store.head();
    await store.appendMany(
      Array.from({ length: 20 }, (_, index) => ({
        stream: name(index),
        events: someEvents(400),
        expectedRevision: 'none' as const,
      })),
    );
    const abort = new AbortController();
    let taken = 0;
    for await (const batch of store.subscribe({ after, streamPrefixes: [prefix], signal: abort.signal })) {
      taken += batch.events.length;
      if (taken > 0) {
        t.notOk(abort.signal.aborted, 'no batch follows the abort');
        abort.abort();
      }
    }
    t.ok(abort.signal.aborted);
  });

  await t.test('an abort while events come ends the iteration', async (t) => {
    const { prefix, name } = ownStreams();
    const follower = new Follower(store, { after: await store.head(), prefixes: [prefix] });
    let writing = true;
    const writer = (async () => {
      while (writing) await store.append(name('a'), someEvents(3), 'any');
    })();
    await follower.has(30);
    await follower.stop();
    writing = false;
    await writer;
    t.ok(follower.hasEnded);
  });

  await t.test('200 subscriptions left early leave nothing behind', async (t) => {
    const { prefix, name } = ownStreams();
    const after = await store.head();
    const events = someEvents(30);
    await store.append(name('a'), events, 'none');
    const { signal } = new AbortController();
    for (let round = 0; round < 200; round++) {
      for await (const batch of store.subscribe({ after, streamPrefixes: [prefix], signal })) {
        if (batch.events.length > 0) break;
      }
    }
    t.strictSame(getEventListeners(signal, 'abort'), [], 'nobody listens to the signal any more');
    await store.append(name('a'), [anEvent()], 29);
    t.equal((await store.readStream(name('a'))).revision, 30);
    t.equal((await catchUp(t, store, { after, prefixes: [prefix] })).length, 31);
  });

  await t.test('200 subscriptions aborted while they wait leave nothing behind', async (t) => {
    const { prefix, name } = ownStreams();
    const after = await store.head();
    for (let round = 0; round < 8; round++) {
      const followers = Array.from({ length: 25 }, () => new Follower(store, { after, prefixes: [prefix] }));
      await Promise.all(followers.map((follower) => follower.hasCaughtUp()));
      await Promise.all(followers.map((follower) => follower.stop()));
    }
    await store.append(name('a'), someEvents(2), 'none');
    t.equal((await catchUp(t, store, { after, prefixes: [prefix] })).length, 2);
  });

  await t.test('an error in the consumer ends its subscription only', async (t) => {
    const { prefix, name } = ownStreams();
    const after = await store.head();
    const other = follow(t, store, { after, prefixes: [prefix] });
    const failing = new Follower(store, {
      after,
      prefixes: [prefix],
      deal: ({ events }) => {
        if (events.length > 0) throw new Error('the consumer failed');
      },
    });
    await store.append(name('a'), someEvents(1), 'none');
    t.match(await failureOf(failing.ended), { message: 'the consumer failed' });
    await store.append(name('a'), someEvents(1), 0);
    await other.has(2);
    t.equal(failing.events.length, 1);
  });

  await t.test('closing the store ends its subscriptions without an error', async (t) => {
    const { prefix, name } = ownStreams();
    const closing = await subject.another(t);
    const after = await store.head();
    const waiting = follow(t, closing, { after, prefixes: [prefix] });
    const dealing = door();
    const busy = follow(t, closing, { after, prefixes: [name('busy')], deal: () => dealing.opened });
    await waiting.hasCaughtUp();
    await busy.hasCaughtUp();
    await closing.close();
    await waiting.ended;
    dealing.open();
    await busy.ended;
    t.pass('both iterations ended');
  });

  await t.test('closing the store lets appends and reads under way finish', async (t) => {
    const closing = await subject.another(t);
    const streams = Array.from({ length: 30 }, () => ownStream());
    const events = someEvents(30);
    const appends = streams.map((stream, index) => closing.append(stream, events.slice(index, index + 1), 'none'));
    const read = closing.readStream(streams[0] as string);
    await closing.close();
    await Promise.all(appends);
    await read;
    const stored = await store.readStreams(streams);
    t.strictSame(ids(stored.flatMap(({ events }) => events)), ids(events));
  });

  await t.test('a closed store is unavailable, and closing it again does nothing', async (t) => {
    const closed = await subject.another(t);
    await closed.close();
    await closed.close();
    t.ok((await failureOf(closed.append(ownStream(), someEvents(1), 'any'))) instanceof EventStoreUnavailable);
    t.ok((await failureOf(closed.readStream(ownStream()))) instanceof EventStoreUnavailable);
    t.ok((await failureOf(closed.head())) instanceof EventStoreUnavailable);
    const [result] = await closed.appendMany([{ stream: ownStream(), events: someEvents(1), expectedRevision: 'any' }]);
    t.equal(result?.status === 'failed' && result.error.code, 'event-store-unavailable');
  });
}
