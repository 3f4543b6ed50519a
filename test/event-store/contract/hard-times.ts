import type { Test } from 'tap';
import { EventStoreUnavailable, type ExpectedRevision } from '../../../src/event-store/event-store.js';
import { catchUp, follow } from './follower.js';
import { appendSurely, ids, ownStreams, type Subject, someEvents, surely } from './subject.js';

/** The server goes away and comes back: what was answered stays, what was not is sent again, and followers go on. */
export async function hardTimesContract(t: Test, subject: Subject): Promise<void> {
  const { store } = subject;
  const { disconnect, restart } = subject.first;
  const unlessAble = (able: unknown) => (able ? {} : { skip: 'this engine cannot do it here' });

  await t.test('a follower goes on after its connection is cut', unlessAble(disconnect), async (t) => {
    const { prefix, name } = ownStreams();
    const follower = follow(t, store, { after: await store.head(), prefixes: [prefix] });
    await follower.hasCaughtUp();
    const events = someEvents(6);
    for (const [index, event] of events.entries()) {
      await disconnect?.();
      await appendSurely(store, name('a'), [event], index === 0 ? 'none' : index - 1);
      await follower.has(index + 1);
    }
    t.strictSame(ids(follower.events), ids(events));
  });

  await t.test('appends sent again after the connection is cut are stored once', unlessAble(disconnect), async (t) => {
    const { prefix, name } = ownStreams();
    const after = await store.head();
    const follower = follow(t, store, { after, prefixes: [prefix] });
    const written = await writeThrough(subject, name, async () => {
      for (let round = 0; round < 5; round++) {
        await disconnect?.();
        await follower.has(follower.events.length + 20);
      }
    });
    await follower.has(written.length);
    t.strictSame(ids(follower.events).sort(), written.sort(), 'the live follower saw each event once');
    const stored = await catchUp(t, store, { after, prefixes: [prefix] });
    t.strictSame(ids(stored), ids(follower.events));
  });

  await t.test('what was answered survives a restart, and everything goes on', unlessAble(restart), async (t) => {
    const { prefix, name } = ownStreams();
    const after = await store.head();
    const follower = follow(t, store, { after, prefixes: [prefix] });
    const early = someEvents(20);
    await store.append(name('early'), early, 'none');
    const written = await writeThrough(subject, name, async () => {
      await follower.has(100);
      await restart?.();
    });
    await follower.has(written.length + 20);
    t.strictSame(ids(follower.events).sort(), [...ids(early), ...written].sort());
    const read = await surely(() => store.readStream(name('early')), 'the stream was read');
    t.strictSame(ids(read.events), ids(early));
  });

  await t.test('while the connection is cut, only unavailability is reported', unlessAble(disconnect), async (t) => {
    const { name } = ownStreams();
    const codes = new Set<string>();
    for (let round = 0; round < 10; round++) {
      const appends = Array.from({ length: 10 }, (_, index) =>
        store.append(name(`${round}-${index}`), someEvents(1), 'none'),
      );
      const reads = Array.from({ length: 10 }, (_, index) => store.readStream(name(`${round}-${index}`)));
      await disconnect?.();
      for (const outcome of await Promise.allSettled([...appends, ...reads])) {
        if (outcome.status === 'fulfilled') continue;
        codes.add(outcome.reason instanceof EventStoreUnavailable ? outcome.reason.code : String(outcome.reason));
      }
    }
    codes.delete('event-store-unavailable');
    t.strictSame([...codes], []);
    await surely(() => store.readStream(name('after')), 'the store was there again');
  });
}

/** Writers that each count up a stream of their own, sending again what was not answered, while `disturb` runs. */
async function writeThrough(
  { store }: Subject,
  name: (suffix: number) => string,
  disturb: () => Promise<void>,
): Promise<string[]> {
  const written: string[] = [];
  let disturbing = true;
  const writer = async (number: number) => {
    let revision: ExpectedRevision = 'none';
    while (disturbing) {
      const events = someEvents(1 + (number % 2));
      revision = (await appendSurely(store, name(number), events, revision)).revision;
      written.push(...ids(events));
    }
  };
  const writers = Array.from({ length: 6 }, (_, number) => writer(number));
  await disturb();
  disturbing = false;
  await Promise.all(writers);
  return written;
}
