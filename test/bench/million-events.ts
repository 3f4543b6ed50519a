import { randomUUID } from 'node:crypto';

import { toNewEvents } from '../../src/commands/command-context.js';
import { invitationId, membershipStream } from '../../src/domain/streams.js';
import type { EventStore, StreamAppend } from '../../src/event-store/event-store.js';
import * as event from '../domain/support/membership-events.js';

/** The story of one person: invited, mailed, mailed again, in, promoted. */
const EVENTS_A_PERSON = 10;

/** How many people are written at once. */
const PEOPLE_AT_ONCE = 400;

const letters = (number: number): string => number.toString(36).padStart(26, '0');

/**
 * Writes people's stories to the log, a thousand people to a workspace.
 *
 * @returns how many events there are now of these
 */
export async function writeStories(store: EventStore, events: number): Promise<number> {
  const people = Math.ceil(events / EVENTS_A_PERSON);
  for (let from = 0; from < people; from += PEOPLE_AT_ONCE) {
    const count = Math.min(PEOPLE_AT_ONCE, people - from);
    const results = await store.appendMany(Array.from({ length: count }, (_, i) => storyOf(from + i)));
    const failed = results.find(({ status }) => status !== 'appended');
    if (failed) throw new Error(`could not write the log: ${JSON.stringify(failed)}`);
  }
  return people * EVENTS_A_PERSON;
}

function storyOf(person: number): StreamAppend {
  const key = { workspaceId: letters(Math.floor(person / 1_000)), userId: letters(person) };
  const stream = membershipStream(key);
  const invitation = { invitationId: invitationId(key, 1) };
  const issue = (number: number) => ({ ...invitation, issue: number });
  const story = [
    event.invited({ ...invitation, email: `person${person}@example.com`, name: `Person ${person}` }),
    event.attempted({ ...issue(1), attempt: 1 }),
    event.emailDeferred('2026-01-01T00:01:00.000Z', { ...issue(1), attempt: 1 }),
    event.attempted({ ...issue(1), attempt: 2 }),
    event.emailSent({ ...issue(1), attempt: 2 }),
    event.resent({ ...issue(2) }),
    event.attempted({ ...issue(2), attempt: 1 }),
    event.emailSent({ ...issue(2), attempt: 1 }),
    event.accepted({ ...issue(2), name: `Person ${person}` }),
    event.permissionChanged('developer', 'administrator'),
  ];
  const context = {
    commandId: randomUUID(),
    correlationId: randomUUID(),
    actor: { type: 'user', id: letters(0) },
    now: new Date(Date.UTC(2026, 0, 1) + person * 1_000).toISOString(),
    ip: '192.0.2.1',
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36',
  } as const;
  return { stream, events: toNewEvents(story, stream, context), expectedRevision: 'none' };
}
