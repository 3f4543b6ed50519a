import { sql } from 'kysely';
import type { RecordedEvent } from '../../src/event-store/event-store.js';
import { keyChangedBy, type RowRules, rowAfter } from '../../src/projecting/row-rules.js';
import type { Rows } from '../../src/projecting/rows.js';
import type { Table } from '../../src/projecting/table.js';
import type { Tables } from '../../src/projecting/tables.js';
import { dataOf, instantOf, renamedBy } from '../domain-event.js';
import { NOBODY } from '../users-tab/queries.js';
import type { UserRow, UserStatus } from '../users-tab/row.js';
import { usersTabRules } from '../users-tab/rules.js';
import { keysOf } from '../users-tab/user-keys.js';

/** What the users tab showed of a person from an instant on. */
export interface Version extends UserRow {
  readonly valid_from: string;
}

/** As long as a person was found and sorted by the same. */
export interface Period extends Found {
  readonly workspace_id: string;
  readonly user_id: string;
  readonly valid_from: string;
  readonly valid_to: string;
}

/** What a person is found and sorted by. */
type Found = Pick<UserRow, 'status' | 'role' | 'invited_at' | 'name' | 'email'>;

export type Counts = Readonly<Record<UserStatus, number>>;

/** What a workspace's people added up to from an instant on. */
export type CountRow = Counts & { readonly workspace_id: string; readonly valid_from: string };

/** When a workspace's latest change took effect. */
export interface Clock {
  readonly workspace_id: string;
  readonly latest: string;
}

const FOR_EVER = 'infinity';

const VERSIONS: Table<Version> = {
  table: 'user_history.versions',
  key: ['workspace_id', 'user_id'],
  since: 'valid_from',
  types: {
    workspace_id: 'text',
    user_id: 'text',
    email: 'text',
    name: 'text',
    role: 'text',
    status: 'text',
    delivery: 'text',
    delivery_mail: 'text',
    delivery_reply: 'text',
    delivery_code: 'int4',
    delivery_enhanced_code: 'text',
    delivery_attempt: 'int4',
    delivery_next_at: 'timestamptz',
    delivery_at: 'timestamptz',
    invitation_id: 'text',
    issue: 'int4',
    locale: 'text',
    expires_at: 'timestamptz',
    invited_by: 'text',
    invited_at: 'timestamptz',
    joined_at: 'timestamptz',
    times_invited: 'int4',
    renewal_requested_at: 'timestamptz',
    updated_at: 'timestamptz',
    valid_from: 'timestamptz',
  },
};
const PERIODS: Table<Period> = {
  table: 'user_history.periods',
  key: ['workspace_id', 'user_id'],
  since: 'valid_from',
  lookup: { column: 'user_id', where: sql`status = 'active' and valid_to = 'infinity'` },
  stored(row) {
    const { workspace_id, user_id, valid_from, valid_to, status, role, invited_at } = row;
    const { name_key, email_key, search } = keysOf(row);
    return { workspace_id, user_id, valid_from, valid_to, status, role, invited_at, name_key, email_key, search };
  },
  types: {
    workspace_id: 'text',
    user_id: 'text',
    valid_from: 'timestamptz',
    valid_to: 'timestamptz',
    status: 'text',
    role: 'text',
    invited_at: 'timestamptz',
    name_key: 'text',
    email_key: 'text',
    search: 'text',
  },
};
const COUNTS: Table<CountRow> = {
  table: 'user_history.counts',
  key: ['workspace_id'],
  since: 'valid_from',
  types: {
    waiting: 'int4',
    active: 'int4',
    expired: 'int4',
    declined: 'int4',
    revoked: 'int4',
    removed: 'int4',
    workspace_id: 'text',
    valid_from: 'timestamptz',
  },
};
const CLOCKS: Table<Clock> = { table: 'user_history.clocks', key: ['workspace_id'] };

const VERSION_RULES: RowRules<UserRow> = { ...usersTabRules, table: VERSIONS.table };

