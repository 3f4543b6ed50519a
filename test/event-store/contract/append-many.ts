import type { Test } from 'tap';
import { type AppendResult, InvalidAppend, StreamConflict } from '../../../src/event-store/event-store.js';
import { anEvent, ids, ownStream, ownStreams, type Subject, someEvents } from './subject.js';

/** `appendMany`: each append succeeds or fails by itself, and is answered in its place. */
export async function appendManyContract(t: Test, { store }: Subject): Promise<void> {
  const revisionOf = (result: AppendResult | undefined) =>
    result?.status === 'appended' ? result.appended.revision : result?.error.code;

  await t.test('nothing to append is answered with nothing', async (t) => {
    t.strictSame(await store.appendMany([]), []);
  });

  await t.test('success, conflict and refusal are answered in the order asked', async (t) => {
    const [fresh, taken, bad, old, repeated] = [1, 2, 3, 4, 5].map(() => ownStream()) as [
      string,
      string,
      string,
      string,
      string,
    ];
    const again = anEvent();
    await store.append(taken, someEvents(2), 'none');
    await store.append(old, someEvents(4), 'none');
    const first = await store.append(repeated, [again], 'none');
    const results = await store.appendMany([
      { stream: fresh, events: someEvents(2), expectedRevision: 'none' },
      { stream: taken, events: someEvents(1), expectedRevision: 'none' },
      { stream: bad, events: [], expectedRevision: 'any' },
      { stream: old, events: someEvents(1), expectedRevision: 3 },
      { stream: repeated, events: [again], expectedRevision: 'none' },
    ]);
    t.strictSame(results.map(revisionOf), [1, 'stream-conflict', 'invalid-append', 4, 0]);
    const [, conflict, refusal, , repeat] = results;
    t.ok(conflict?.status === 'failed' && conflict.error instanceof StreamConflict && conflict.error.actual === 1);
    t.ok(refusal?.status === 'failed' && refusal.error instanceof InvalidAppend);
    t.strictSame(repeat, { status: 'appended', appended: first });
    const read = await store.readStreams([fresh, taken, bad, old]);
    t.strictSame(
      read.map(({ revision }) => revision),
      [1, 1, 'none', 4],
    );
  });

  await t.test('a thousand streams in one call', async (t) => {
    const { name } = ownStreams();
    const appends = Array.from({ length: 1_000 }, (_, index) => ({
      stream: name(index),
      events: someEvents(1 + (index % 3)),
      expectedRevision: 'none' as const,
    }));
    const results = await store.appendMany(appends);
    t.strictSame(
      results.map(revisionOf),
      appends.map(({ events }) => events.length - 1),
    );
    const read = await store.readStreams(appends.map(({ stream }) => stream));
    t.strictSame(
      read.map(({ events }) => ids(events)),
      appends.map(({ events }) => ids(events)),
    );
    t.strictSame(
      results.map((result) => (result.status === 'appended' ? result.appended.position : undefined)),
      read.map(({ events }) => events.at(-1)?.position),
      'each position is that of the last event of its append',
    );
  });

  await t.test('of many appends to one new stream in one call exactly one is the first', async (t) => {
    const stream = ownStream();
    const events = someEvents(10);
    const results = await store.appendMany(
      events.map((event) => ({ stream, events: [event], expectedRevision: 'none' as const })),
    );
    const winners = events.filter((_, index) => results[index]?.status === 'appended');
    t.equal(winners.length, 1);
    t.equal(results.filter((result) => revisionOf(result) === 'stream-conflict').length, 9);
    t.strictSame(ids((await store.readStream(stream)).events), ids(winners));
  });

  await t.test('many appends to one stream in one call that expect any revision all get in', async (t) => {
    const stream = ownStream();
    const results = await store.appendMany(
      Array.from({ length: 20 }, () => ({ stream, events: someEvents(2), expectedRevision: 'any' as const })),
    );
    t.strictSame(
      results.map(revisionOf).sort((a, b) => Number(a) - Number(b)),
      Array.from({ length: 20 }, (_, index) => index * 2 + 1),
    );
    t.equal((await store.readStream(stream)).revision, 39);
  });

  await t.test('what one call appends in total may exceed what one append may carry', async (t) => {
    const { name } = ownStreams();
    const appends = Array.from({ length: 12 }, (_, index) => ({
      stream: name(index),
      events: [anEvent({ text: `${index}`.padEnd(900_000, 'x') })],
      expectedRevision: 'none' as const,
    }));
    t.strictSame((await store.appendMany(appends)).map(revisionOf), new Array(12).fill(0));
    const read = await store.readStreams(appends.map(({ stream }) => stream));
    t.strictSame(
      read.map(({ events }) => events[0]?.data),
      appends.map(({ events }) => events[0]?.data),
    );
  });
}
