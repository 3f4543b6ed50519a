import t from 'tap';
import { parseRecipients } from '../../src/addresses/parse-recipients.js';

/**
 * What could make a parser look ahead, or go back, again and again. With each, sixteen times as much text may take
 * sixteen times as long, and not the 256 times of a quadratic one: the limit lies between, far from both.
 */
const HOSTILE = [
  '<',
  '>',
  '"',
  '(',
  ')',
  '[',
  ']',
  ',',
  '@',
  ' ',
  '.',
  '-',
  '|',
  '\t',
  '\n',
  '\\',
  '\u200b',
  '＜',
  'a ',
  'a,',
  '"a ',
  '<a ',
  '(a ',
  '[a](',
  'a: ',
  '""a',
  '"a"a',
  '\\"',
  '"a@ ',
  '<a@b ',
  '(a@b ',
  '((a@b)',
  'a@',
  'a@b ',
  '@a ',
  'a@ ',
  'mailto:',
  'é',
  'é@b.cc ',
  '"a b"@b.cc ',
  'a..b@b.cc ',
  'Jane Doe ',
  'Doe, Jane ',
  'Doe, Jane <',
  '1. ',
  'x] ',
  'a\n',
  'a,b\n',
  'a@b.cc,x\n',
];
const SIZE = 6_000;
const GROWTH = 16;
const LIMIT = 5 * GROWTH;
/** Below this many milliseconds a measurement says more of the machine than of the parser. */
const FLOOR = 2;
/** A machine that is busy with something else gets further tries. A parser in quadratic time fails them all. */
const TRIES = 8;

function fastestOf(runs: number, pasted: string): number {
  const times = Array.from({ length: runs }, () => {
    const start = performance.now();
    parseRecipients(pasted);
    return performance.now() - start;
  });
  return Math.min(...times);
}

/** Milliseconds for a text and for one `GROWTH` times as long, from the first try that is within the limit, or the last. */
function growthOf(small: string): { readonly before: number; readonly after: number } {
  const large = small.repeat(GROWTH);
  for (let tries = 1; ; tries++) {
    const before = Math.max(FLOOR, fastestOf(3, small));
    const after = fastestOf(1, large);
    if (after < LIMIT * before || tries === TRIES) return { before, after };
  }
}

t.test('time grows with the length of what is pasted, and not with its square', async (t) => {
  for (const unit of HOSTILE) {
    const { before, after } = growthOf(unit.repeat(Math.ceil(SIZE / unit.length)));
    t.ok(after < LIMIT * before, `${JSON.stringify(unit)}: ${before.toFixed(1)} ms, then ${after.toFixed(1)} ms`);
  }
});

t.test('an unclosed mark does not make it slow for the addresses behind it', async (t) => {
  for (const mark of ['"', '<', '(', '[']) {
    const entries = parseRecipients(mark + 'jane@example.com, '.repeat(5_000));
    t.equal(entries.filter(({ ok }) => ok).length, 5_000, mark);
  }
});
