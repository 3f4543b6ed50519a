import fc from 'fast-check';
import { Kysely, PostgresDialect, sql } from 'kysely';
import t from 'tap';
import { auditHistory } from '../../projections/audit-history/projection.js';
import { AuditHistoryQueries } from '../../projections/audit-history/queries.js';
import { textIdOf } from '../../projections/audit-history/search-lines.js';
import type { AuditFilter } from '../../projections/audit-history/wanted.js';
import { searchText } from '../../projections/users-tab/search-text.js';
import type { DomainEvent } from '../../src/domain/codec.js';
import { membershipStream, workspaceStream } from '../../src/domain/streams.js';
import type { Position, RecordedEvent } from '../../src/event-store/event-store.js';
import * as event from '../domain/support/membership-events.js';
import { hour, idOf, WORKSPACE } from '../domain/support/people-and-time.js';
import { openTestCore } from '../support/core.js';
import { emptyAuditHistory } from './empty-audit-history.js';
import { recorded } from './recorded.js';

const { core } = await openTestCore(t);
const { db } = core;

async function project(log: readonly RecordedEvent[], cut = log.length): Promise<void> {
  await emptyAuditHistory(db);
  for (const batch of [log.slice(0, cut), log.slice(cut)]) {
    if (batch.length > 0) await db.transaction().execute((tx) => auditHistory.apply(tx, batch));
  }
}

/** The same events as the log has them, which the history leaves there. */
async function appended(log: readonly RecordedEvent[]): Promise<RecordedEvent[]> {
  const { store } = core;
  const positions: Position[] = [];
  for (const { stream, id, type, data, metadata } of log) {
    positions.push((await store.append(stream, [{ id, type, data, metadata }], 'any')).position);
  }
  return (await store.eventsAt?.(positions)) ?? [];
}

const PEOPLE = ['ana', 'ben', 'zoe'].map(idOf);
const NAMES = ['Ana', 'José  Álvarez', 'Anabel Ortiz', '100% Zoë', 'a_b', 'back\\slash', 'two\nlines', 'ÅNGSTRÖM'];
const SAID = ['Welcome, Ana', 'see you\n\tat 100%', '250 2.0.0 OK a_b', '452 4.2.2 mailbox full', 'x'];
const ADDRESSES = ['192.0.2.1', '192.0.2.17', '2001:db8::1'];

/** Who is called otherwise, who says something, who does something. */
const stories: fc.Arbitrary<DomainEvent> = fc.oneof(
  fc
    .record({
      name: fc.constantFrom(...NAMES),
      message: fc.constantFrom(...SAID),
      email: fc.constantFrom('a@example.com', 'b_b@example.com'),
    })
    .map((data) => event.invited(data)),
  fc.constantFrom(...NAMES).map((name) => event.accepted({ name })),
  fc.constantFrom(...SAID).map((reply) => event.emailSent({ reply })),
  fc.constant(event.resent()),
  fc.constant(event.removed()),
);
const renames: fc.Arbitrary<DomainEvent> = fc
  .tuple(fc.constantFrom(...NAMES), fc.constantFrom(...NAMES))
  .map(([name, previousName]) => ({ type: 'WorkspaceRenamed', data: { name, previousName } }));

const logs: fc.Arbitrary<RecordedEvent[]> = fc
  .array(
    fc.record({
      subject: fc.constantFrom(...PEOPLE),
      actor: fc.option(fc.constantFrom(...PEOPLE, 'worker')),
      ip: fc.option(fc.constantFrom(...ADDRESSES)),
      told: fc.oneof({ arbitrary: stories, weight: 5 }, { arbitrary: renames, weight: 1 }),
    }),
    { minLength: 1, maxLength: 40, size: 'max' },
  )
  .map((all) =>
    all.map(({ subject, actor, ip, told }, index) => {
      const key = { workspaceId: WORKSPACE, userId: subject };
      const stream = told.type === 'WorkspaceRenamed' ? workspaceStream(WORKSPACE) : membershipStream(key);
      const each = recorded(stream, told, index);
      const by = actor === null ? {} : { actor: { type: 'user', id: actor } };
      return { ...each, metadata: { ...each.metadata, ...by, ...(ip === null ? {} : { ip }) } };
    }),
  );

