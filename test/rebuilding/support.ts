import { randomUUID } from 'node:crypto';

import { PROJECTIONS } from '../../src/core.js';
import type { Projection } from '../../src/projecting/projection.js';
import { ProjectionOperations } from '../../src/rebuilding/operations.js';
import { contextOf, type Founded, type TestCore } from '../support/core.js';

/** The operators' words on a test's core. Small pieces: a short log makes many of them. */
export function operationsOn(
  { core, url }: Pick<TestCore, 'core' | 'url'>,
  projections: readonly Projection[] = PROJECTIONS,
): ProjectionOperations {
  const { db, store } = core;
  return new ProjectionOperations({ db, store, connectionString: url, projections, pieceSize: 50 });
}

/** Never aborts. */
export const patient = { signal: new AbortController().signal };

/** Invites many people, some of whom accept, are renamed or are removed. */
export async function liveOn(test: TestCore, founded: Founded, people: number): Promise<void> {
  const { core } = test;
  const { workspaceId, ownerId } = founded;
  for (let number = 0; number < people; number++) {
    const email = `person-${randomUUID()}@example.com`;
    if (number % 3 > 0) {
      const invitee = test.invitee(email);
      await core.invitations.invite(workspaceId, ownerId, invitee, contextOf(ownerId));
      continue;
    }
    const userId = await test.join(founded, email, 'developer');
    if (number % 2 > 0) continue;
    await core.members.remove(workspaceId, ownerId, userId, contextOf(ownerId));
  }
}
