import { ACCOUNT_STREAMS, MEMBERSHIP_STREAMS, membershipKeyOf } from '../../domain/streams.js';
import type { Position, RecordedEvent } from '../../event-store/event-store.js';

/** The streams whose events change what the users tab shows. */
export const STREAMS_OF_CHANGES = [MEMBERSHIP_STREAMS, ACCOUNT_STREAMS] as const;

/** Somebody's row may have changed; in every workspace that they are in, where none is named. */
export interface Change {
  readonly position: Position;
  readonly workspaceId?: string;
  readonly userId: string;
}

export function changesOf(events: readonly RecordedEvent[]): Change[] {
  return events.flatMap((event): Change | [] => {
    const { stream, type, position } = event;
    const key = membershipKeyOf(stream);
    if (key) return { position, ...key };
    return type === 'AccountRenamed' ? { position, userId: stream.slice(ACCOUNT_STREAMS.length) } : [];
  });
}

/** Whose rows in a workspace changes are about, each at the position of the last of them, in that order. */
export function usersChanged(changes: Iterable<Change>, workspaceId: string): Map<string, Position> {
  const users = new Map<string, Position>();
  for (const { position, workspaceId: where = workspaceId, userId } of changes) {
    if (where !== workspaceId) continue;
    users.delete(userId);
    users.set(userId, position);
  }
  return users;
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
  since(after: Position, workspaceId: string): Map<string, Position> | undefined {
    if (after < this.from) return undefined;
    const index = this.changes.findLastIndex(({ position }) => position <= after);
    return usersChanged(this.changes.slice(index + 1), workspaceId);
  }
}
