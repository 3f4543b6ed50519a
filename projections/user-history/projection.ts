import { sql } from 'kysely';

import { ACCOUNT_STREAMS, MEMBERSHIP_STREAMS } from '../../src/domain/streams.js';
import type { RecordedEvent } from '../../src/event-store/event-store.js';
import type { Projection, ProjectionTransaction } from '../../src/projecting/projection.js';
import { usersTabRules } from '../users-tab/rules.js';
import {
  type Additions,
  type Counts,
  History,
  keyOfPerson,
  type Person,
  renamedBy,
  type Version,
  type WorkspaceHistory,
} from './history.js';
import { createTables } from './tables.js';

/** What the users tab showed at every instant. It is folded by the users tab's own rules, so that the two cannot differ. */
export const userHistory: Projection = {
  name: 'user-history',
  version: 3,
  schema: 'user_history',
  indexesOfApply: ['periods_of_the_active'],
  streamPrefixes: [MEMBERSHIP_STREAMS, ACCOUNT_STREAMS],
  createTables,
  async apply(tx, events) {
    const people = await readPeople(tx, events);
    const history = new History(people, await readWorkspaces(tx, events, people));
    history.apply(events);
    await write(tx, history.additions());
  },
};

async function readPeople(tx: ProjectionTransaction, events: readonly RecordedEvent[]): Promise<Map<string, Person>> {
  const keys = new Map<string, object>();
  for (const event of events) {
    const key = usersTabRules.on[event.type] && usersTabRules.keyOf(event);
    if (key) keys.set(event.stream, key);
  }
  const renamed = events.flatMap((event) => renamedBy(event) ?? []);
  if (keys.size === 0 && renamed.length === 0) return new Map();
  const { rows } = await sql<Version & { readonly since: string }>`
    select v.*, p.valid_from as since
    from (
      select workspace_id, user_id
      from json_populate_recordset(null::user_history.versions, ${JSON.stringify([...keys.values()])}::json)
      union
      select workspace_id, user_id from user_history.periods
      where user_id = any(${renamed}) and status = 'active' and valid_to = 'infinity'
    ) k
    cross join lateral (
      select * from user_history.versions
      where workspace_id = k.workspace_id and user_id = k.user_id order by valid_from desc limit 1
    ) v
    cross join lateral (
      select valid_from from user_history.periods
      where workspace_id = k.workspace_id and user_id = k.user_id order by valid_from desc limit 1
    ) p`.execute(tx);
  return new Map(
    rows.map(({ since, ...version }) => [keyOfPerson(version.workspace_id, version.user_id), { version, since }]),
  );
}

async function readWorkspaces(
  tx: ProjectionTransaction,
  events: readonly RecordedEvent[],
  people: ReadonlyMap<string, Person>,
): Promise<Map<string, WorkspaceHistory>> {
  const ids = new Set(events.flatMap((event) => usersTabRules.keyOf(event)?.workspace_id ?? []));
  for (const { version } of people.values()) ids.add(version.workspace_id);
  if (ids.size === 0) return new Map();
  const { rows } = await sql<Counts & { readonly workspace_id: string; readonly latest: string }>`
    select w.workspace_id, w.latest, c.waiting, c.active, c.expired, c.declined, c.revoked, c.removed
    from user_history.clocks w
    cross join lateral (
      select * from user_history.counts where workspace_id = w.workspace_id order by valid_from desc limit 1
    ) c
    where w.workspace_id = any(${[...ids]})`.execute(tx);
  return new Map(rows.map(({ workspace_id, latest, ...counts }) => [workspace_id, { latest, counts }]));
}

async function write(tx: ProjectionTransaction, { versions, periods, counts, clocks }: Additions): Promise<void> {
  await put(tx, 'user_history.versions', ['workspace_id', 'user_id', 'valid_from'], versions);
  await put(tx, 'user_history.periods', ['workspace_id', 'user_id', 'valid_from'], periods);
  await put(tx, 'user_history.counts', ['workspace_id', 'valid_from'], counts);
  await put(tx, 'user_history.clocks', ['workspace_id'], clocks);
}

/** Writes rows in one statement, in place of those with the same key. */
async function put(
  tx: ProjectionTransaction,
  table: string,
  key: readonly string[],
  rows: readonly object[],
): Promise<void> {
  const [first] = rows;
  if (!first) return;
  const columns = Object.keys(first);
  const changing = columns.filter((column) => !key.includes(column));
  await sql`
    insert into ${sql.table(table)} (${sql.join(columns.map((column) => sql.ref(column)))})
    select ${sql.join(columns.map((column) => sql.ref(column)))}
    from json_populate_recordset(null::${sql.table(table)}, ${JSON.stringify(rows)}::json)
    on conflict (${sql.join(key.map((column) => sql.ref(column)))}) do update set
    ${sql.join(changing.map((column) => sql`${sql.ref(column)} = excluded.${sql.ref(column)}`))}`.execute(tx);
}
