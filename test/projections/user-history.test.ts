import fc from 'fast-check';
import { sql } from 'kysely';
import t from 'tap';

import { userHistory } from '../../projections/user-history/projection.js';
import { UserHistoryQueries } from '../../projections/user-history/queries.js';
import { usersTab } from '../../projections/users-tab/projection.js';
import { USER_STATUSES, type UserPage } from '../../projections/users-tab/queries.js';
import { USER_SORTS } from '../../projections/users-tab/selection.js';
import type { DomainEvent } from '../../src/domain/codec.js';
import { accountStream, membershipStream } from '../../src/domain/streams.js';
import type { RecordedEvent } from '../../src/event-store/event-store.js';
import { events as anyEvent } from '../domain/support/arbitraries.js';
import { invited } from '../domain/support/membership-events.js';
import { hour, idOf, WORKSPACE } from '../domain/support/people-and-time.js';
import { openTestCore } from '../support/core.js';
import { recorded } from './recorded.js';

const { core } = await openTestCore(t);
const { db } = core;

const TABLES = ['spans', 'mails', 'counts', 'clocks'];

async function project(log: readonly RecordedEvent[], cuts: readonly number[]): Promise<void> {
  await sql`truncate ${sql.join(TABLES.map((name) => sql.table(`user_history.${name}`)))}`.execute(db);
  let from = 0;
  for (const size of [...cuts, log.length]) {
    const batch = log.slice(from, from + size);
    from += size;
    if (batch.length > 0) await db.transaction().execute((tx) => userHistory.apply(tx, batch));
  }
}

const tables = async () => {
  const contents = [];
  for (const name of TABLES) {
    const { rows } = await sql<{ text: string }>`
      select x::text as text from ${sql.table(`user_history.${name}`)} x order by 1`.execute(db);
    contents.push(rows.map(({ text }) => text));
  }
  return contents;
};

/** A page without what the users tab keeps for searching. */
const shown = ({ rows, counts }: UserPage) => ({
  counts,
  rows: rows.map((row) => {
    const { search: _s, name_key: _n, email_key: _e, ...rest } = row as typeof row & Record<string, unknown>;
    return rest;
  }),
});

/** What the queries of version 3 find, whose processes go on for as long as a release takes: by their periods, in their versions. */
async function foundByVersion3(asOf: string) {
  const { rows } = await sql<Record<string, unknown>>`
    select v.* from user_history.periods p cross join lateral (
      select * from user_history.versions
      where workspace_id = ${WORKSPACE} and user_id = p.user_id and valid_from <= ${asOf} order by valid_from desc limit 1
    ) v
    where p.workspace_id = ${WORKSPACE} and p.valid_from <= ${asOf} and valid_to > ${asOf} and p.invited_at <= ${asOf}
      and strpos(p.search, p.name_key) > 0 and p.status = v.status and p.role = v.role
    order by p.email_key, p.user_id`.execute(db);
  return rows.map(({ valid_from: _from, ...row }) => row);
}

const PEOPLE = [0, 1, 2, 3].map((who) => idOf(`person${who}`));
const EVERYBODY = { status: USER_STATUSES, sort: 'email', limit: 100 } as const;

/** What the users tab showed after each of the events, from before the first on, and when that took effect. */
async function tabAfterEach(log: readonly RecordedEvent[]) {
  await sql`truncate users_tab.users, users_tab.counts`.execute(db);
  const states = [{ since: '', page: shown(await core.usersTab.list(WORKSPACE, EVERYBODY)) }];
  for (const event of log) {
    await db.transaction().execute((tx) => usersTab.apply(tx, [event]));
    const page = shown(await core.usersTab.list(WORKSPACE, EVERYBODY));
    const last = states.at(-1);
    if (!last || JSON.stringify(page) === JSON.stringify(last.page)) continue;
    const at = String(event.metadata['at']);
    states.push({ since: at > last.since ? at : last.since, page });
  }
  return states;
}

/** Milliseconds between two events whose clocks are right: so few that the instants beside one are often those of others. */
const APART = 3;

const MINUTE = 60_000;

const instant = (milliseconds: number) => new Date(Date.parse(hour(0)) + milliseconds).toISOString();

/** Events of a few people, with clocks that differ a little, and go wrong by minutes now and then. */
const histories = fc.array(
  fc.record({
    who: fc.nat(3),
    wrong: fc.oneof({ arbitrary: fc.integer({ min: -4, max: 4 }), weight: 6 }, fc.constantFrom(-MINUTE, MINUTE)),
    event: fc.oneof({ arbitrary: anyEvent.membership, weight: 5 }, { arbitrary: anyEvent.account, weight: 1 }),
  }),
  { minLength: 25, maxLength: 60, size: 'max' },
);

/** When each event is said to have happened, when the tab changed, and the milliseconds before and after, in order. */
function instantsAround(log: readonly RecordedEvent[], states: readonly { readonly since: string }[]): string[] {
  const times = [...log.map(({ metadata }) => String(metadata['at'])), ...states.flatMap(({ since }) => since || [])];
  const all = times.map((time) => Date.parse(time)).flatMap((time) => [time - 1, time, time + 1]);
  return [...new Set(all)].sort((a, b) => a - b).map((time) => new Date(time).toISOString());
}

