import { upcast } from '../../domain/codec.js';
import { ACCOUNT_STREAMS, MEMBERSHIP_STREAMS, membershipKeyOf, WORKSPACE_STREAMS } from '../../domain/streams.js';
import type { WorkspaceRenamed } from '../../domain/workspace/events.js';
import type { Position, RecordedEvent } from '../../event-store/event-store.js';

/** The streams whose events change what the users tab shows. */
export const STREAMS_OF_CHANGES = [MEMBERSHIP_STREAMS, ACCOUNT_STREAMS, WORKSPACE_STREAMS] as const;

/** Somebody's row may have changed; in every workspace that they are in, where none is named. */
export interface UserChange {
  readonly position: Position;
  readonly workspaceId?: string;
  readonly userId: string;
}

/** What a workspace is called from here on. */
export interface NewName {
  readonly position: Position;
  readonly workspaceId: string;
  readonly name: string;
}

export type Change = UserChange | NewName;

/** What has changed in a workspace. */
export interface Changed {
  /** Whose rows, each at the position of the last change to it, in that order. */
  readonly users: ReadonlyMap<string, Position>;
  /** Its newest name, where it has another. */
  readonly name: NewName | undefined;
}

export function changesOf(events: readonly RecordedEvent[]): Change[] {
  return events.flatMap((event): Change | [] => {
    const { stream, type, position } = event;
    const key = membershipKeyOf(stream);
    if (key) return { position, ...key };
    if (type === 'AccountRenamed') return { position, userId: stream.slice(ACCOUNT_STREAMS.length) };
    if (type !== 'WorkspaceRenamed') return [];
    const { name } = (upcast(event) as WorkspaceRenamed).data;
    return { position, workspaceId: stream.slice(WORKSPACE_STREAMS.length), name };
  });
}

export function changedIn(changes: Iterable<Change>, workspaceId: string): Changed {
  const users = new Map<string, Position>();
  let name: NewName | undefined;
  for (const change of changes) {
    const { position, workspaceId: where = workspaceId } = change;
    if (where !== workspaceId) continue;
    if ('name' in change) {
      name = change;
      continue;
    }
    users.delete(change.userId);
    users.set(change.userId, position);
  }
  return { users, name };
}

/** What changed lately in all workspaces: enough for whoever lost the connection and comes back. */
export class RecentChanges {
  private changes: Change[] = [];

  /**
   * @param from all changes behind this position are known
   * @param most how many changes are kept; the oldest go first, several at once
   */
  constructor(
    private from: Position,
    readonly most: number,
  ) {}

  get start(): Position {
    return this.from;
  }

  add(changes: readonly Change[]): void {
    this.changes.push(...changes);
    if (this.changes.length <= this.most) return;
    const gone = this.changes.splice(0, this.changes.length - Math.ceil((this.most * 3) / 4)).at(-1);
    if (gone) this.from = gone.position;
  }

  /** Adds what was between `from` and the start, unless it is too much. */
  addOlder(from: Position, changes: readonly Change[]): void {
    if (this.changes.length + changes.length > this.most) return;
    this.changes = [...changes, ...this.changes];
    this.from = from;
  }

  /** Undefined where it is too long ago to know. */
  since(after: Position, workspaceId: string): Changed | undefined {
    if (after < this.from) return undefined;
    const index = this.changes.findLastIndex(({ position }) => position <= after);
    return changedIn(this.changes.slice(index + 1), workspaceId);
  }
}
