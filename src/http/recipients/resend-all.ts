import type { Static } from '@fastify/type-provider-typebox';

import type { CommandContext } from '../../commands/command-context.js';
import { DomainError, TooSoon } from '../../domain/domain-error.js';
import { EventStoreError, type Position, START } from '../../event-store/event-store.js';
import type { HttpDependencies } from '../dependencies.js';
import { PROBLEMS } from '../problems/catalogue.js';
import type { ResendResultsSchema } from '../schemas/resend.js';

type Answer = Static<typeof ResendResultsSchema>;
type Result = Answer['results'][number];

/** How many invitations are dealt with at a time: the store gathers what waits into one call. */
const AT_ONCE = 32;

/** Sends invitations again, each succeeding or failing by itself. Results are in the order of the ids. */
export async function resendAll(
  workspaceId: string,
  actorId: string,
  invitationIds: readonly string[],
  context: CommandContext,
  { invitations }: Pick<HttpDependencies, 'invitations'>,
): Promise<{ readonly answer: Answer; readonly position: Position; readonly isComplete: boolean }> {
  const ids = [...new Set(invitationIds)];
  const results: Result[] = [];
  const summary = { resent: 0, refused: 0, unavailable: 0 };
  let furthest = START;
  const left = ids.entries();
  const work = async () => {
    for (const [index, invitationId] of left) {
      const result = await invitations.resend(workspaceId, actorId, invitationId, context).then(({ position }) => {
        if (position > furthest) furthest = position;
        return { outcome: 'resent' as const };
      }, refusalOf);
      results[index] = { invitationId, ...result };
      summary[result.outcome]++;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { answer: { results, summary }, position: furthest, isComplete: summary.unavailable === 0 };
}

function refusalOf(error: unknown): Omit<Result, 'invitationId'> {
  if (error instanceof DomainError) {
    const possibleAt = error instanceof TooSoon ? { possibleAt: error.possibleAt } : {};
    return { outcome: 'refused', problem: { code: error.code, detail: error.message, ...possibleAt } };
  }
  if (!(error instanceof EventStoreError)) throw error;
  const code = 'event-store-unavailable';
  return { outcome: 'unavailable', problem: { code, detail: PROBLEMS[code].advice } };
}