t.test('as of any instant, it shows what the users tab showed once it had seen the log up to then', async (t) => {
  const cuts = fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 5 });
  const spans = fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 20, maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(histories, cuts, spans, async (history, sizes, spans) => {
      const log = history.map(({ who, wrong, event }, index) => {
        const userId = idOf(`person${who}`);
        const isAccount = event.type.startsWith('Account');
        const stream = isAccount ? accountStream(userId) : membershipStream({ workspaceId: WORKSPACE, userId });
        const one = recorded(stream, event as DomainEvent, index);
        return { ...one, metadata: { ...one.metadata, at: instant(index * APART + wrong) } };
      });
      const states = await tabAfterEach(log);
      const pageAt = (asOf: string) => states.findLast(({ since }) => since <= asOf)?.page;
      await project(log, []);
      const atOnce = await tables();
      await project(log, sizes);
      t.strictSame(await tables(), atOnce, 'wherever batches end');
      const instants = instantsAround(log, states);
      for (const asOf of instants) {
        const found = await core.userHistory.list(WORKSPACE, asOf, EVERYBODY);
        const expected = pageAt(asOf);
        t.strictSame(shown(found).rows.map(withoutSortKey), expected?.rows.map(withoutSortKey), asOf);
        t.strictSame(found.counts, expected?.counts, asOf);
        t.strictSame(await foundByVersion3(asOf), expected?.rows.map(withoutSortKey), `${asOf}, by version 3`);
        const names = await core.userHistory.names(WORKSPACE, asOf, PEOPLE);
        t.strictSame(names, new Map(expected?.rows.map((row) => [String(row['user_id']), row['name']])), asOf);
      }
      for (const ends of spans) {
        const [from = '', to = ''] = ends.map((end) => instants[end % instants.length] ?? '').sort();
        const { changes } = await core.userHistory.changes(WORKSPACE, { from, to, limit: 100 });
        t.strictSame(changes, differences(pageAt(from), pageAt(to)), `from ${from} to ${to}`);
      }
    }),
    { numRuns: 10 },
  );
});

/** What the users tab shows otherwise on a later page than on an earlier one. */
function differences(earlier: ReturnType<typeof shown> | undefined, later: ReturnType<typeof shown> | undefined) {
  const brief = (page: typeof earlier, id: unknown) => {
    const row = page?.rows.find(({ user_id }) => user_id === id);
    return row ? { email: row.email, name: row.name, role: row.role, status: row.status } : null;
  };
  const ids = (later?.rows ?? []).map(({ user_id }) => user_id).sort();
  return ids
    .map((user_id) => ({ user_id, before: brief(earlier, user_id), after: brief(later, user_id) }))
    .filter(({ before, after }) => JSON.stringify(before) !== JSON.stringify(after));
}

function withoutSortKey({ sort_key: _key, ...row }: Record<string, unknown>) {
  return row;
}

t.test('it is sorted, filtered, searched and cut into pages like the users tab', async (t) => {
  const log = Array.from({ length: 12 }, (_, index) => {
    const known = { email: `p${index % 5}@example.com`, name: ['Zoë', 'Ána', 'Bob'][index % 3] ?? '' };
    const joined = { type: 'FounderJoined', data: known } as const;
    return recorded(
      membershipStream({ workspaceId: WORKSPACE, userId: idOf(`person${index}`) }),
      index % 4 === 3 ? invited({ ...known, role: 'administrator' }) : joined,
      index,
    );
  });
  await sql`truncate users_tab.users, users_tab.counts`.execute(db);
  await db.transaction().execute((tx) => usersTab.apply(tx, log.slice(0, 9)));
  await project(log, [4]);
  const asOf = hour(8);
  // Few people are looked at one by one, many in order: all of them, none, and those of a role.
  const ways = [core.userHistory, new UserHistoryQueries(db, 0), new UserHistoryQueries(db, 3)];
  for (const [sort, history] of USER_SORTS.flatMap((sort) => ways.map((way) => [sort, way] as const))) {
    for (const filter of [
      {},
      { search: 'zoe' },
      { status: ['waiting'] },
      { role: ['owner'], search: 'P1@' },
      { role: ['administrator'] },
      { role: ['administrator', 'developer'], status: ['waiting', 'active'] },
    ] as const) {
      const expected = await core.usersTab.list(WORKSPACE, { ...filter, sort, limit: 100 });
      const found: string[] = [];
      let cursor: string | undefined;
      do {
        const query = { ...filter, sort, limit: 2, ...(cursor && { cursor }) };
        const page = await history.list(WORKSPACE, asOf, query);
        found.push(...page.rows.map(({ user_id }) => user_id));
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      t.strictSame(
        found,
        expected.rows.map(({ user_id }) => user_id),
        `${sort} ${JSON.stringify(filter)}`,
      );
    }
  }
  const { nextCursor = '' } = await core.userHistory.list(WORKSPACE, asOf, { sort: 'name', limit: 1 });
  const otherTime = core.userHistory.list(WORKSPACE, hour(9), { sort: 'name', limit: 1, cursor: nextCursor });
  await t.rejects(otherTime, { code: 'invalid-cursor' }, 'a cursor belongs to its instant');
});
