import type { JsonObject } from '../../src/event-store/event-store.js';
import { canonicalOf } from './canonical-json.js';
import { eventIn, GENESIS, hashOf } from './chain.js';

/** What an export proves. */
export type Verdict =
  | { readonly proven: true; readonly records: number }
  | {
      readonly proven: false;
      /** The line of the file, from 1, that is the first bad one; one more than it has where the end is missing. */
      readonly line: number;
      readonly reason: string;
    };

/**
 * Checks the lines of an ndjson export against the newest hash, which has to be known from elsewhere. Needs nothing but these
 * two, and holds one line at a time.
 *
 * @param head 64 hexadecimal digits
 */
export async function verifyExport(lines: AsyncIterable<string>, head: string): Promise<Verdict> {
  let hash = GENESIS;
  let sequence = 0;
  for await (const line of lines) {
    const place = sequence + 1;
    const bad = (reason: string): Verdict => ({ proven: false, line: place, reason });
    if (hash === head && sequence > 0) {
      return bad(
        `it comes after the head (record ${sequence}), which says nothing of it; take a newer head if there is one`,
      );
    }
    const record = readRecord(line);
    if (typeof record === 'string') return bad(record);
    if (record.sequence !== place) {
      return bad(
        `record ${place} should stand here, but this is record ${record.sequence}: something is missing, moved or added`,
      );
    }
    if (record.previousHash !== hash) return bad(`record ${place} does not follow the one before it`);
    if (record.hash !== hashOf(record)) return bad(`record ${place} was changed: its hash does not fit what it says`);
    hash = record.hash;
    sequence = place;
  }
  if (hash === head) return { proven: true, records: sequence };
  return {
    proven: false,
    line: sequence + 1,
    reason: `the file ends with record ${sequence}, which is not the head: the end is missing, or the head is of another history`,
  };
}

/** @returns why the line is none, where it is not */
function readRecord(line: string) {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return 'this is not JSON';
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return 'this is not a record';
  const { event, hash, previousHash, sequence, ...others } = parsed as Record<string, unknown>;
  const isRecord =
    typeof event === 'object' &&
    event !== null &&
    typeof hash === 'string' &&
    typeof previousHash === 'string' &&
    typeof sequence === 'number' &&
    Object.keys(others).length === 0;
  if (!isRecord) return 'this is not a record: one has event, hash, previousHash and sequence, and nothing else';
  if (canonicalOf(parsed as JsonObject, line) !== line)
    return 'this is not how the service writes a record (RFC 8785): it was edited';
  return { event: eventIn(line, { hash, previousHash, sequence }), hash, previousHash, sequence };
}
