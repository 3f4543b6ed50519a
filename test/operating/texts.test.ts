import t from 'tap';

import type { Position } from '../../src/event-store/event-store.js';
import { entryText } from '../../src/operating/journal-text.js';
import { parkedStreamText, parkedText, poisonText } from '../../src/operating/parked-text.js';
import { standingsText } from '../../src/operating/standings-text.js';
import type { JournalEntry } from '../../src/rebuilding/journal.js';
import { type ProjectionStanding, progressOf } from '../../src/rebuilding/standing.js';

const position = '0000000000000012' as Position;
const event = { id: 'e-1', type: 'Tested', stream: 'tested-b', revision: 7, position };
const failure = {
  projection: 'numbered',
  event,
  handler: 'Tested on numbered.streams',
  row: { stream: 'tested-b' },
  reason: 'it is 7',
};
const at = '2026-01-01T00:00:00.000Z';

t.test('the journal reads as a line each: when, what, who, why, and what came of it', async (t) => {
  const entry = (act: JournalEntry['act'], detail: object | null, reason: string | null = null) =>
    entryText({ at, act, by: 'ana', reason, detail });
  t.equal(entry('paused', null, 'the disk is full'), `${at}  paused  ana  the disk is full`);
  t.equal(entry('switched', { from: 1, to: 2, position }), `${at}  switched  ana  (version 1 to 2, at ${position})`);
  t.equal(entry('switched', { from: 2, to: 2, position: '' }), `${at}  switched  ana  (version 2, at START)`);
  t.equal(entry('dropped', { tables: 'next' }), `${at}  dropped  ana  (the next tables)`);
  for (const [detail, said] of [
    [{ streams: 3, replayed: 1_200, outcome: 'retried' }, '3 streams, 1,200 events replayed'],
    [{ stream: 'tested-b', replayed: 1, outcome: 'interrupted' }, 'tested-b, 1 event replayed; interrupted'],
    [{ streams: 1, replayed: 0, outcome: null }, '1 stream, 0 events replayed; not ended: under way, or cut off'],
    [
      { streams: 1, replayed: 0, outcome: 'broken-off', error: '57P01' },
      '1 stream, 0 events replayed; broken-off (57P01)',
    ],
    [
      { streams: 2, replayed: 5, outcome: 'failed', failed: [event, event] },
      '2 streams, 5 events replayed; failed at Tested, revision 7 of tested-b and others',
    ],
  ] as const) {
    t.equal(entry('retried', detail), `${at}  retried  ana  (${said})`);
  }
});

t.test('what could not be projected is told with event, handler, row and reason', async (t) => {
  const why = 'Tested on numbered.streams {"stream":"tested-b"}: it is 7';
  t.equal(poisonText(failure), `Tested, revision 7 of tested-b (event e-1): ${why}`);
  const stream = { stream: 'tested-b', events: 3, first: event, parkedAt: at, tries: 2, triedAt: at, failure };
  t.equal(parkedStreamText(stream), `PARKED Tested, revision 7 of tested-b, 3 waiting: ${why} (tried 2x)`);
  t.equal(parkedText({ streams: 2, events: 1_000 }), '1,000 events of 2 streams');
});

t.test('beside the live tables it is said whether somebody is at work, or what was left behind', async (t) => {
  const slot = { version: 1, position, updatedAt: at };
  const standing: ProjectionStanding = {
    name: 'numbered',
    programVersion: 1,
    ...slot,
    paused: null,
    followed: true,
    workedOn: true,
    share: 1,
    lagSeconds: 0,
    newerThanLog: false,
    parked: { streams: 0, events: 0, first: [] },
    skipped: [],
    next: { ...slot, startedAt: at, progress: progressOf(position, position, 12, 6), failure },
    previous: null,
    check: slot,
  };
  const below = (workedOn: boolean) =>
    standingsText([{ ...standing, workedOn }])
      .split('\n\n')[1]
      ?.split('\n');
  t.strictSame(below(true), [
    'numbered, next: 100%  12 events, 2,000/s, being worked on',
    `numbered, next: STOPPED at ${poisonText(failure)}`,
    'numbered, check: being verified',
  ]);
  t.strictSame(below(false)?.slice(2), [
    'numbered, check: left behind by a verify that was killed; drop it with --check',
  ]);
});
