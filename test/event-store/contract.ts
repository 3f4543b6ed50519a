import type { Test } from 'tap';
import { appendContract } from './contract/append.js';
import { appendManyContract } from './contract/append-many.js';
import { cutOffContract } from './contract/cut-off.js';
import { eventAtContract } from './contract/event-at.js';
import { eventsAtHandContract } from './contract/events-at-hand.js';
import { followContract } from './contract/follow.js';
import { followUnderLoadContract } from './contract/follow-under-load.js';
import { givenStreamsContract } from './contract/given-streams.js';
import { idempotencyContract } from './contract/idempotency.js';
import { invalidAppendContract } from './contract/invalid-append.js';
import { leavingContract } from './contract/leaving.js';
import { readContract } from './contract/read.js';
import { restartContract } from './contract/restart.js';
import { type Opened, Subject } from './contract/subject.js';

export type { Opened } from './contract/subject.js';

/**
 * Holds an event store engine to the port (`src/event-store/event-store.ts`): every engine runs this one suite, each
 * case a test of its own.
 *
 * @param name of the engine, for the report
 * @param open opens one more store on the log under test. The log may hold events already and be written by others:
 *   every case keeps to streams of its own.
 */
export function eventStoreContract(t: Test, name: string, open: () => Promise<Opened>): Promise<unknown> {
  return t.test(`${name} keeps the event store contract`, async (t) => {
    const subject = await Subject.open(t, open);
    await t.test('append', (t) => appendContract(t, subject));
    await t.test('append, repeated', (t) => idempotencyContract(t, subject));
    await t.test('append, impossible', (t) => invalidAppendContract(t, subject));
    await t.test('append, given other streams', (t) => givenStreamsContract(t, subject));
    await t.test('append to many streams', (t) => appendManyContract(t, subject));
    await t.test('read', (t) => readContract(t, subject));
    await t.test('find an event by its position', (t) => eventAtContract(t, subject));
    await t.test('have events at hand', (t) => eventsAtHandContract(t, subject));
    await t.test('follow', (t) => followContract(t, subject));
    await t.test('follow under load', (t) => followUnderLoadContract(t, subject));
    await t.test('leave', (t) => leavingContract(t, subject));
    await t.test('be cut off', (t) => cutOffContract(t, subject));
    await t.test('see a restart', (t) => restartContract(t, subject));
  });
}
