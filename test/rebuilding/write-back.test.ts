import fc from 'fast-check';
import { sql } from 'kysely';
import t, { type Test } from 'tap';

import { auditHistory } from '../../projections/audit-history/projection.js';
import { userHistory } from '../../projections/user-history/projection.js';
import { usersTab } from '../../projections/users-tab/projection.js';
import { workspaces } from '../../projections/workspaces/projection.js';
import type { DomainEvent } from '../../src/domain/codec.js';
import { accountStream, membershipStream } from '../../src/domain/streams.js';
import { type Position, type RecordedEvent, START } from '../../src/event-store/event-store.js';
import { moveCheckpoint } from '../../src/projecting/checkpoint.js';
import type { Projection } from '../../src/projecting/projection.js';
import { finishSlot } from '../../src/rebuilding/finish-slot.js';
import { SetAside } from '../../src/rebuilding/set-aside.js';
import {
  checkpointOf,
  type DeferredIndex,
  deferredIndexes,
  dropSlot,
  inSlot,
  makeKeys,
  makeSlot,
  schemaOf,
  tablesOf,
} from '../../src/rebuilding/slot.js';
import { WriteBack, type WriteBackLimits } from '../../src/rebuilding/write-back.js';
import { events as anyEvent } from '../domain/support/arbitraries.js';
import { invited } from '../domain/support/membership-events.js';
import { hour, idOf, WORKSPACE } from '../domain/support/people-and-time.js';
import { recorded } from '../projections/recorded.js';
import { openTestCore } from '../support/core.js';
import { constraintsOf, patient } from './support.js';

const { core } = await openTestCore(t);
const { db } = core;

/** Events of a few people in two workspaces, with clocks that go wrong by hours, and renames. */
const logs = fc
  .array(
    fc.record({
      who: fc.nat(4),
      where: fc.nat(1),
      at: fc.integer({ min: -2, max: 1 }),
      event: fc.oneof({ arbitrary: anyEvent.membership, weight: 5 }, { arbitrary: anyEvent.account, weight: 1 }),
    }),
    { minLength: 1, maxLength: 60 },
  )
  .map((stories) =>
    stories.map(({ who, where, at, event }, index): RecordedEvent => {
      const userId = idOf(`person${who}`);
      const stream = event.type.startsWith('Account')
        ? accountStream(userId)
        : membershipStream({ workspaceId: idOf(`workspace${where}`), userId });
      const one = recorded(stream, event as DomainEvent, index);
      return { ...one, metadata: { ...one.metadata, at: hour(Math.max(0, index + at)) } };
    }),
  );

/** How a log is dealt with: pieces of so many events, each with how it ends. */
const courses = fc.array(
  fc.record({ size: fc.integer({ min: 1, max: 20 }), end: fc.constantFrom('on', 'on', 'commit', 'kill') }),
  { maxLength: 12 },
);

const limits: fc.Arbitrary<WriteBackLimits> = fc.record({
  values: fc.constantFrom(1, 60, 300, 1_000_000),
  pastValues: fc.constantFrom(1, 1_000_000),
  commitAfter: fc.constantFrom(-1, 1_000_000),
});

/** Everything in the tables of a slot, in an order of its own. */
async function contents(projection: Projection, slot: 'next' | 'check'): Promise<string[]> {
  const all: string[] = [];
  for (const table of await tablesOf(db, schemaOf(projection, slot))) {
    const { rows } = await sql<{ text: string }>`
      select x::text as text from ${sql.table(table)} x order by 1`.execute(db);
    all.push(table.split('.').at(-1) ?? '', ...rows.map(({ text }) => text));
  }
  return all;
}

/** What folds events into the next tables of a projection, which stand where they are said to. */
async function openWriteBack(
  projection: Projection,
  after: Position,
  limits: WriteBackLimits,
  onCommit: (to: Position) => void,
): Promise<WriteBack> {
  const slotted = inSlot(db, projection, 'next');
  return new WriteBack({
    db: slotted,
    projection,
    slot: 'next',
    aside: await SetAside.read(slotted, projection, 'next'),
    after,
    limits,
    onCommit: async (tx, { from, to }) => {
      await moveCheckpoint(tx, checkpointOf(projection, 'next'), from, to);
      onCommit(to);
    },
  });
}

/** Folds a log with memory for few rows and a death now and then, as a rebuild would go on from its checkpoint. */
async function foldSomehow(
  projection: Projection,
  log: readonly RecordedEvent[],
  course: readonly { readonly size: number; readonly end: string }[],
  memory: WriteBackLimits,
): Promise<void> {
  const slotted = inSlot(db, projection, 'next');
  let committed: Position = START;
  const begin = async () => {
    if (committed !== START) await slotted.transaction().execute((tx) => makeKeys(tx, projection, 'next'));
    return openWriteBack(projection, committed, memory, (to) => {
      committed = to;
    });
  };
  let writeBack = await begin();
  let next = 0;
  for (const { size, end } of [...course, { size: log.length, end: 'commit' }]) {
    const events = log.slice(next, next + size);
    next += events.length;
    const last = events.at(-1);
    if (last) await writeBack.fold({ events, position: last.position });
    if (end === 'commit') await writeBack.commit();
    if (end !== 'kill') continue;
    await writeBack.abandon();
    writeBack = await begin();
    next = log.findIndex(({ position }) => position > committed);
    if (next < 0) next = log.length;
  }
}

