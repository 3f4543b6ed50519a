import t from 'tap';

import type { EventStore } from '../../src/event-store/event-store.js';
import { ensureTables, projecting } from '../../src/projecting/project.js';
import { ProjectionOperations } from '../../src/rebuilding/operations.js';
import type { Progress } from '../../src/rebuilding/standing.js';
import { follow, openTestCore } from '../support/core.js';
import { until } from '../support/until.js';
import { gated } from './gate.js';
import { readNumbered, write } from './numbered.js';
import { patient } from './support.js';

const { core, url } = await openTestCore(t);
const { db, store } = core;
const projection = gated('none');
await ensureTables(projection, db);
const following = follow(core, projecting(projection, db));
t.teardown(() => following.stop());

/** More than it reads again: each time has to be quicker than the one before. */
const MOST = 500;

let written = 0;
async function writeAndProject(): Promise<void> {
  await write(store, String(written % 7), [written]);
  written++;
  await until(async () => (await readNumbered(db)).events === written, 'it is projected');
}

t.test('a rebuild ends, though the live tables are further whenever it has read what there was', async (t) => {
  for (let number = 0; number < 20; number++) await writeAndProject();
  const phases = new Set<Progress['phase']>();
  const busy = new Proxy(store, {
    get(real, property: keyof EventStore) {
      if (property !== 'head') return real[property]?.bind(real);
      return async () => {
        const head = await real.head();
        // Later, what is projected is held for a moment.
        if (phases.has('indexing')) return head;
        if (written === MOST) throw new Error('it reads for ever');
        await writeAndProject();
        return head;
      };
    },
  });
  const operations = new ProjectionOperations({ db, store: busy, connectionString: url, projections: [projection] });
  const onProgress = ({ phase }: Progress) => void phases.add(phase);
  t.match(await operations.rebuild('numbered', { ...patient, onProgress }), {
    state: 'built',
    comparison: { equal: true },
  });
  t.ok(written > 21, 'it has read more than once');
});
