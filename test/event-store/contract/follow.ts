import type { Test } from 'tap';
import { ForeignPosition, START } from '../../../src/event-store/event-store.js';
import { until } from '../../support/until.js';
import { catchUp, follow } from './follower.js';
import { failureOf, ids, ownStream, ownStreams, type Subject, someEvents } from './subject.js';

/** A subscription delivers what is there, then what comes, in the order of the log. */
export async function followContract(t: Test, subject: Subject): Promise<void> {
  const { store } = subject;

  await t.test('from the start of the log, everything is delivered as it reads', async (t) => {
    const { prefix, name } = ownStreams();
    await store.append(name('a'), someEvents(3), 'none');
    await store.append(name('b'), someEvents(2), 'none');
    await store.append(name('a'), someEvents(1), 2);
    const delivered = await catchUp(t, store, { after: START, prefixes: [prefix] });
    const [a, b] = await store.readStreams([name('a'), name('b')]);
    t.strictSame(delivered, [...(a?.events.slice(0, 3) ?? []), ...(b?.events ?? []), ...(a?.events.slice(3) ?? [])]);
  });

  await t.test('after a position, only what is behind it is delivered', async (t) => {
    const { prefix, name } = ownStreams();
    const before = await store.append(name('a'), someEvents(3), 'none');
    const events = someEvents(2);
    await store.append(name('b'), events, 'none');
    t.strictSame(ids(await catchUp(t, store, { after: before.position, prefixes: [prefix] })), ids(events));
  });

  await t.test('after an event in the middle of an append, its rest is delivered', async (t) => {
    const { prefix, name } = ownStreams();
    const events = someEvents(4);
    await store.append(name('a'), events, 'none');
    const after = (await store.readStream(name('a'))).events[1]?.position ?? START;
    t.strictSame(ids(await catchUp(t, store, { after, prefixes: [prefix] })), ids(events.slice(2)));
  });

  await t.test('only streams with one of the prefixes are delivered', async (t) => {
    const { prefix, name } = ownStreams();
    const events = someEvents(4);
    for (const [index, suffix] of ['cat-1', 'dog-1', 'catfish-1', 'c'].entries()) {
      await store.append(name(suffix), events.slice(index, index + 1), 'none');
    }
    const after = START;
    t.strictSame(ids(await catchUp(t, store, { after, prefixes: [name('cat-')] })), ids(events.slice(0, 1)));
    t.strictSame(
      ids(await catchUp(t, store, { after, prefixes: [name('dog-'), name('catfish-')] })),
      ids(events.slice(1, 3)),
    );
    t.strictSame(
      ids(await catchUp(t, store, { after, prefixes: [name('cat'), name('c')] })).length,
      3,
      'none is doubled',
    );
    t.strictSame(ids(await catchUp(t, store, { after, prefixes: [prefix] })), ids(events));
  });

  await t.test('characters that patterns give a meaning mean themselves in a prefix', async (t) => {
    const { name } = ownStreams();
    const after = await store.head();
    const suffixes = ['x.*', 'x%_', 'x|y', 'xay', 'x\\', 'x[a]', 'x(a)^$'];
    for (const suffix of suffixes) await store.append(name(suffix), someEvents(1), 'none');
    for (const suffix of suffixes) {
      const delivered = await catchUp(t, store, { after, prefixes: [name(suffix)] });
      t.strictSame(
        delivered.map(({ stream }) => stream),
        [name(suffix)],
      );
    }
  });

  await t.test('what comes is delivered live', async (t) => {
    const { prefix, name } = ownStreams();
    const follower = follow(t, store, { after: await store.head(), prefixes: [prefix] });
    await follower.hasCaughtUp();
    const events = someEvents(20);
    for (const [index, event] of events.entries()) {
      await store.append(name('a'), [event], index === 0 ? 'none' : index - 1);
      await follower.has(index + 1);
    }
    t.strictSame(ids(follower.events), ids(events));
  });

  await t.test('what another store appends is delivered live', async (t) => {
    const { prefix, name } = ownStreams();
    const follower = follow(t, store, { after: await store.head(), prefixes: [prefix] });
    await follower.hasCaughtUp();
    const events = someEvents(3);
    await (await subject.another(t)).append(name('a'), events, 'none');
    await follower.has(3);
    t.strictSame(follower.events, (await store.readStream(name('a'))).events);
  });

  await t.test('the position that an append answers is reached with its last event', async (t) => {
    const { prefix, name } = ownStreams();
    const follower = follow(t, store, { after: await store.head(), prefixes: [prefix] });
    const appended = await store.append(name('a'), someEvents(3), 'none');
    await follower.hasReached(appended.position);
    t.equal(follower.events.length, 3, 'all events of the append came before the checkpoint reached it');
    t.equal(follower.events.at(-1)?.position, appended.position);
  });

  await t.test('an empty part of the log is caught up with at once', async (t) => {
    const { prefix } = ownStreams();
    const after = await store.head();
    const follower = follow(t, store, { after, prefixes: [prefix] });
    await follower.hasCaughtUp();
    t.strictSame(follower.events, []);
    t.ok(follower.position >= after, 'the checkpoint does not move back');
  });

  await t.test('a backlog is delivered before a batch says that it caught up', async (t) => {
    const { prefix, name } = ownStreams();
    await store.appendMany(
      Array.from({ length: 50 }, (_, index) => ({
        stream: name(index),
        events: someEvents(5),
        expectedRevision: 'none' as const,
      })),
    );
    t.equal((await catchUp(t, store, { prefixes: [prefix] })).length, 250);
  });

  await t.test('the checkpoint moves past events that the prefixes leave out', async (t) => {
    const { prefix } = ownStreams();
    const follower = follow(t, store, { after: await store.head(), prefixes: [prefix] });
    await follower.hasCaughtUp();
    const stream = ownStream();
    const first = await store.append(stream, someEvents(1), 'none');
    await until(async () => {
      await store.append(stream, someEvents(50), 'any');
      return follower.position >= first.position;
    }, 'the checkpoint moved past events of another category');
    t.strictSame(follower.events, []);
  });

  await t.test('from the checkpoint of any batch, the rest is delivered once', async (t) => {
    const { prefix, name } = ownStreams();
    const follower = follow(t, store, { prefixes: [prefix] });
    let appended = 0;
    for (let round = 0; round < 12; round++) {
      const events = someEvents(1 + (round % 4));
      await store.append(name(round % 3), events, 'any');
      await store.append(ownStream(), someEvents(1), 'none');
      appended += events.length;
      await follower.has(appended);
    }
    const { position } = await store.append(name('last'), someEvents(1), 'none');
    await follower.hasReached(position);
    let seen = 0;
    for (const batch of follower.batches) {
      seen += batch.events.length;
      t.strictSame(
        ids(await catchUp(t, store, { after: batch.position, prefixes: [prefix] })),
        ids(follower.events.slice(seen)),
      );
    }
  });

  await t.test('checkpoints ascend and are never behind the events of their batch', async (t) => {
    const { prefix, name } = ownStreams();
    const follower = follow(t, store, { after: await store.head(), prefixes: [prefix] });
    for (let round = 0; round < 30; round++) await store.append(name(round), someEvents(2), 'none');
    await follower.has(60);
    const checkpoints = follower.batches.map(({ position }) => position);
    t.strictSame(checkpoints, [...checkpoints].sort());
    for (const { events, position } of follower.batches) {
      for (const event of events) if (event.position > position) t.fail('an event is behind its checkpoint');
    }
  });

  await t.test('a position of another engine is refused', async (t) => {
    const error = await failureOf(
      catchUp(t, store, { after: subject.first.foreignPosition, prefixes: [ownStreams().prefix] }),
    );
    t.ok(error instanceof ForeignPosition);
    t.equal((error as ForeignPosition).code, 'foreign-position');
  });

  await t.test('a subscription to no prefix is refused', async (t) => {
    t.ok((await failureOf(catchUp(t, store, { prefixes: [] }))) instanceof TypeError);
  });
}
