import type { Test } from 'tap';
import { ForeignPosition, type Position, START } from '../../../src/event-store/event-store.js';
import { catchUp } from './follower.js';
import { failureOf, ownStreams, type Subject, someEvents } from './subject.js';

/** A log is known again by the event at a position. */
export async function eventAtContract(t: Test, { store, first }: Subject): Promise<void> {
  await t.test('an event is found at the position that it has, whatever its stream', async (t) => {
    const { prefix, name } = ownStreams();
    await store.append(name('a'), someEvents(3), 'none');
    await store.append(name('b'), someEvents(2), 'none');
    const events = await catchUp(t, store, { prefixes: [prefix] });
    t.equal(events.length, 5);
    for (const { id, position } of events) t.equal(await store.eventAt(position), id);
  });

  await t.test('the position that an append answers is that of its last event', async (t) => {
    const { name } = ownStreams();
    const events = someEvents(4);
    const { position } = await store.append(name('a'), events, 'none');
    t.equal(await store.eventAt(position), events[3]?.id);
  });

  await t.test('nothing stands before the first event, or behind the last', async (t) => {
    const { name } = ownStreams();
    const { position } = await store.append(name('a'), someEvents(1), 'none');
    t.equal(await store.eventAt(START), undefined);
    t.equal(await store.eventAt(position.replaceAll(/^0/g, '1').replaceAll('/0', '/1') as Position), undefined);
  });

  await t.test('a position of another engine is refused', async (t) => {
    t.ok((await failureOf(store.eventAt(first.foreignPosition))) instanceof ForeignPosition);
  });
}
