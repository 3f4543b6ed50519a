import t from 'tap';

import type { Position } from '../../src/event-store/event-store.js';
import { describe, ProgressBar } from '../../src/operating/progress-bar.js';
import type { Terminal } from '../../src/operating/terminal.js';
import { type Progress, progressAt, progressOf } from '../../src/rebuilding/standing.js';

/** What a bar writes where a person watches, or into a file. */
function written(interactive: boolean, progress: readonly Progress[], width = 100): string[] {
  const notes: string[] = [];
  const terminal: Terminal = {
    json: false,
    interactive,
    width,
    print: () => {},
    note: (text) => void notes.push(text.trim()),
    ask: () => Promise.resolve(''),
  };
  const bar = new ProgressBar('users-tab', terminal);
  for (const each of progress) bar.show(each);
  return notes;
}

const indexing = (number: number, index: Progress['index'] = null): Progress => ({
  ...progressAt('indexing', 1_000),
  step: { number, of: 4 },
  index,
});

t.test('what it is at is said in words, with what is done of how much', (t) => {
  t.equal(
    describe(progressOf('0000000000000250' as Position, '0000000000001000' as Position, 250, 500)),
    '25.0%  250 of about 1,000 events, 500/s, 2s left',
  );
  t.equal(describe(indexing(2)), 'making index 2 of 4');
  const scanning = { phase: 'scanning', done: 5_120, total: 20_480, unit: 'blocks' } as const;
  t.equal(describe(indexing(2, scanning)), 'making index 2 of 4: reading the table, 25.0% of 20,480 blocks');
  const sorting = { phase: 'sorting', done: 0, total: 0, unit: 'tuples' } as const;
  t.equal(describe(indexing(2, sorting)), 'making index 2 of 4: sorting');
  t.end();
});

t.test('an index of which nobody counts the others fills the bar by itself', (t) => {
  const index = { phase: 'scanning', done: 10, total: 20, unit: 'blocks' } as const;
  const [line] = written(true, [{ ...progressAt('indexing', 1_000), index }]);
  t.match(line, /\[#{6}\.{18}\] +making index: reading the table, 50\.0% of 20 blocks/);
  t.end();
});

t.test('while indexes are made the bar shows how far they are, and never goes back', (t) => {
  const full = (line: string) => /\[(#*)\.*\]/.exec(line)?.[1]?.length;
  const lines = written(true, [
    indexing(1),
    indexing(2, { phase: 'scanning', done: 1, total: 2, unit: 'blocks' }),
    indexing(2, { phase: 'sorting', done: 0, total: 0, unit: 'tuples' }),
    indexing(2, { phase: 'loading', done: 2, total: 2, unit: 'tuples' }),
    indexing(4, { phase: 'starting', done: 0, total: 0, unit: 'blocks' }),
    progressAt('comparing', 1_000),
  ]);
  t.strictSame(lines.map(full), [0, 7, 9, 12, 18, 24]);
  t.end();
});

t.test('in a narrow terminal the bar is shorter, and what does not fit is cut where one sees it', (t) => {
  const scanning = indexing(2, { phase: 'scanning', done: 1, total: 2_000_000, unit: 'blocks' });
  t.strictSame(written(true, [scanning], 80), [
    'users-tab  [##......]  making index 2 of 4: reading the table, 0.0% of 2,000,0…',
  ]);
  t.strictSame(written(true, [scanning], 60), ['users-tab  [##......]  making index 2 of 4: reading the ta…']);
  t.end();
});

t.test('where nobody watches, a line says what it has begun with, and not how far each index is', (t) => {
  const scanning = (done: number) => indexing(1, { phase: 'scanning', done, total: 100, unit: 'blocks' });
  const lines = written(false, [indexing(1), scanning(1), scanning(2), indexing(2), progressAt('comparing', 1_000)]);
  t.strictSame(
    lines.map((line) => line.replace(/^.*\] +/, '')),
    ['making index 1 of 4', 'comparing with the live tables'],
  );
  t.end();
});