async function sameAsPlain(t: Test, projection: Projection): Promise<void> {
  await fc.assert(
    fc.asyncProperty(logs, courses, limits, async (log, course, memory) => {
      for (const slot of ['next', 'check'] as const) {
        await dropSlot(db, projection, slot);
        await makeSlot(db, projection, slot);
      }
      const plain = inSlot(db, projection, 'check');
      await plain.transaction().execute((tx) => makeKeys(tx, projection, 'check'));
      for (const event of log) await plain.transaction().execute((tx) => projection.apply(tx, [event]));
      await foldSomehow(projection, log, course, memory);
      await finishSlot(db, projection, 'next', true, patient.signal, () => {});
      t.strictSame(await contents(projection, 'next'), await contents(projection, 'check'));
    }),
    { numRuns: 40 },
  );
}

for (const projection of [auditHistory, usersTab, userHistory, workspaces]) {
  t.test(
    `${projection.name}: rows folded in memory are those of one event at a time, whenever they are written, forgotten or lost`,
    (t) => sameAsPlain(t, projection),
  );
}

t.test('what is written before the first commit need not be found out about by whoever reads it', async (t) => {
  await dropSlot(db, usersTab, 'next');
  await makeSlot(db, usersTab, 'next');
  const streamOf = (who: number) => membershipStream({ workspaceId: WORKSPACE, userId: idOf(`person${who}`) });
  const log = Array.from({ length: 50 }, (_, index) => recorded(streamOf(index), invited(), index));
  await foldSomehow(usersTab, log, [], { values: 1_000_000, pastValues: 1, commitAfter: 1_000_000 });
  await finishSlot(db, usersTab, 'next', true, patient.signal, () => {});
  const { rows } = await sql<{ pages: number; visible: number }>`
    select sum(relpages)::int as pages, sum(relallvisible)::int as visible from pg_class
    where relkind = 'r' and relnamespace = ${schemaOf(usersTab, 'next')}::regnamespace`.execute(db);
  const [{ pages = 0, visible = 0 } = {}] = rows;
  t.ok(pages > 0, 'there are rows');
  t.equal(visible, pages);
});

/** What a slot has yet to make, changed by `change`. */
async function withDeferred(change: (deferred: readonly DeferredIndex[]) => readonly DeferredIndex[]): Promise<void> {
  const changed = change(await deferredIndexes(db, usersTab, 'next'));
  await sql`
    update following.builds set deferred_indexes = ${JSON.stringify(changed)}
    where checkpoint = ${checkpointOf(usersTab, 'next')}`.execute(db);
}

t.test('a slot gets its constraints from where it was left, by an earlier release too', async (t) => {
  const expected = await constraintsOf(db, usersTab.schema);
  t.ok(expected.length > 0);
  const lefts = {
    'with all to make': async () => {},
    'with its indexes, without constraints': async () => {
      await db.transaction().execute((tx) => makeKeys(tx, usersTab, 'next'));
      await withDeferred((deferred) => deferred.filter(({ isConstraint }) => isConstraint));
    },
    'by a release that made indexes and constraints as one': () =>
      withDeferred((deferred) => {
        const columnsOf = new Map(
          deferred.flatMap(({ statement }) => {
            const [, name, columns] = /^CREATE UNIQUE INDEX (\w+) .*(\(.*\))$/.exec(statement) ?? [];
            return name && columns ? [[name, columns] as const] : [];
          }),
        );
        return deferred.flatMap(({ table, statement, isConstraint }) => {
          const together = statement.replace(/using index (\w+)/, (_, name: string) => columnsOf.get(name) ?? name);
          return isConstraint ? { table, statement: together, isKey: true } : [];
        });
      }),
  };
  for (const [left, leave] of Object.entries(lefts)) {
    await dropSlot(db, usersTab, 'next');
    await makeSlot(db, usersTab, 'next');
    t.notSame(await constraintsOf(db, schemaOf(usersTab, 'next')), expected, `${left}: not yet`);
    await leave();
    await finishSlot(db, usersTab, 'next', true, patient.signal, () => {});
    t.strictSame(await constraintsOf(db, schemaOf(usersTab, 'next')), expected, left);
    t.strictSame(await deferredIndexes(db, usersTab, 'next'), []);
  }
});

t.test('a rest is no work that could be lost, and puts the next commit off', async (t) => {
  const stream = membershipStream({ workspaceId: WORKSPACE, userId: idOf('person') });
  const log = [0, 1, 2].map((index) => recorded(stream, invited(), index));
  for (const rests of [true, false]) {
    await dropSlot(db, usersTab, 'next');
    await makeSlot(db, usersTab, 'next');
    const limits = { values: 1_000_000, pastValues: 1_000_000, commitAfter: -1 };
    let commits = 0;
    const writeBack = await openWriteBack(usersTab, START, limits, () => commits++);
    if (rests) writeBack.rested(1_000_000);
    for (const event of log) await writeBack.fold({ events: [event], position: event.position });
    await writeBack.abandon();
    t.equal(commits, rests ? 0 : log.length);
  }
});
