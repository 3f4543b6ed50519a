import t from 'tap';

import { canonicalEvent, chained, GENESIS, lineOf } from '../../projections/audit-history/chain.js';
import { verifyExport } from '../../projections/audit-history/verify-export.js';
import { membershipStream } from '../../src/domain/streams.js';
import * as event from '../domain/support/membership-events.js';
import { INVITEE, WORKSPACE } from '../domain/support/people-and-time.js';
import { recorded } from './recorded.js';

const STREAM = membershipStream({ workspaceId: WORKSPACE, userId: INVITEE });

/** The lines of a history, and its head. */
function history(length: number) {
  let head = { sequence: 0, hash: GENESIS };
  const lines = Array.from({ length }, (_, index) => {
    const story = index === 0 ? event.invited({ name: 'Inês \u2028 O’Hara' }) : event.resent({ issue: index + 1 });
    const record = chained(canonicalEvent(recorded(STREAM, story, index)), head);
    head = record;
    return lineOf(record);
  });
  return { lines, head: head.hash };
}

async function* each(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}

const { lines, head } = history(6);
const other = history(6);
const without = (index: number) => lines.filter((_, i) => i !== index);
const replaced = (index: number, line: string | undefined) => lines.with(index, String(line));
const edited = (index: number, from: string | RegExp, to: string) => replaced(index, lines[index]?.replace(from, to));

t.test('an export is proven by its head', async (t) => {
  t.strictSame(await verifyExport(each(lines), head), { proven: true, records: 6 });
  t.strictSame(await verifyExport(each([]), GENESIS), { proven: true, records: 0 });
});

const FORGERIES: readonly [what: string, lines: readonly string[], line: number][] = [
  ['a value edited', edited(2, '"issue":3', '"issue":4'), 3],
  ['a hash edited with it', replaced(2, other.lines[2]), 3],
  ['a key written twice', edited(1, '"type":', '"type":"UserLeft","type":'), 2],
  ['a space', edited(3, ':', ': '), 4],
  ['a member added', edited(3, /}$/, ',"note":"x"}'), 4],
  ['the first record removed', without(0), 1],
  ['a record removed', without(3), 4],
  ['a record doubled', lines.toSpliced(2, 0, String(lines[1])), 3],
  ['a record inserted', lines.toSpliced(2, 0, String(other.lines[2])), 3],
  ['two records changed places', lines.with(1, String(lines[2])).with(2, String(lines[1])), 2],
  ['the end cut off', lines.slice(0, -1), 6],
  ['everything cut off', [], 1],
  ['a record after the head', [...lines, String(history(7).lines[6])], 7],
  ['an empty line', lines.toSpliced(1, 0, ''), 2],
  ['something else', replaced(4, '[]'), 5],
];

for (const [what, forged, line] of FORGERIES) {
  t.test(`detected: ${what}`, async (t) => {
    t.match(await verifyExport(each(forged), head), { proven: false, line });
  });
}

t.test('another head proves nothing', async (t) => {
  t.match(await verifyExport(each(lines), other.head), { proven: false, line: 7 });
});
