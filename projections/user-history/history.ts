import { ACCOUNT_STREAMS } from '../../src/domain/streams.js';
import type { RecordedEvent } from '../../src/event-store/event-store.js';
import { RowFailure } from '../../src/projecting/row-failure.js';
import { dataOf, instantOf } from '../domain-event.js';
import { NOBODY } from '../users-tab/queries.js';
import type { UserRow, UserStatus } from '../users-tab/row.js';
import { usersTabRules } from '../users-tab/rules.js';
import { keysOf, type UserKeys } from '../users-tab/stored-row.js';

/** What the users tab showed of a person from an instant on. */
export interface Version extends UserRow {
  readonly valid_from: string;
}

/** As long as a person was found and sorted by the same. */
export interface Period extends UserKeys {
  readonly workspace_id: string;
  readonly user_id: string;
  readonly valid_from: string;
  readonly valid_to: string;
  readonly status: UserStatus;
  readonly role: string;
  readonly invited_at: string;
}

export type Counts = Readonly<Record<UserStatus, number>>;

/** A person's newest version, and since when their period lasts. */
export interface Person {
  readonly version: Version;
  readonly since: string;
}

/** Where a workspace's history stands. */
export interface WorkspaceHistory {
  /** When its latest change took effect; empty where there was none. */
  readonly latest: string;
  readonly counts: Counts;
}

/** All that one batch adds to the history, each list by key in order; a later entry of the same key stands for it. */
export interface Additions {
  readonly versions: readonly Version[];
  readonly periods: readonly Period[];
  readonly counts: readonly (Counts & { readonly workspace_id: string; readonly valid_from: string })[];
  readonly clocks: readonly { readonly workspace_id: string; readonly latest: string }[];
}

const FOR_EVER = 'infinity';

export const keyOfPerson = (workspaceId: string, userId: string) => `${workspaceId} ${userId}`;

/**
 * The history of some workspaces as a batch of events continues it.
 *
 * A change takes effect at the instant of its event, but never before one that precedes it in its workspace: so the history
 * of a workspace at an instant is what the first so many events of the log add up to (docs/decisions/0013). Changes that take
 * effect at the same instant are one; thereby nothing depends on where a batch ends.
 */
export class History {
  private readonly versions = new Map<string, Version>();
  private readonly periods = new Map<string, Period>();
  private readonly counted = new Map<string, Additions['counts'][number]>();
  private readonly moved = new Set<string>();

  /**
   * @param people those whom the events may concern, by `keyOfPerson`
   * @param workspaces theirs
   */
  constructor(
    private readonly people: Map<string, Person>,
    private readonly workspaces: Map<string, WorkspaceHistory>,
  ) {}

  apply(events: readonly RecordedEvent[]): void {
    const renamed = new Set(events.flatMap((event) => renamedBy(event) ?? []));
    const keysOfRenamed = new Map<string, Set<string>>();
    const note = (userId: string, key: string) => {
      if (!renamed.has(userId)) return;
      const keys = keysOfRenamed.get(userId) ?? new Set();
      keysOfRenamed.set(userId, keys.add(key));
    };
    for (const [key, { version }] of this.people) note(version.user_id, key);
    for (const event of events) {
      const userId = renamedBy(event);
      if (userId !== undefined) {
        for (const key of keysOfRenamed.get(userId) ?? []) this.rename(key, event);
        continue;
      }
      const subject = usersTabRules.on[event.type] && usersTabRules.keyOf(event);
      if (!subject) continue;
      const key = keyOfPerson(subject.workspace_id ?? '', subject.user_id ?? '');
      this.change(key, event);
      note(subject.user_id ?? '', key);
    }
  }

  additions(): Additions {
    return {
      versions: [...this.versions.values()],
      periods: [...this.periods.values()],
      counts: [...this.counted.values()],
      clocks: [...this.moved].map((workspace_id) => ({
        workspace_id,
        latest: this.workspaces.get(workspace_id)?.latest ?? '',
      })),
    };
  }

  private rename(key: string, event: RecordedEvent): void {
    const before = this.people.get(key)?.version;
    if (before?.status !== 'active') return;
    const { name } = dataOf<'AccountRenamed'>(event);
    this.record(key, before, { ...before, name, updated_at: instantOf(event) }, event);
  }

  private change(key: string, event: RecordedEvent): void {
    const before = this.people.get(key)?.version;
    let after: UserRow | undefined;
    try {
      after = usersTabRules.on[event.type]?.(before, event);
    } catch (error) {
      throw new RowFailure('user_history.versions', usersTabRules.keyOf(event), error);
    }
    if (after && after !== before) this.record(key, before, after, event);
  }

  private record(key: string, before: Version | undefined, after: UserRow, event: RecordedEvent): void {
    const { workspace_id } = after;
    const workspace = this.workspaces.get(workspace_id);
    const at = instantOf(event);
    const valid_from = workspace && workspace.latest > at ? workspace.latest : at;
    const version = { ...after, valid_from };
    this.versions.set(`${key} ${valid_from}`, version);
    this.people.set(key, { version, since: this.period(key, before, version) });
    const counts = this.count(workspace?.counts, before, version);
    this.workspaces.set(workspace_id, { latest: valid_from, counts });
    this.moved.add(workspace_id);
  }

  /** @returns when the person's period began */
  private period(key: string, before: Version | undefined, after: Version): string {
    const since = this.people.get(key)?.since;
    if (before && since !== undefined) {
      if (isFoundAlike(before, after)) return since;
      if (since < after.valid_from) this.periods.set(`${key} ${since}`, periodOf(before, since, after.valid_from));
    }
    this.periods.set(`${key} ${after.valid_from}`, periodOf(after, after.valid_from, FOR_EVER));
    return after.valid_from;
  }

  private count(counts: Counts = NOBODY, before: Version | undefined, after: Version): Counts {
    if (before?.status === after.status) return counts;
    const { workspace_id, valid_from } = after;
    const changed = { ...counts };
    if (before) changed[before.status]--;
    changed[after.status]++;
    this.counted.set(`${workspace_id} ${valid_from}`, { ...changed, workspace_id, valid_from });
    return changed;
  }
}

/** Whose account an event gives a new name. */
export function renamedBy({ type, stream }: RecordedEvent): string | undefined {
  return type === 'AccountRenamed' ? stream.slice(ACCOUNT_STREAMS.length) : undefined;
}

function isFoundAlike(a: Version, b: Version): boolean {
  return (
    a.status === b.status &&
    a.role === b.role &&
    a.name === b.name &&
    a.email === b.email &&
    a.invited_at === b.invited_at
  );
}

function periodOf(version: Version, valid_from: string, valid_to: string): Period {
  const { workspace_id, user_id, status, role, invited_at } = version;
  return { workspace_id, user_id, valid_from, valid_to, status, role, invited_at, ...keysOf(version) };
}
