import type { Instant } from '../../src/domain/lifetime.js';
import type { Position, RecordedEvent } from '../../src/event-store/event-store.js';
import { instantOf, storable } from '../domain-event.js';
import type { ChainRecord } from './chain.js';
import { factsOf } from './facts.js';

/** A record as it is found: with its event, or with where the log has that. */
export type FoundRow = Omit<ReadRow, 'event'> & Pick<ChainRow, 'position' | 'copy'>;

/** A record as it is read. */
export interface ReadRow {
  /** Counts from 1 within the workspace. */
  readonly sequence: number;
  /** Canonical JSON, as the hash was made of it. */
  readonly event: string;
  /** 64 hexadecimal digits, in lower case. */
  readonly hash: string;
  /** Of the record before. */
  readonly previous_hash: string;
}

/** A record with what its event tells. */
export interface AuditRow extends ReadRow {
  readonly recorded: Omit<RecordedEvent, 'position'>;
  readonly at: Instant;
  readonly type: string;
  readonly actor_type: string | null;
  readonly actor_id: string | null;
  /** Whom it is about; null for the workspace itself. */
  readonly subject_id: string | null;
}

/** A row of `audit_history.chain`. Whatever it is found by, besides its number, is a number of the workspace's own. */
export interface ChainRow {
  readonly workspace: number;
  readonly sequence: number;
  /** When it took effect: at its instant, but never before a record that precedes it. */
  readonly clock: Instant;
  /** Of its type. */
  readonly kind: number;
  /** Of who did it; null where the event does not say. */
  readonly actor: number | null;
  /** Of whom it is about; null for the workspace itself. */
  readonly subject: number | null;
  /** The text among `audit_history.texts` that has its own; null where it has none. */
  readonly text_id: number | null;
  /** As `bytea` reads it: `\\x` and hexadecimal digits. */
  readonly hash: string;
  /** What can be searched for: what the subject and the actor were called then, and what the event says, a text a line. */
  readonly search: string;
  /** Where the log has the event; null where the row has it. */
  readonly position: Position | null;
  /** The event as canonical JSON; null where the log has it. */
  readonly copy: string | null;
}

/** A record with what its event tells, which is told by the event alone. */
export function auditRow(row: ReadRow): AuditRow {
  const recorded = JSON.parse(row.event) as RecordedEvent;
  const { actor = null, subject = null } = factsOf(recorded) ?? {};
  return {
    ...row,
    recorded,
    at: instantOf(recorded),
    type: storable(recorded.type),
    actor_type: actor?.type ?? null,
    actor_id: actor?.id ?? null,
    subject_id: subject,
  };
}

/** A row as what the chain is made of. */
export function recordOf({ event, sequence, previous_hash, hash }: ReadRow): ChainRecord {
  return { event, sequence, previousHash: previous_hash, hash };
}
