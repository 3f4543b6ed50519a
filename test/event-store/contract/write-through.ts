import type { ExpectedRevision } from '../../../src/event-store/event-store.js';
import { appendSurely, ids, type Subject, someEvents } from './subject.js';

/**
 * Six writers, each counting up a stream of its own and sending again what was not answered, while `disturb` runs: the ids
 * of what was answered.
 */
export async function writeThrough(
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