const texts: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    'a',
    'an',
    'x',
    '%',
    '_',
    '\\',
    '0%',
    'a_',
    '@',
    'zz',
    'nobody',
    'two lines',
    'two\nlines',
    ' jose   alv ',
    'É',
  ),
  fc.constantFrom('ana ana', 'ana 192', 'a@example.com a', 'zoe 250'),
  fc
    .tuple(fc.constantFrom(...NAMES, ...SAID, ...ADDRESSES), fc.nat(12), fc.integer({ min: 1, max: 12 }))
    .map(([whole, from, length]) => whole.slice(from, from + length)),
);

const narrowed: fc.Arbitrary<AuditFilter> = fc.record(
  {
    type: fc.subarray(['UserInvited', 'InvitationAccepted', 'WorkspaceRenamed', 'NeverHeardOf'], { minLength: 1 }),
    actor: fc.constantFrom(...PEOPLE),
    subject: fc.constantFrom(...PEOPLE),
    from: fc.nat(40).map(hour),
    to: fc.nat(40).map(hour),
  },
  { requiredKeys: [] },
);
const filters = fc.oneof({ arbitrary: fc.constant<AuditFilter>({}), weight: 2 }, { arbitrary: narrowed, weight: 1 });

const line = (text: string): string => searchText(text).replace(/\s+/g, ' ').trim();

/** The numbers of the records that a filter is to find, by reading the whole log. */
function expected(log: readonly RecordedEvent[], filter: AuditFilter): number[] {
  const called = new Map<string, { email?: string; name?: string }>();
  const found: number[] = [];
  for (const [index, { stream, type, data, metadata }] of log.entries()) {
    const subject = stream.startsWith('membership-') ? stream.split('.')[1] : undefined;
    const { email, name, previousName, message, reply } = data as Record<string, string | undefined>;
    if (subject && (email ?? name)) {
      called.set(subject, { ...called.get(subject), ...(email ? { email } : {}), ...(name ? { name } : {}) });
    }
    const actor = (metadata['actor'] as { id: string } | undefined)?.id;
    const calls = (id: string | undefined) => {
      const { email: address = '', name: their = '' } = called.get(id ?? '') ?? {};
      return `${address} ${their}`;
    };
    const own = subject ? [] : [name, previousName];
    const lines = [calls(subject), calls(actor), ...own, message, reply, metadata['ip'] as string | undefined];
    const at = hour(index);
    const isFound =
      (!filter.type || filter.type.includes(type)) &&
      (!filter.actor || filter.actor === actor) &&
      (!filter.subject || filter.subject === subject) &&
      (!filter.from || at >= filter.from) &&
      (!filter.to || at < filter.to) &&
      lines.some((each) => line(each ?? '').includes(line(filter.text ?? '')));
    if (isFound) found.push(index + 1);
  }
  return found;
}

const limits = fc.record({
  lookedAt: fc.constantFrom(1, 1, 20),
  candidates: fc.constantFrom(0, 1, 2, 1_000),
  sampled: fc.constantFrom(1, 50),
});

t.test('whichever way a text is searched for, those records are found that hold it', async (t) => {
  const asked = fc.array(
    fc.record({
      filter: filters,
      text: texts,
      order: fc.constantFrom('oldest', 'newest'),
      limit: fc.integer({ min: 1, max: 5 }),
      limits,
    }),
    { minLength: 12, maxLength: 12 },
  );
  await fc.assert(
    fc.asyncProperty(logs, fc.nat(40), fc.boolean(), asked, async (log, cut, isInLog, questions) => {
      await project(isInLog ? await appended(log) : log, cut);
      const [{ hash }, sequence] = [await core.auditHistory.head(WORKSPACE), log.length];
      for (const { filter, text, order, limit, limits } of questions) {
        const history = new AuditHistoryQueries(db, core.store, limits);
        const wanted = { ...filter, text };
        const seen: number[] = [];
        for (let cursor: string | undefined; ; ) {
          const query = { ...wanted, order, limit, ...(cursor === undefined ? {} : { cursor }) } as const;
          const page = await history.list(WORKSPACE, query);
          seen.push(...page.rows.map((row) => row.sequence));
          cursor = page.nextCursor;
          if (cursor === undefined) break;
          t.equal(page.rows.length, limit);
        }
        const all = expected(log, wanted);
        t.strictSame(seen, order === 'newest' ? all.toReversed() : all, JSON.stringify([wanted, order, limit, limits]));
        const exported: number[] = [];
        for await (const rows of history.records(WORKSPACE, wanted, { hash, sequence })) {
          exported.push(...rows.map((row) => row.sequence));
        }
        t.strictSame(exported, all);
      }
    }),
    { numRuns: 40 },
  );
});

