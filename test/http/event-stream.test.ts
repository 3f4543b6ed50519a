import t from 'tap';

import type { Position } from '../../src/event-store/event-store.js';
import { EventStream, type Frame, frameOf } from '../../src/http/changes/event-stream.js';

const positionOf = (count: number) => String(count).padStart(16, '0') as Position;

/** A kilobyte about somebody. */
function frame(count: number, userId: string): Frame {
  const position = positionOf(count);
  return { about: userId, position, text: frameOf('user', { userId, count, padding: 'x'.repeat(1_000) }, position) };
}

const eventsIn = (text: string) =>
  text.split('\n\n').flatMap((block) => {
    const data = /^data: (.*)$/m.exec(block)?.[1];
    return data
      ? [{ event: /^event: (.*)$/m.exec(block)?.[1], id: /^id: (.*)$/m.exec(block)?.[1], ...JSON.parse(data) }]
      : [];
  });

/** Reads all that is there, as a reader does who comes back to a connection. */
async function drain(stream: EventStream): Promise<string> {
  stream.end('enough');
  let text = '';
  for await (const piece of stream) text += piece;
  return text;
}

t.test('who does not read is told of the newest state of each person when they do', async (t) => {
  const stream = new EventStream();
  stream.open([], positionOf(0));
  for (let count = 1; count <= 5_000; count += 1) stream.offer([frame(count, `user ${count % 50}`)]);
  t.ok(stream.readableLength < 64 * 1024, `${stream.readableLength} bytes are held for them`);
  const seen: { count: number }[] = [];
  for await (const piece of stream) {
    seen.push(...eventsIn(String(piece)).filter(({ event }) => event === 'user'));
    if (seen.at(-1)?.count === 5_000) stream.end('enough');
  }
  const counts = seen.map(({ count }) => count);
  t.ok(counts.length < 120, 'not of each change');
  t.strictSame(
    counts.slice(-50),
    Array.from({ length: 50 }, (_, index) => 4_951 + index),
  );
  t.strictSame(
    counts,
    [...counts].sort((one, other) => one - other),
  );
});

t.test('of too many people, they are told to load everything anew', async (t) => {
  const stream = new EventStream();
  stream.open([], positionOf(0));
  for (let count = 1; count <= 5_000; count += 1) stream.offer([frame(count, `user ${count}`)]);
  t.ok(stream.readableLength < 64 * 1024);
  const seen: { event: string; id: string }[] = [];
  for await (const piece of stream) {
    seen.push(...eventsIn(String(piece)));
    if (seen.at(-1)?.id === positionOf(5_000)) stream.end('enough');
  }
  const reload = seen.findIndex(({ event }) => event === 'reload');
  t.ok(reload > 0);
  const ids = seen.flatMap(({ id }) => id ?? []);
  t.strictSame(ids, [...ids].sort(), 'positions never go back');
  t.ok(seen.length < 300);
});

t.test('what was missed comes first, and never takes the place of what is newer', async (t) => {
  const stream = new EventStream();
  stream.offer([frame(7, 'ana')]);
  stream.open([frame(3, 'ana'), frame(4, 'bob')], positionOf(5));
  const before = stream.read();
  stream.read();
  t.match(before?.toString(), /^retry: [12]\d{3}\n\n/);
  const seen = eventsIn(String(before) + (await drain(stream)));
  t.strictSame(
    seen.map(({ event, count }) => [event, count]),
    [
      ['user', 3],
      ['user', 4],
      ['ready', undefined],
      ['user', 7],
      ['end', undefined],
    ],
  );
});
