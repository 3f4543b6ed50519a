import type { Instant } from '../../src/domain/lifetime.js';
import type { ChainRecord } from './chain.js';

/** One event of a workspace, as it is read. */
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
  /** Canonical JSON, as the hash was made of it. */
  readonly event: string;
  /** 64 hexadecimal digits, in lower case. */
  readonly hash: string;
}

/** A row of `audit_history.records`. */
export interface StoredAuditRow extends Omit<AuditRow, 'hash'> {
  /** When it took effect: at its instant, but never before a record that precedes it. */
  readonly clock: Instant;
  /** The text among `audit_history.texts` that has its own; null where it has none. */
  readonly text_id: number | null;
  /** What can be searched for: what the subject and the actor were called then, and what the event says, a text a line. */
  readonly search: string;
  /** As `bytea` reads it: `\\x` and hexadecimal digits. */
  readonly hash: string;
}

/** A row with the hash of the one before. */
export interface ExportedAuditRow extends AuditRow {
  readonly previous_hash: string;
}

/** A row as what the chain is made of. */
export function recordOf({ event, sequence, previous_hash, hash }: ExportedAuditRow): ChainRecord {
  return { event, sequence, previousHash: previous_hash, hash };
}
