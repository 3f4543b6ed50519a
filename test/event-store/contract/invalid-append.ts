import { randomUUID } from 'node:crypto';
import type { Test } from 'tap';
import {
  type ExpectedRevision,
  InvalidAppend,
  type JsonObject,
  MAX_APPEND_BYTES,
  type NewEvent,
} from '../../../src/event-store/event-store.js';
import { anEvent, failureOf, ids, ownStream, type Subject, someEvents } from './subject.js';

/** What can never succeed is refused before it is sent, and hurts no append that comes with it or after it. */
export async function invalidAppendContract(t: Test, { store }: Subject): Promise<void> {
  const refused = async (
    t: Test,
    events: readonly NewEvent[],
    { stream = ownStream(), expected = 'any' as ExpectedRevision } = {},
  ) => {
    const good = ownStream();
    const [bad, alongside] = await Promise.allSettled([
      store.append(stream, events, expected),
      store.append(good, [anEvent()], 'none'),
    ]);
    t.equal(bad.status === 'rejected' && bad.reason instanceof InvalidAppend && bad.reason.code, 'invalid-append');
    t.equal(alongside.status, 'fulfilled', 'an append sent at the same time is stored');
    t.equal((await store.append(good, [anEvent()], 0)).revision, 1, 'the store goes on working');
    t.equal((await store.readStream(stream)).revision, 'none', 'nothing is stored');
  };

  await t.test('no events', (t) => refused(t, []));

  await t.test('more bytes than one append may carry', async (t) => {
    await refused(t, [anEvent({ text: 'x'.repeat(MAX_APPEND_BYTES) })]);
    const half = 'x'.repeat(MAX_APPEND_BYTES / 2);
    await refused(t, [anEvent({ text: half }), anEvent({ text: half })]);
  });

  await t.test('the limit counts bytes, not characters', (t) =>
    refused(t, [anEvent({ text: '€'.repeat(MAX_APPEND_BYTES / 2) })]),
  );

  await t.test('an append just under the limit is stored', async (t) => {
    const stream = ownStream();
    const event = anEvent({ text: 'x'.repeat(MAX_APPEND_BYTES - 500) });
    await store.append(stream, [event], 'none');
    t.strictSame((await store.readStream(stream)).events[0]?.data, event.data);
  });

  await t.test('many small events just under the limit are stored', async (t) => {
    const stream = ownStream();
    const events = someEvents(8_000);
    t.equal((await store.append(stream, events, 'none')).revision, 7_999);
    t.strictSame(ids((await store.readStream(stream)).events), ids(events));
  });

  for (const id of [
    '',
    'not-a-uuid',
    '00000000-0000-0000-0000-000000000000',
    `${randomUUID()}0`,
    '{00000000-0000-0000-0000-000000000000}',
  ]) {
    await t.test(`an id that is no UUID: ${JSON.stringify(id)}`, (t) => refused(t, [{ ...anEvent(), id }]));
  }

  for (const type of ['', 'with\u0000nul', '$system', 'T'.repeat(1_000)]) {
    await t.test(`a type that no store takes: ${JSON.stringify(type).slice(0, 20)}`, (t) =>
      refused(t, [{ ...anEvent(), type }]),
    );
  }

  for (const stream of ['', 'with\u0000nul', '$system', 's'.repeat(1_000), 'lone\ud800surrogate']) {
    await t.test(`a stream name that no store takes: ${JSON.stringify(stream).slice(0, 20)}`, (t) =>
      refused(t, [anEvent()], { stream }),
    );
  }

  for (const expected of [-1, 0.5, Number.NaN, 2 ** 53]) {
    await t.test(`an expected revision that cannot be: ${expected}`, (t) => refused(t, [anEvent()], { expected }));
  }

  await t.test('one id twice in an append', (t) => {
    const event = anEvent();
    return refused(t, [event, anEvent(), { ...event, id: event.id.toUpperCase() }]);
  });

  const cyclic: Record<string, unknown> = {};
  cyclic['itself'] = [cyclic, cyclic];
  const uncarried: Record<string, unknown> = {
    'no object': 'text',
    null: null,
    undefined: undefined,
    'an undefined member': { member: undefined },
    'an undefined item': { items: [1, undefined] },
    'a hole in an array': { items: new Array(2) },
    'a BigInt': { member: 1n },
    NaN: { member: Number.NaN },
    Infinity: { member: Number.POSITIVE_INFINITY },
    'a Date': { member: new Date(0) },
    'a Map': { member: new Map() },
    'an instance of a class': { member: new (class Thing {})() },
    'a function': { toJSON: () => ({}) },
    'a symbol': { member: Symbol('s') },
    'an array for the whole': [],
    'a cycle': cyclic,
  };
  for (const [name, value] of Object.entries(uncarried)) {
    await t.test(`data that JSON cannot carry: ${name}`, (t) =>
      refused(t, [anEvent(), { ...anEvent(), data: value as JsonObject }]),
    );
    await t.test(`metadata that JSON cannot carry: ${name}`, (t) =>
      refused(t, [{ ...anEvent(), metadata: value as JsonObject }]),
    );
  }

  await t.test('a refused append says which event is at fault and why', async (t) => {
    const error = await failureOf(
      store.append(
        ownStream(),
        [anEvent(), { ...anEvent(), data: { a: { b: [1n] } } as unknown as JsonObject }],
        'any',
      ),
    );
    t.match((error as Error).message, /event 1/);
    t.match((error as Error).message, /data\.a\.b\[0\]/);
  });
}
