import type { Test } from 'tap';
import { StreamConflict } from '../../../src/event-store/event-store.js';
import { anEvent, failureOf, ids, ownStream, type Subject, someEvents } from './subject.js';

/** What an append answers, and what it does to the stream. */
export async function appendContract(t: Test, { store }: Subject): Promise<void> {
  const conflict = async (t: Test, promised: Promise<unknown>, expected: unknown, actual: unknown) => {
    const error = await failureOf(promised);
    t.ok(error instanceof StreamConflict, 'it is a StreamConflict');
    if (!(error instanceof StreamConflict)) throw error;
    t.strictSame(
      { code: error.code, expected: error.expected, actual: error.actual },
      {
        code: 'stream-conflict',
        expected,
        actual,
      },
    );
    return error;
  };

  await t.test('the first event of a stream has revision 0', async (t) => {
    const stream = ownStream();
    t.equal((await store.append(stream, [anEvent()], 'none')).revision, 0);
  });

  await t.test('several events are appended in their order', async (t) => {
    const stream = ownStream();
    const events = someEvents(5);
    t.equal((await store.append(stream, events, 'none')).revision, 4);
    const read = await store.readStream(stream);
    t.strictSame(
      read.events.map(({ id, revision }) => ({ id, revision })),
      events.map(({ id }, revision) => ({ id, revision })),
    );
  });

  await t.test('an append at the exact revision continues the stream', async (t) => {
    const stream = ownStream();
    await store.append(stream, someEvents(3), 'none');
    t.equal((await store.append(stream, someEvents(2), 2)).revision, 4);
  });

  await t.test('an append that expects any revision fits a new stream and an old one', async (t) => {
    const stream = ownStream();
    t.equal((await store.append(stream, someEvents(2), 'any')).revision, 1);
    t.equal((await store.append(stream, someEvents(2), 'any')).revision, 3);
  });

  await t.test('an append that expects no stream conflicts with one that exists', async (t) => {
    const stream = ownStream();
    await store.append(stream, someEvents(3), 'none');
    const error = await conflict(t, store.append(stream, someEvents(1), 'none'), 'none', 2);
    t.equal(error.stream, stream);
  });

  await t.test('an append at an exact revision conflicts with a stream that does not exist', async (t) => {
    await conflict(t, store.append(ownStream(), someEvents(1), 0), 0, 'none');
  });

  await t.test('an append behind the last revision conflicts', async (t) => {
    const stream = ownStream();
    await store.append(stream, someEvents(3), 'none');
    await conflict(t, store.append(stream, someEvents(1), 1), 1, 2);
  });

  await t.test('an append beyond the last revision conflicts', async (t) => {
    const stream = ownStream();
    await store.append(stream, someEvents(3), 'none');
    await conflict(t, store.append(stream, someEvents(1), 3), 3, 2);
  });

  await t.test('a conflict stores nothing', async (t) => {
    const stream = ownStream();
    const events = someEvents(2);
    await store.append(stream, events, 'none');
    await failureOf(store.append(stream, someEvents(3), 'none'));
    await failureOf(store.append(stream, someEvents(3), 0));
    t.strictSame(ids((await store.readStream(stream)).events), ids(events));
  });

  await t.test('of many racing appends at one revision exactly one wins', async (t) => {
    const stream = ownStream();
    await store.append(stream, someEvents(1), 'none');
    const racers = someEvents(20);
    const outcomes = await Promise.allSettled(racers.map((event) => store.append(stream, [event], 0)));
    const winners = racers.filter((_, index) => outcomes[index]?.status === 'fulfilled');
    t.equal(winners.length, 1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') t.ok(outcome.reason instanceof StreamConflict, 'a loser has a conflict');
    }
    t.strictSame(ids((await store.readStream(stream)).events.slice(1)), ids(winners));
  });

  await t.test('racing appends that expect any revision all get in', async (t) => {
    const stream = ownStream();
    const racers = someEvents(50);
    const appended = await Promise.all(racers.map((event) => store.append(stream, [event], 'any')));
    t.strictSame(
      appended.map(({ revision }) => revision).sort((a, b) => a - b),
      racers.map((_, index) => index),
    );
    t.strictSame(ids((await store.readStream(stream)).events).sort(), ids(racers).sort());
  });

  await t.test('a position answered is that of the last event appended', async (t) => {
    const stream = ownStream();
    const appended = await store.append(stream, someEvents(3), 'none');
    t.equal((await store.readStream(stream)).events.at(-1)?.position, appended.position);
  });

  await t.test('positions compare as text in the order of the log', async (t) => {
    const positions: string[] = [];
    for (let round = 0; round < 12; round++) {
      positions.push((await store.append(ownStream(), someEvents(1 + (round % 3)), 'any')).position);
    }
    t.strictSame(positions, [...new Set(positions)].sort(), 'they ascend and none is given twice');
  });

  await t.test('the head is at or behind the newest event and moves with the log', async (t) => {
    const first = await store.append(ownStream(), someEvents(2), 'none');
    const head = await store.head();
    t.ok(head >= first.position, 'the head has reached the append');
    const second = await store.append(ownStream(), someEvents(1), 'none');
    t.ok(second.position > head, 'what is appended later is behind an earlier head');
    t.ok((await store.head()) >= second.position);
  });
}
