import type { Comparison, RowDifference, TableComparison } from '../rebuilding/compare.js';
import { parkedText } from './parked-text.js';
import { count, table } from './table.js';

/** A comparison as a person reads it: one line a table, and below what differs. */
export function comparisonText(comparison: Comparison, built: string): string {
  const { position, equal, tables } = comparison;
  const rows = tables.map(({ table: name, equal: same, live, built: other }) => [
    name,
    same ? 'equal' : 'DIFFERS',
    live ? count(live.rows) : 'no such table',
    other ? count(other.rows) : 'no such table',
    live?.checksum ?? '',
    other?.checksum ?? '',
  ]);
  const headings = ['table', '', 'rows live', `rows ${built}`, 'checksum live', `checksum ${built}`];
  const verdict = equal ? 'equal in every row' : 'NOT equal';
  return [
    table(headings, rows),
    ...tables.flatMap((each) => differences(each, built)),
    `At position ${position || 'START'} of the log: ${verdict}.`,
    ...leftOut(comparison, built),
  ].join('\n');
}

function leftOut({ parked, skipped }: Comparison, built: string): string[] {
  return [
    ...(parked.events === 0
      ? []
      : [
          built === 'fresh'
            ? `Both are without what is parked: ${parkedText(parked)}. Retry or skip it, and verify again.`
            : `The live tables are without what is parked: ${parkedText(parked)}.`,
        ]),
    ...(skipped === 0
      ? []
      : [`Both are without the ${count(skipped)} events that were skipped; projections list shows them.`]),
  ];
}

function differences({ table: name, columnsOnlyIn, differences: rows }: TableComparison, built: string): string[] {
  const columns = [
    ...columnsOnlyIn.live.map((column) => `  column ${column} is only in the live table`),
    ...columnsOnlyIn.built.map((column) => `  column ${column} is only in the ${built} table`),
  ];
  if (columns.length + rows.length === 0) return [];
  return ['', `${name}:`, ...columns, ...rows.flatMap((row) => difference(row, built)), ''];
}

function difference({ live, built: other }: RowDifference, built: string): string[] {
  if (!live) return [`  only ${built}: ${JSON.stringify(other)}`];
  if (!other) return [`  only live: ${JSON.stringify(live)}`];
  const values = new Map(Object.entries(other));
  const differing = Object.entries(live).filter(([name, value]) => !same(value, values.get(name)));
  const pick = (from: object) => {
    const all = new Map(Object.entries(from));
    return JSON.stringify(Object.fromEntries(differing.map(([name]) => [name, all.get(name)])));
  };
  const rest = Object.fromEntries(Object.entries(live).filter(([name]) => !differing.some(([each]) => each === name)));
  return [`  ${JSON.stringify(rest)}`, `    live ${pick(live)}`, `    ${built} ${pick(other)}`];
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