t.test('texts that are taken for the same by accident are found all the same', async (t) => {
  const log = [event.invited({ message: 'Welcome aboard' }), event.resent()].map((each, index) =>
    recorded(membershipStream({ workspaceId: WORKSPACE, userId: String(PEOPLE[0]) }), each, index),
  );
  await project([]);
  await sql`
    insert into audit_history.texts values (${WORKSPACE}, ${textIdOf(WORKSPACE, 'welcome aboard')}, 'another')`.execute(
    db,
  );
  for (const batch of [log, log]) await db.transaction().execute((tx) => auditHistory.apply(tx, batch));
  const history = new AuditHistoryQueries(db, core.store, { lookedAt: 1 });
  const find = async (text: string) =>
    (await history.list(WORKSPACE, { order: 'oldest', limit: 1, text })).rows.map(({ sequence }) => sequence);
  t.strictSame(await find('aboard'), [1]);
  t.strictSame(await find('another'), [], 'the record itself says whether it holds a text');
  const { rows } = await sql<{ search: string }>`select search from audit_history.texts`.execute(db);
  t.strictSame(rows, [{ search: 'another\n\nwelcome aboard' }]);
});

t.test('an old name of somebody who did much since is found at once', async (t) => {
  const stream = membershipStream({ workspaceId: WORKSPACE, userId: String(PEOPLE[0]) });
  const other = membershipStream({ workspaceId: WORKSPACE, userId: String(PEOPLE[1]) });
  const told = [
    recorded(stream, event.invited({ name: 'Maiden' }), 0),
    recorded(other, event.invited(), 1),
    recorded(stream, event.accepted({ name: 'Married' }), 2),
    ...Array.from({ length: 50 }, (_, index) => recorded(other, event.resent({ issue: index + 2 }), index + 3)),
  ].map((each) => ({ ...each, metadata: { ...each.metadata, actor: { type: 'user', id: String(PEOPLE[0]) } } }));
  await project(told);
  const history = new AuditHistoryQueries(db, core.store, { lookedAt: 1 });
  const { rows } = await history.list(WORKSPACE, { order: 'newest', limit: 10, text: 'maiden' });
  t.strictSame(
    rows.map(({ sequence }) => sequence),
    [2, 1],
  );
});

t.test('what few are called is looked for without what many are called', async (t) => {
  const log = Array.from({ length: 30 }, (_, index) => {
    const stream = membershipStream({ workspaceId: WORKSPACE, userId: idOf(`person${index}`) });
    const email = `person.${index}@example.com`;
    return recorded(stream, event.invited({ email, name: `Person ${index}`, message: `Thy key: ${index}` }), index);
  });
  await project(log);
  const patterns: unknown[] = [];
  const watched = new Kysely({
    dialect: new PostgresDialect({ pool: core.pool }),
    log: ({ query }) => void patterns.push(...query.parameters.filter((value) => /^%.+%$/.test(String(value)))),
  });
  const history = new AuditHistoryQueries(watched, core.store, { lookedAt: 1 });
  const find = async (text: string) => {
    patterns.length = 0;
    const { rows } = await history.list(WORKSPACE, { order: 'newest', limit: 1, text });
    return { sequences: rows.map(({ sequence }) => sequence), patterns: [...patterns] };
  };
  t.strictSame(await find('Person 17'), { sequences: [18], patterns: ['% 17%', '%person 1%'] });
  t.strictSame(
    await find('key: 17'),
    { sequences: [18], patterns: ['%key:%', '% 17%'] },
    'what all texts have may be what no name has',
  );
  t.strictSame(await find('_\\x'), { sequences: [], patterns: ['%\\_\\\\x%', '%\\_\\\\x%'] });
  t.strictSame(
    await find('example.com'),
    { sequences: [30], patterns: [] },
    'what all have is met by looking at one after the other',
  );
});
