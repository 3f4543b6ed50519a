import { pipeline, Readable } from 'node:stream';
import { stringify } from 'csv-stringify';

import { lineOf } from '../../../projections/audit-history/chain.js';
import { type AuditRow, auditRow, type ReadRow, recordOf } from '../../../projections/audit-history/row.js';
import type { AuditView } from './records.js';

/** The media types of an export. */
export const EXPORT_TYPES = {
  ndjson: 'application/x-ndjson; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
} as const;

/** The records of the chain, a line each, as `verify-export` reads them. Holds one piece at a time. */
export function asNdjson(pieces: AsyncIterable<readonly ReadRow[]>): Readable {
  return Readable.from(lines(pieces));
}

async function* lines(pieces: AsyncIterable<readonly ReadRow[]>): AsyncGenerator<string> {
  for await (const rows of pieces) yield rows.map((row) => `${lineOf(recordOf(row))}\n`).join('');
}

/**
 * A table for spreadsheets. No cell is taken for a formula: those that begin like one get an apostrophe in front.
 *
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
export function asCsv(
  pieces: AsyncIterable<readonly ReadRow[]>,
  viewsOf: (rows: readonly AuditRow[]) => Promise<readonly AuditView[]>,
): Readable {
  const table = stringify({ header: true, bom: true, escape_formulas: true, columns: COLUMNS });
  // What fails on the way fails the answer; `pipe` would leave it to the process. Whoever reads the table is told by the table.
  pipeline(Readable.from(cells(pieces, viewsOf)), table, () => {});
  return table;
}

const COLUMNS = [
  'sequence',
  'at',
  'what',
  'type',
  'actor',
  'actorType',
  'actorId',
  'subject',
  'subjectEmail',
  'subjectId',
  'ip',
  'userAgent',
  'requestId',
  'data',
  'hash',
];

async function* cells(
  pieces: AsyncIterable<readonly ReadRow[]>,
  viewsOf: (rows: readonly AuditRow[]) => Promise<readonly AuditView[]>,
): AsyncGenerator<unknown[]> {
  for await (const rows of pieces) {
    for (const { sequence, at, words, type, actor, subject, from, data, hash } of await viewsOf(rows.map(auditRow))) {
      yield [
        String(sequence),
        at,
        words,
        type,
        actor?.name,
        actor?.type,
        actor?.id,
        subject?.name,
        subject?.email,
        subject?.userId,
        from.ip,
        from.userAgent,
        from.requestId,
        JSON.stringify(data),
        hash,
      ];
    }
  }
}
