import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import t from 'tap';

import { GENESIS, hashOf } from '../../projections/audit-history/chain.js';
import { auditHistory } from '../../projections/audit-history/projection.js';
import { AuditHistoryQueries } from '../../projections/audit-history/queries.js';
import { type AuditRow, type ChainRow, type ReadRow, recordOf } from '../../projections/audit-history/row.js';
import { TEXTS } from '../../projections/audit-history/tables.js';
import { InvalidCursor } from '../../projections/cursor.js';
import { membershipStream, refusalStream, workspaceStream } from '../../src/domain/streams.js';
import type { RecordedEvent } from '../../src/event-store/event-store.js';
import { Tables } from '../../src/projecting/tables.js';
import { tablesOf } from '../../src/rebuilding/slot.js';
import { events as anyEvent } from '../domain/support/arbitraries.js';
import * as event from '../domain/support/membership-events.js';
import { EMAIL, hour, INVITEE, idOf, OWNER, STRANGER, WORKSPACE } from '../domain/support/people-and-time.js';
import { openTestCore } from '../support/core.js';
import { emptyAuditHistory } from './empty-audit-history.js';
import { recorded } from './recorded.js';

const { core } = await openTestCore(t);
const { db, auditHistory: history } = core;

const STREAM = membershipStream({ workspaceId: WORKSPACE, userId: INVITEE });
const STRANGERS = membershipStream({ workspaceId: WORKSPACE, userId: STRANGER.userId });

/** Projects events from nothing, in batches of the given sizes and then the rest. */
async function project(log: readonly RecordedEvent[], cuts: readonly number[] = []): Promise<void> {
  await emptyAuditHistory(db);
  let from = 0;
  for (const size of [...cuts, log.length]) {
    const batch = log.slice(from, from + size);
    from += size;
    if (batch.length > 0) await db.transaction().execute((tx) => auditHistory.apply(tx, batch));
  }
}

const by = (each: RecordedEvent, id: string): RecordedEvent => ({
  ...each,
  metadata: { ...each.metadata, actor: { type: 'user', id }, ip: '192.0.2.7', correlationId: 'request-1' },
});

async function everything() {
  const tables = (await tablesOf(db, 'audit_history')).map(
    (table) => sql`select t.* from ${sql.table(table)} t order by t`,
  );
  return Promise.all(tables.map(async (query) => (await query.execute(db)).rows));
}

const list = async (query: Partial<Parameters<typeof history.list>[1]> = {}): Promise<AuditRow[]> =>
  (await history.list(WORKSPACE, { order: 'oldest', limit: 100, ...query })).rows;

const types = (rows: readonly AuditRow[]): string[] => rows.map(({ type }) => type);

t.test('how the log is cut into batches makes no difference', async (t) => {
  const streams = [
    STREAM,
    STRANGERS,
    workspaceStream(WORKSPACE),
    membershipStream({ workspaceId: 'b'.repeat(26), userId: INVITEE }),
  ];
  const logs = fc.array(fc.tuple(fc.constantFrom(...streams), fc.oneof(...Object.values(anyEvent))), {
    minLength: 1,
    maxLength: 30,
  });
  await fc.assert(
    fc.asyncProperty(logs, fc.array(fc.integer({ min: 1, max: 8 }), { maxLength: 6 }), async (drawn, cuts) => {
      const log = drawn.map(([stream, each], index) => recorded(stream, each, index));
      await project(log);
      const whole = await everything();
      await project(log, cuts);
      t.strictSame(await everything(), whole);
    }),
    { numRuns: 25 },
  );
});

t.test('whatever the log holds becomes a record', async (t) => {
  const odd: RecordedEvent = {
    ...recorded(STREAM, event.invited(), 0),
    type: 'FromTheFuture\0',
    data: { name: 'a\0b\ud800', nested: [{ deep: '\udfff' }] },
    metadata: { at: 'yesterday', actor: 'nobody' },
  };
  await project([odd]);
  const [row] = await list();
  t.match(row, { sequence: 1, type: 'FromTheFuture\uFFFD', actor_id: null, subject_id: INVITEE });
  t.strictSame(JSON.parse(String(row?.event)).data, { name: 'a\0b\uFFFD', nested: [{ deep: '\uFFFD' }] });
});

