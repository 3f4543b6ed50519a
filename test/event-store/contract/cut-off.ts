import type { Test } from 'tap';
import { EventStoreUnavailable } from '../../../src/event-store/event-store.js';
import { catchUp, follow } from './follower.js';
import { appendSurely, CANNOT_DO, ids, ownStreams, type Subject, someEvents, surely } from './subject.js';
import { writeThrough } from './write-through.js';

/** The connection is cut: what was not answered is sent again, and followers go on. */
export async function cutOffContract(t: Test, subject: Subject): Promise<void> {
  const { store } = subject;
  const { disconnect } = subject.first;
  const unlessAble = disconnect ? {} : CANNOT_DO;

  await t.test('a follower goes on after its connection is cut', unlessAble, async (t) => {
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

  await t.test('appends sent again after the connection is cut are stored once', unlessAble, async (t) => {
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

  await t.test('while the connection is cut, only unavailability is reported', unlessAble, async (t) => {
    const { name } = ownStreams();
    const codes = new Set<string>();
    for (let round = 0; round < 10; round++) {
      const appends = Array.from({ length: 10 }, (_, index) =>
        store.append(name(`${round}-${index}`), someEvents(1), 'none'),
      );
      const reads = Array.from({ length: 10 }, (_, index) => store.readStream(name(`${round}-${index}`)));
      const settling = Promise.allSettled([...appends, ...reads]);
      await disconnect?.();
      for (const outcome of await settling) {
        if (outcome.status === 'fulfilled') continue;
        codes.add(outcome.reason instanceof EventStoreUnavailable ? outcome.reason.code : String(outcome.reason));
      }
    }
    codes.delete('event-store-unavailable');
    t.strictSame([...codes], []);
    await surely(() => store.readStream(name('after')), 'the store was there again');
  });
}
