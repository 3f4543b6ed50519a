import t from 'tap';

import type { EventStore } from '../../src/event-store/event-store.js';
import { ensureTables, projecting } from '../../src/projecting/project.js';
import { Build } from '../../src/rebuilding/build.js';
import { compareAtOnePosition } from '../../src/rebuilding/same-position.js';
import { switchTables } from '../../src/rebuilding/switch.js';
import { follow, openTestCore } from '../support/core.js';
import { until } from '../support/until.js';
import { numbered, readNumbered, write } from './numbered.js';
import { operationsOn, patient } from './support.js';

/** A store that may fall silent: what is asked of it then is answered when it speaks again. */
function silenced(store: EventStore): { readonly store: EventStore; silent: boolean; asked: number } {
  const door = {
    silent: true,
    asked: 0,
    store: {
      append: (...request) => store.append(...request),
      appendMany: (...request) => store.appendMany(...request),
      readStream: (...request) => store.readStream(...request),
      readStreams: (...request) => store.readStreams(...request),
      head: () => store.head(),
      eventAt: (position) => store.eventAt(position),
      close: () => store.close(),
      async *subscribe(options) {
        door.asked++;
        await until(() => !door.silent || options.signal.aborted, 'the store says something', 60_000);
        yield* store.subscribe(options);
      },
    } satisfies EventStore,
  };
  return door;
}

t.test('an event store that falls silent', async (t) => {
  const test = await openTestCore(t);
  const { db, store, pool } = test.core;
  const projection = numbered();
  await ensureTables(projection, db);
  const following = follow(test.core, projecting(projection, db));
  t.teardown(() => following.stop());
  let written = 0;
  const writeMore = async () => {
    await write(store, 'a', [written]);
    written++;
    await until(async () => (await readNumbered(db)).events === written, 'it is projected');
  };
  await writeMore();
  await operationsOn(test, [projection]).rebuild('numbered', patient);

  await t.test('while tables are compared does not hold up the live ones', async (t) => {
    const door = silenced(store);
    await writeMore();
    const { signal } = patient;
    const slot = 'next' as const;
    let rounds = 0;
    const buildWithin = (within: AbortSignal): Build => {
      const isFirst = within === signal && rounds++ === 0;
      // Something came between the moment when the slot had caught up and that when the live tables are held.
      if (isFirst) return { position: async () => '~' } as unknown as Build;
      return new Build({ db, store: door.store, projection, slot, signal: within });
    };
    const comparing = compareAtOnePosition(db, { projection, slot, isAlone: true, signal, buildWithin });
    await until(() => door.asked > 0, 'the live tables are held while the gap is asked for');
    await writeMore();
    await until(() => rounds > 1, 'the live tables were let go');
    door.silent = false;
    t.match(await comparing, { equal: true });
  });

  await t.test('while tables are switched does not keep readers out', async (t) => {
    const door = silenced(store);
    await writeMore();
    const switching = switchTables({
      db,
      store: door.store,
      projection,
      slot: 'next',
      ...patient,
      act: 'switched',
      decision: {},
    });
    switching.catch(() => {});
    await until(() => door.asked > 0, 'the switch holds the tables and asks for what came meanwhile');
    t.equal((await readNumbered(db)).events, written, 'who reads gets an answer');
    await until(() => door.asked > 1, 'the switch tries again');
    t.equal((await readNumbered(db)).events, written);
    const { rows } = await pool.query(`select 1 from following.checkpoints where name = 'numbered:previous'`);
    t.equal(rows.length, 0, 'nothing was switched so far');
    door.silent = false;
    await switching;
    t.equal((await readNumbered(db)).events, written);
    await writeMore();
  });
});
