import type { Instant } from '../../src/domain/lifetime.js';
import type { ChainRecord } from './chain.js';

/** One event of a workspace: a row of `audit_history.records`. */
export interface AuditRow {
  readonly workspace_id: string;
  /** Counts from 1 within the workspace. */
  readonly sequence: number;
  readonly at: Instant;
  readonly type: string;
  readonly actor_type: string | null;
  readonly actor_id: string | null;
  /** Whom it is about; null for the workspace itself. */
  readonly subject_id: string | null;
  /** What can be searched for, as `searchText` makes it. */
  readonly search: string;
  /** Canonical JSON, as the hash was made of it. */
  readonly event: string;
  readonly previous_hash: string;
  readonly hash: string;
}

/** A row as what the chain is made of. */
export function recordOf({ event, sequence, previous_hash, hash }: Omit<AuditRow, 'search'>): ChainRecord {
  return { event, sequence: Number(sequence), previousHash: previous_hash, hash };
}
