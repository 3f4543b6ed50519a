import type { Test } from 'tap';
import { follow } from './follower.js';
import { CANNOT_DO, ids, ownStreams, type Subject, someEvents, surely } from './subject.js';
import { writeThrough } from './write-through.js';

/** The server goes away and comes back: what was answered is still there, and everything goes on. */
export async function restartContract(t: Test, subject: Subject): Promise<void> {
  const { store } = subject;
  const { restart } = subject.first;

  await t.test('what was answered survives a restart, and everything goes on', restart ? {} : CANNOT_DO, async (t) => {
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
}
