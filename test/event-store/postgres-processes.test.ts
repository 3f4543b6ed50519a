import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { connect } from '../support/postgres.js';
import { until } from '../support/until.js';
import { someEvents } from './contract/subject.js';
import { appendRaw, openLog, storedEvents } from './postgres/log.js';

t.test('processes that write at full speed, some of them killed, cost no follower an event', async (t) => {
  const { url, store, admin } = await openLog(t);
  const readers = [0, 1].map(() => program(t, 'reader', url, 'last'));
  const writers = [0, 1, 2].map((number) => program(t, 'writer', url, `${number}`, '1200'));
  const killed = [3, 4].map((number) => program(t, 'writer', url, `${number}`, '1000000'));

  const slow = await connect(t, url);
  for (const victim of killed) {
    await until(() => victim.lines.length > 300, 'the victim was writing');
    await slow.query('begin');
    await appendRaw(slow, 'slow', randomUUID());
    victim.process.kill('SIGKILL');
    await victim.ended;
    await slow.query('rollback');
  }
  for (const writer of writers) t.equal(await writer.ended, 0, 'a writer ended by itself');
  await store.append('last', someEvents(1), 'none');
  for (const reader of readers) t.equal(await reader.ended, 0, 'a reader ended by itself');

  const stored = await storedEvents(admin);
  t.strictSame(
    stored.map(({ position }) => position),
    stored.map((_, index) => index + 1),
    'positions have no gap',
  );
  t.strictSame(brokenStreams(stored), [], 'revisions count up in the order of positions');
  t.equal(new Set(stored.map(({ id }) => id)).size, stored.length, 'no event is there twice');
  for (const reader of readers) {
    t.strictSame(
      reader.lines,
      stored.map(({ position, stream, revision, id }) => [position, stream, revision, id]),
      'the reader saw every event once, in order',
    );
  }
  const storedIds = new Set(stored.map(({ id }) => id));
  const answered = [...writers, ...killed].flatMap(({ lines }) => lines.flat()) as string[];
  t.strictSame(
    answered.filter((id) => !storedIds.has(id)),
    [],
    'everything that was answered is there, of the killed writers too',
  );
  t.ok(answered.length > 3 * 1_200);
});

interface Program {
  readonly process: ChildProcess;
  /** What it has printed, line by line. */
  readonly lines: unknown[][];
  /** Its exit code. */
  readonly ended: Promise<number | null>;
}

function program(t: { teardown(action: () => void): void }, name: string, ...args: string[]): Program {
  const file = fileURLToPath(new URL(`./postgres/${name}.js`, import.meta.url));
  const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.teardown(() => child.kill('SIGKILL'));
  const lines: unknown[][] = [];
  const reading = createInterface({ input: child.stdout });
  // A process that is killed may leave half a line.
  reading.on('line', (line) => line.endsWith(']') && lines.push(JSON.parse(line) as unknown[]));
  const ended = Promise.all([once(child, 'exit'), once(reading, 'close')]).then(([[code]]) => code as number | null);
  return { process: child, lines, ended };
}

/** Streams whose revisions do not count up from 0 in the order of positions. */
function brokenStreams(events: readonly { stream: string; revision: number }[]): string[] {
  const next = new Map<string, number>();
  const broken = new Set<string>();
  for (const { stream, revision } of events) {
    if (revision !== (next.get(stream) ?? 0)) broken.add(stream);
    next.set(stream, revision + 1);
  }
  return [...broken];
}
