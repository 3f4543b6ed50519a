import { randomBytes } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Test } from 'tap';
import type { EventStore, RecordedEvent } from '../../../src/event-store/event-store.js';
import { until } from '../../support/until.js';
import { catchUp, follow } from './follower.js';
import { anEvent, door, ids, ownStreams, type Subject, someEvents } from './subject.js';

/** Nothing is lost, doubled or out of order, however fast it is written and however slowly it is taken. */
export async function followUnderLoadContract(t: Test, subject: Subject): Promise<void> {
  const { store } = subject;

  await t.test('a large backlog is delivered in the order of the log', async (t) => {
    const { prefix, name } = ownStreams();
    const appends = Array.from({ length: 60 }, (_, index) => ({
      stream: name(index % 20),
      events: someEvents(200, Math.floor(index / 20) * 200),
      expectedRevision: 'any' as const,
    }));
    for (let from = 0; from < appends.length; from += 20) await store.appendMany(appends.slice(from, from + 20));
    const delivered = await catchUp(t, store, { prefixes: [prefix] });
    t.equal(delivered.length, 12_000);
    isOrdered(t, delivered);
    t.strictSame(
      delivered.filter(({ stream }) => stream === name(7)).map(({ data }) => data['number']),
      Array.from({ length: 600 }, (_, index) => index),
    );
  });

  await t.test('500 events of one append reach a live subscriber', async (t) => {
    const { prefix, name } = ownStreams();
    const follower = follow(t, store, { after: await store.head(), prefixes: [prefix] });
    await follower.hasCaughtUp();
    const events = someEvents(500);
    await store.append(name('a'), events, 'none');
    await follower.has(500);
    t.strictSame(ids(follower.events), ids(events));
  });

  await t.test('several subscribers follow writers at full speed', async (t) => {
    const { prefix, name } = ownStreams();
    const stores = [store, await subject.another(t)];
    const after = await store.head();
    const early = stores.map((store) => follow(t, store, { after, prefixes: [prefix] }));
    const written = await writeAtFullSpeed(stores, name);
    const late = await catchUp(t, store, { after, prefixes: [prefix] });
    for (const follower of early) {
      await follower.has(written.length);
      isOrdered(t, follower.events);
      t.strictSame(ids(follower.events).sort(), written.sort(), 'every event came once');
      t.strictSame(ids(follower.events), ids(late), 'every subscriber sees one order');
    }
  });

  await t.test('a subscriber that is cut off again and again continues where it was', async (t) => {
    const { prefix, name } = ownStreams();
    let after = await store.head();
    const last = anEvent();
    const writing = writeAtFullSpeed([store], name).then(async (written) => {
      await store.append(name('last'), [last], 'none');
      return [...written, last.id];
    });
    const taken: RecordedEvent[] = [];
    const { signal } = new AbortController();
    while (taken.at(-1)?.id !== last.id) {
      for await (const batch of store.subscribe({ after, streamPrefixes: [prefix], signal })) {
        taken.push(...batch.events);
        after = batch.position;
        if (batch.events.length > 0) break;
      }
    }
    isOrdered(t, taken);
    t.strictSame(ids(taken).sort(), (await writing).sort());
  });

  await t.test('a slow consumer gets everything, in order', async (t) => {
    const { prefix, name } = ownStreams();
    let next = door();
    const follower = follow(t, store, { after: await store.head(), prefixes: [prefix], deal: () => next.opened });
    await follower.hasCaughtUp();
    const events: string[] = [];
    for (let round = 0; round < 10; round++) {
      const more = someEvents(300);
      events.push(...ids(more));
      await store.append(name('a'), more, 'any');
      next.open();
      next = door();
    }
    next.open();
    await follower.has(3_000);
    t.strictSame(ids(follower.events), events);
  });

  await t.test('the store reads no more than a bounded buffer ahead of a consumer that stops taking', async (t) => {
    const { prefix, name } = ownStreams();
    const after = await store.head();
    const appendMegabytes = async (count: number) => {
      for (let index = 0; index < count; index++) {
        await store.append(name('a'), [anEvent({ text: randomBytes(450_000).toString('hex') })], 'any');
      }
    };
    await appendMegabytes(40);
    const before = memoryInUse();
    const pause = door();
    const follower = follow(t, store, {
      after,
      prefixes: [prefix],
      deal: ({ events }) => (events.length > 0 ? pause.opened : undefined),
    });
    await follower.has(1);
    await appendMegabytes(20);
    // A collection leaves the freeing of buffers to other threads, which may take their time.
    await until(() => memoryInUse() - before < 30_000_000, 'less than 30 MB are held of 54 MB appended');
    pause.open();
    await follower.has(60);
    isOrdered(t, follower.events);
  });
}

/** Eight writers, one to three events an append, five streams that they share: the ids of what they appended. */
async function writeAtFullSpeed(stores: readonly EventStore[], name: (suffix: number) => string): Promise<string[]> {
  const written: string[] = [];
  const writer = async (number: number) => {
    const store = stores[number % stores.length] as EventStore;
    for (let round = 0; round < 60; round++) {
      const events = someEvents(1 + ((number + round) % 3));
      await store.append(name((number * round) % 5), events, 'any');
      written.push(...ids(events));
    }
  };
  await Promise.all(Array.from({ length: 8 }, (_, number) => writer(number)));
  return written;
}

/** Positions ascend, and the revisions of each stream count up without a gap. */
function isOrdered(t: Test, events: readonly RecordedEvent[]): void {
  const revisions = new Map<string, number>();
  let last = '';
  for (const { stream, revision, position } of events) {
    if (position <= last) return void t.fail(`position ${position} comes after ${last}`);
    last = position;
    const before = revisions.get(stream) ?? -1;
    if (revision !== before + 1) return void t.fail(`${stream}: revision ${revision} comes after ${before}`);
    revisions.set(stream, revision);
  }
  t.pass('positions ascend and revisions have no gap');
}

/** Bytes that are reachable, in the heap and in buffers outside it. */
function memoryInUse(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