type Key = Pick<Version, 'workspace_id' | 'user_id'>;

/**
 * The history of some workspaces as events continue it.
 *
 * A change takes effect at the instant of its event, but never before one that precedes it in its workspace: so the history
 * of a workspace at an instant is what the first so many events of the log add up to (docs/decisions/0013). Changes that take
 * effect at the same instant are one; thereby nothing depends on where a batch ends.
 */
export class History {
  private constructor(
    private readonly versions: Rows<Version>,
    private readonly periods: Rows<Period>,
    private readonly counts: Rows<CountRow>,
    private readonly clocks: Rows<Clock>,
  ) {}

  static async fold(tables: Tables, events: readonly RecordedEvent[]): Promise<void> {
    const keys = events.map((event) => keyChangedBy(usersTabRules, event) as Key | undefined);
    const changed = keys.filter((key) => key !== undefined);
    const renamed = events.flatMap((event) => renamedBy(event) ?? []);
    const periods = await tables.rows(PERIODS, changed, renamed);
    const concerned: readonly Key[] = [...changed, ...renamed.flatMap((userId) => periods.find(userId))];
    const versions = await tables.rows(VERSIONS, concerned);
    const workspaces = [...new Set(concerned.map(({ workspace_id }) => workspace_id))].map((workspace_id) => ({
      workspace_id,
    }));
    const counts = await tables.rows(COUNTS, workspaces);
    const clocks = await tables.rows(CLOCKS, workspaces);
    const history = new History(versions, periods, counts, clocks);
    for (const [index, event] of events.entries()) {
      const userId = renamedBy(event);
      const key = keys[index];
      if (userId !== undefined) history.rename(userId, event);
      else if (key) history.change(key, event);
    }
  }

  private rename(userId: string, event: RecordedEvent): void {
    for (const key of this.periods.find(userId)) {
      const before = this.versions.get(key);
      if (before?.status !== 'active') continue;
      const { name } = dataOf<'AccountRenamed'>(event);
      this.record(before, { ...before, name, updated_at: instantOf(event) }, event);
    }
  }

  private change(key: Key, event: RecordedEvent): void {
    const before = this.versions.get(key);
    const after = rowAfter(VERSION_RULES, key, before, event);
    if (after && after !== before) this.record(before, after, event);
  }

  private record(before: Version | undefined, after: UserRow, event: RecordedEvent): void {
    const { workspace_id } = after;
    const latest = this.clocks.get({ workspace_id })?.latest ?? '';
    const at = instantOf(event);
    const valid_from = latest > at ? latest : at;
    const version = { ...after, valid_from };
    this.versions.put(version);
    this.period(before, version);
    this.count(before, version);
    if (valid_from !== latest) this.clocks.put({ workspace_id, latest: valid_from });
  }

  private period(before: Version | undefined, after: Version): void {
    if (before && isFoundAlike(before, after)) return;
    const { valid_from } = after;
    const since = before && this.periods.get(before)?.valid_from;
    if (before && since && since < valid_from) {
      this.periods.put(periodOf(before, { valid_from: since, valid_to: valid_from }));
    }
    this.periods.put(periodOf(after, { valid_from, valid_to: FOR_EVER }));
  }

  private count(before: Version | undefined, after: Version): void {
    if (before?.status === after.status) return;
    const { workspace_id, valid_from } = after;
    const changed = { ...NOBODY, ...this.counts.get({ workspace_id }), workspace_id, valid_from };
    if (before) changed[before.status]--;
    changed[after.status]++;
    this.counts.put(changed);
  }
}

function isFoundAlike(a: Found, b: Found): boolean {
  return (
    a.status === b.status &&
    a.role === b.role &&
    a.name === b.name &&
    a.email === b.email &&
    a.invited_at === b.invited_at
  );
}

function periodOf(
  { workspace_id, user_id, status, role, invited_at, name, email }: Version,
  time: Pick<Period, 'valid_from' | 'valid_to'>,
): Period {
  return { workspace_id, user_id, ...time, status, role, invited_at, name, email };
}