t.test('an event that the log has at hand is left there', async (t) => {
  const { store } = core;
  const stream = membershipStream({ workspaceId: WORKSPACE, userId: idOf('in the log') });
  const data = { name: 'a\0b', nested: [{ z: 1e21, a: 0.1 }] };
  await store.append(
    stream,
    [{ id: randomUUID(), type: 'SomethingNew', data, metadata: { schemaVersion: 1 } }],
    'none',
  );
  const { events } = await store.readStream(stream);
  await project([recorded(STREAM, event.invited(), 0), ...events]);
  const stored = await sql<ChainRow>`select position, copy from audit_history.chain order by sequence`.execute(db);
  t.match(stored.rows, [
    { position: null, copy: /UserInvited/ },
    { position: events[0]?.position, copy: null },
  ]);
  const rows = await list();
  t.match(rows, [{ type: 'UserInvited' }, { type: 'SomethingNew', recorded: { stream, data } }]);
  const exported: ReadRow[] = [];
  for await (const piece of history.records(WORKSPACE, {}, await history.head(WORKSPACE))) exported.push(...piece);
  t.strictSame(
    exported.map(({ event }) => event),
    rows.map(({ event }) => event),
  );
  for (const row of exported) t.equal(hashOf(recordOf(row)), row.hash);

  const elsewhere = new AuditHistoryQueries(db, {});
  t.match(await elsewhere.list(WORKSPACE, { order: 'oldest', limit: 1 }), { rows: [{ type: 'UserInvited' }] });
  await t.rejects(elsewhere.list(WORKSPACE, { order: 'oldest', limit: 2 }), {
    code: 'history-differs-from-log',
    message: /^record 2 /,
  });
});

t.test('texts count as long as they are in what a rebuild holds in memory', async (t) => {
  const search = 'a reply with a number of its own '.repeat(10);
  const tables = new Tables(db as never, { areEmpty: true });
  const texts = await tables.rows(TEXTS, []);
  texts.put({ workspace_id: WORKSPACE, text_id: 1, search });
  t.ok(tables.values * 40 > search.length, `${tables.values} values`);
});

t.test('filters', async (t) => {
  await project([
    by(recorded(STREAM, event.invited({ name: 'José Álvarez', message: 'Welcome aboard' }), 0), OWNER.userId),
    by(recorded(STRANGERS, event.invited({ email: 'zoe@example.com' }), 1), STRANGER.userId),
    by(recorded(STREAM, event.resent({ issue: 2 }), 2), OWNER.userId),
    recorded(
      refusalStream({ workspaceId: WORKSPACE, userId: STRANGER.userId }),
      { type: 'RequestRefused', data: { operation: 'inviteUser', reason: 'not-allowed', subjectId: INVITEE } },
      3,
    ),
  ]);
  const cases: readonly [what: string, query: Parameters<typeof list>[0], sequences: readonly number[]][] = [
    ['type', { type: ['UserInvited'] }, [1, 2]],
    ['several types', { type: ['RequestRefused', 'UserInvited', 'UserInvited', 'NeverHeardOf'] }, [1, 2, 4]],
    ['actor', { actor: STRANGER.userId }, [2]],
    ['subject, also of a refusal', { subject: INVITEE }, [1, 3, 4]],
    ['from: at or after', { from: hour(2) }, [3, 4]],
    ['to: before', { to: hour(2) }, [1, 2]],
    ['the name of whom it is about, also where the event does not say it', { text: 'jose alv' }, [1, 3, 4]],
    ['the address', { text: EMAIL.toUpperCase() }, [1, 3, 4]],
    ['what somebody wrote', { text: 'aboard' }, [1]],
    ['an IP address', { text: '192.0.2.7' }, [1, 2, 3]],
    ['signs that mean something to the database mean nothing', { text: '%' }, []],
    ['all at once', { type: ['UserInvited'], actor: OWNER.userId, text: 'jose', to: hour(1) }, [1]],
    ['the other order', { order: 'newest' }, [4, 3, 2, 1]],
  ];
  for (const [what, query, sequences] of cases) {
    t.strictSame(
      (await list(query)).map(({ sequence }) => Number(sequence)),
      sequences,
      what,
    );
  }
});

