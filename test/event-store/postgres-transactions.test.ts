import { randomUUID } from 'node:crypto';
import t from 'tap';
import { StreamConflict } from '../../src/event-store/event-store.js';
import { connect } from '../support/postgres.js';
import { until } from '../support/until.js';
import { catchUp, follow } from './contract/follower.js';
import { anEvent, ids, someEvents } from './contract/subject.js';
import { appendRaw, isWaitingForLock, openLog, storedEvents } from './postgres/log.js';

t.test('an open transaction that appended holds later appends up, and its events come first', async (t) => {
  const { store, admin, url } = await openLog(t);
  const slow = await connect(t, url);
  const follower = follow(t, store, { prefixes: [''] });
  await follower.hasCaughtUp();
  const [first, later] = [randomUUID(), someEvents(3)];
  await slow.query('begin');
  await appendRaw(slow, 'slow', first);
  const appends = later.map((event, index) => store.append(`fast-${index}`, [event], 'none'));
  await until(() => isWaitingForLock(admin), 'the later appends waited');
  t.strictSame(await catchUp(t, store, { prefixes: [''] }), [], 'nothing can be seen before it is decided');
  await slow.query('commit');
  await Promise.all(appends);
  await follower.has(4);
  t.strictSame(ids(follower.events), [first, ...ids(later)]);
});

t.test('an aborted transaction that appended leaves no trace and no gap', async (t) => {
  const { store, admin, url } = await openLog(t);
  const slow = await connect(t, url);
  const follower = follow(t, store, { prefixes: [''] });
  const events = someEvents(10);
  for (const [index, event] of events.entries()) {
    await slow.query('begin');
    await appendRaw(slow, 'aborted', randomUUID());
    const append = store.append('kept', [event], index === 0 ? 'none' : index - 1);
    await until(() => isWaitingForLock(admin), 'the append waited');
    await slow.query('rollback');
    t.equal((await append).position, `${index + 1}`.padStart(16, '0'));
  }
  await follower.has(10);
  t.strictSame(ids(follower.events), ids(events));
  t.equal((await store.readStream('aborted')).revision, 'none');
});

t.test('slow and aborted transactions among writers at full speed cost no subscriber an event', async (t) => {
  const { store, admin, url } = await openLog(t);
  const followers = [0, 1].map(() => follow(t, store, { prefixes: ['fast-', 'slow-'] }));
  let writing = true;
  const writers = Array.from({ length: 8 }, async (_, number) => {
    while (writing) await store.append(`fast-${number % 3}`, someEvents(1 + (number % 2)), 'any');
  });
  const slow = await connect(t, url);
  for (let round = 0; round < 40; round++) {
    await slow.query('begin');
    for (let count = 0; count < 3; count++) await appendRaw(slow, `slow-${round % 5}`, randomUUID());
    await until(() => isWaitingForLock(admin), 'a writer waited');
    await slow.query(round % 2 === 0 ? 'commit' : 'rollback');
  }
  writing = false;
  await Promise.all(writers);
  const stored = await storedEvents(admin);
  t.strictSame(
    stored.map(({ position }) => position),
    stored.map((_, index) => index + 1),
  );
  t.equal(stored.filter(({ stream }) => stream.startsWith('slow-')).length, 60);
  for (const follower of followers) {
    await follower.has(stored.length);
    t.strictSame(ids(follower.events), ids(stored));
  }
});

t.test('appends that wait go out together, and a conflict among them fails alone', async (t) => {
  const { store, admin, url } = await openLog(t);
  const slow = await connect(t, url);
  await store.append('taken', someEvents(1), 'none');
  await slow.query('begin');
  await appendRaw(slow, 'slow', randomUUID());
  const first = store.append('first', someEvents(1), 'none');
  await until(() => isWaitingForLock(admin), 'the first append waited');
  const names = ['a', 'taken', 'b', 'a', 'c'];
  const gathered = Promise.allSettled(names.map((stream) => store.append(stream, [anEvent()], 'none')));
  await slow.query('commit');
  await first;
  const outcomes = await gathered;
  t.strictSame(
    outcomes.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled', 'rejected', 'fulfilled'],
  );
  for (const outcome of outcomes) if (outcome.status === 'rejected') t.ok(outcome.reason instanceof StreamConflict);
  const { rows } = await admin.query(
    `select count(distinct xmin::text)::int as transactions from event_store.events where stream in ('a', 'b', 'c')`,
  );
  t.strictSame(rows, [{ transactions: 1 }]);
});
