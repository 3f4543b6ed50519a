import { randomUUID } from 'node:crypto';

import { type CommandContext, toNewEvents } from '../../src/commands/command-context.js';
import { accountStream, invitationId, membershipStream } from '../../src/domain/streams.js';
import type { EventStore, StreamAppend } from '../../src/event-store/event-store.js';
import * as event from '../domain/support/membership-events.js';

/** How many people are written at once. */
const PEOPLE_AT_ONCE = 500;

/** The workspace that all of it happens in. */
export const STORIES_WORKSPACE = 'stories'.padEnd(26, '0');

const idOf = (person: number): string => person.toString(36).padStart(26, '0');

/** When the so-and-so-manieth event of all happens: one a second. */
export const instantOfEvent = (index: number): string => new Date(Date.UTC(2026, 0, 1) + index * 1_000).toISOString();

/** What becomes of one person: invited, mailed, mailed again, in, promoted. */
const STORY: readonly ((person: number, issue: (number: number) => { invitationId: string; issue: number }) => Told)[] =
  [
    (person, issue) => event.invited({ invitationId: issue(1).invitationId, ...named(person) }),
    (_, issue) => event.attempted({ ...issue(1), attempt: 1 }),
    (_, issue) => event.emailDeferred(instantOfEvent(0), { ...issue(1), attempt: 1 }),
    (_, issue) => event.attempted({ ...issue(1), attempt: 2 }),
    (_, issue) => event.emailSent({ ...issue(1), attempt: 2 }),
    (_, issue) => event.resent(issue(2)),
    (_, issue) => event.attempted({ ...issue(2), attempt: 1 }),
    (_, issue) => event.emailSent({ ...issue(2), attempt: 1 }),
    (person, issue) => event.accepted({ ...issue(2), name: named(person).name }),
    () => event.permissionChanged('developer', 'administrator'),
  ];

type Told = Parameters<typeof toNewEvents>[0][number];

export const EVENTS_A_PERSON = STORY.length;

const named = (person: number) => ({ email: `person${person}@example.com`, name: `Person ${person}` });

/** Of so many people one has an account that is given another name in the end. */
const RENAMED_OF = 100;

/** How many events the stories of so many people are. */
export const eventsOf = (people: number): number => people * EVENTS_A_PERSON + 2 * Math.ceil(people / RENAMED_OF);

/** Writes what becomes of so many people to the log: the first thing of everybody, then the second, and so on. */
export async function writeStories(store: EventStore, people: number): Promise<void> {
  for (let stage = 0; stage < EVENTS_A_PERSON; stage++) {
    for (let from = 0; from < people; from += PEOPLE_AT_ONCE) {
      const count = Math.min(PEOPLE_AT_ONCE, people - from);
      const appends = Array.from({ length: count }, (_, i) => next(stage, from + i, stage * people + from + i));
      await append(store, appends);
    }
  }
  for (let person = 0; person < people; person += RENAMED_OF) {
    await append(store, [renamed(person, people * EVENTS_A_PERSON + person)]);
  }
}

async function append(store: EventStore, appends: readonly StreamAppend[]): Promise<void> {
  const failed = (await store.appendMany(appends)).find(({ status }) => status !== 'appended');
  if (failed) throw new Error(`could not write the log: ${JSON.stringify(failed)}`);
}

function renamed(person: number, index: number): StreamAppend {
  const { email, name } = named(person);
  const stream = accountStream(idOf(person));
  const told = [
    { type: 'AccountRegistered', data: { email, name } },
    { type: 'AccountRenamed', data: { name: `Renamed ${person}`, previousName: name } },
  ] as const;
  return { stream, events: toNewEvents(told, stream, contextAt(index)), expectedRevision: 'none' };
}

function next(stage: number, person: number, index: number): StreamAppend {
  const key = { workspaceId: STORIES_WORKSPACE, userId: idOf(person) };
  const stream = membershipStream(key);
  const told = STORY[stage]?.(person, (number) => ({ invitationId: invitationId(key, 1), issue: number }));
  const events = toNewEvents(told ? [told] : [], stream, contextAt(index));
  return { stream, events, expectedRevision: stage === 0 ? 'none' : stage - 1 };
}

function contextAt(index: number): CommandContext {
  return {
    commandId: randomUUID(),
    correlationId: randomUUID(),
    actor: { type: 'user', id: idOf(0) },
    now: instantOfEvent(index),
    ip: '192.0.2.1',
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36',
  };
}