t.test('pages follow each other in both orders, while more is written', async (t) => {
  const log = Array.from({ length: 11 }, (_, index) =>
    recorded(STREAM, event.resent({ issue: index + 2 }), index >> 1),
  );
  await project(log);
  for (const order of ['oldest', 'newest'] as const) {
    const seen: number[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await history.list(WORKSPACE, { order, limit: 2, ...(cursor ? { cursor } : {}) });
      seen.push(...page.rows.map(({ sequence }) => Number(sequence)));
      if (order === 'newest') {
        const late = recorded(STREAM, event.resent({ issue: 99 }), 20);
        await db.transaction().execute((tx) => auditHistory.apply(tx, [late]));
      }
      cursor = page.nextCursor;
      if (!cursor) break;
    }
    const expected = log.map((_, index) => index + 1);
    t.strictSame(seen, order === 'newest' ? expected.reverse() : expected, order);
  }
});

t.test('what a clock that is behind writes hides from nobody who reads on', async (t) => {
  const at = (index: number, hours: number) => recorded(STREAM, event.resent({ issue: index }), hours);
  await project([at(2, 5), at(3, 6), at(4, 3), at(5, 7)]);
  const first = await history.list(WORKSPACE, { order: 'oldest', limit: 2 });
  await db.transaction().execute((tx) => auditHistory.apply(tx, [at(6, 1)]));
  const rest = await history.list(WORKSPACE, { order: 'oldest', limit: 5, cursor: String(first.nextCursor) });
  t.strictSame(
    [...first.rows, ...rest.rows].map(({ sequence, at }) => [sequence, at]),
    [
      [1, hour(5)],
      [2, hour(6)],
      [3, hour(3)],
      [4, hour(7)],
      [5, hour(1)],
    ],
  );
  const inPeriod = await list({ from: hour(6), to: hour(7) });
  t.strictSame(
    inPeriod.map(({ sequence }) => sequence),
    [2, 3],
    'it took effect after what precedes it',
  );
  t.strictSame(await list({ from: hour(8) }), []);
});

t.test('a cursor that no page gave out is refused', async (t) => {
  const forged = (...parts: string[]) => Buffer.from(JSON.stringify(parts)).toString('base64url');
  for (const cursor of [
    'x',
    forged('newest', '1', ''),
    forged('oldest', '0', ''),
    forged('oldest', 'one', ''),
    forged('oldest', '1e15', ''),
  ]) {
    await t.rejects(list({ cursor }), InvalidCursor);
  }
});

t.test('a workspace in which nothing happened has an empty chain', async (t) => {
  t.strictSame(await history.head('c'.repeat(26)), { sequence: 0, hash: GENESIS });
  t.strictSame(types((await history.list('c'.repeat(26), { order: 'newest', limit: 1 })).rows), []);
});

t.test('a row that the database refuses is named', async (t) => {
  await project([]);
  const refusals = [
    { table: 'chain', check: `copy not like '%UserInvited%'`, row: { workspace: 1, sequence: 1 } },
    { table: 'names', check: 'email is null', row: { workspace_id: WORKSPACE, user_id: INVITEE, sequence: 1 } },
  ];
  for (const { table, check, row } of refusals) {
    const name = sql.table(`audit_history.${table}`);
    await sql`alter table ${name} add constraint refused check (${sql.raw(check)})`.execute(db);
    const applied = db.transaction().execute((tx) => auditHistory.apply(tx, [recorded(STREAM, event.invited(), 0)]));
    await t.rejects(applied, { name: 'RowFailure', table: `audit_history.${table}`, row });
    await sql`alter table ${name} drop constraint refused`.execute(db);
  }
});
