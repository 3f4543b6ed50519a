import type { Test } from 'tap';
import { EventStoreUnavailable, ForeignPosition, type Position, START } from '../../../src/event-store/event-store.js';
import { catchUp } from './follower.js';
import { failureOf, ids, ownStreams, type Subject, someEvents } from './subject.js';

/** Events that are said to be at hand are given again, and no others are said to be. */
export async function eventsAtHandContract(t: Test, subject: Subject): Promise<void> {
  const { store, first } = subject;
  const { prefix, name } = ownStreams();
  await store.append(name('a'), someEvents(3), 'none');
  await store.append(name('b'), someEvents(2), 'none');
  const events = await catchUp(t, store, { prefixes: [prefix] });
  const positions = events.map(({ position }) => position);

  await t.test('an event says whether it is, however it was read', async (t) => {
    const { events: ofStream } = await store.readStream(name('a'));
    for (const event of [...events, ...ofStream]) t.equal(event.isAtHand, store.eventsAt !== undefined);
    t.notOk({ ...events[0] }.isAtHand, 'a copy is none');
  });

  if (!store.eventsAt) return;

  await t.test('they are given in the order asked for, as often as asked for', async (t) => {
    const order = [4, 0, 2, 0];
    const given = await store.eventsAt?.(order.map((index) => positions[index] as Position));
    t.strictSame(
      given?.map((event) => [event, event.texts?.(), event.isAtHand]),
      order.map((index) => [events[index], events[index]?.texts?.(), true]),
    );
    t.strictSame(await store.eventsAt?.([]), []);
  });

  await t.test('where none stands, none is given', async (t) => {
    const behind = (positions[0] ?? '').replace(/^0/, '1') as Position;
    const given = await store.eventsAt?.([START, ...positions, behind]);
    t.strictSame(ids(given ?? []), ids(events));
  });

  await t.test('a position of another engine is refused, and so is whatever a closed store is asked for', async (t) => {
    const asked = Promise.resolve(store.eventsAt?.([...positions, first.foreignPosition]));
    t.ok((await failureOf(asked)) instanceof ForeignPosition);
    const closed = await subject.another(t);
    await closed.close();
    t.ok((await failureOf(Promise.resolve(closed.eventsAt?.(positions)))) instanceof EventStoreUnavailable);
  });
}
