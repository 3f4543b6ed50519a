import type { Instant } from '../../src/domain/lifetime.js';
import type { RecordedEvent } from '../../src/event-store/event-store.js';
import { keyChangedBy, type RowRules, rowAfter } from '../../src/projecting/row-rules.js';
import type { Rows } from '../../src/projecting/rows.js';
import type { Tables } from '../../src/projecting/tables.js';
import { instantOf, renamedBy } from '../domain-event.js';
import { NOBODY } from '../users-tab/queries.js';
import type { UserRow } from '../users-tab/row.js';
import { renamed, usersTabRules } from '../users-tab/rules.js';
import {
  CLOCKS,
  type Clock,
  COUNTS,
  type CountRow,
  FOR_EVER,
  type Found,
  PERIODS,
  type Period,
  VERSIONS,
  type Version,
} from './rows.js';

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
    const accounts = events.flatMap((event) => renamedBy(event) ?? []);
    const periods = await tables.rows(PERIODS, changed, accounts);
    const concerned: readonly Key[] = [...changed, ...accounts.flatMap((userId) => periods.find(userId))];
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
      if (before?.status === 'active') this.record(before, renamed(before, event), event);
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
    const version = versionOf(after, valid_from);
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
    const changed = { ...(this.counts.get({ workspace_id }) ?? NOBODY), workspace_id, valid_from };
    if (before) changed[before.status]--;
    changed[after.status]++;
    this.counts.put(changed);
  }
}

/** @param row new, and nobody else's: it becomes the version */
function versionOf(row: UserRow & { valid_from?: Instant }, valid_from: Instant): Version {
  row.valid_from = valid_from;
  return row as Version;
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
