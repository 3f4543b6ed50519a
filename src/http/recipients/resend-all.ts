import type { Static } from '@fastify/type-provider-typebox';
import { type AllowanceStanding, Throttled } from '../../commands/allowance.js';
import type { CommandContext } from '../../commands/command-context.js';
import { DomainError } from '../../domain/domain-error.js';
import { parseInvitationId } from '../../domain/streams.js';
import { EventStoreError, type Position, START } from '../../event-store/event-store.js';
import type { HttpDependencies } from '../dependencies.js';
import { PROBLEMS } from '../problems/catalogue.js';
import type { ResendResultsSchema } from '../schemas/resend.js';
import { suppressionWarning } from '../views/suppression.js';
import { lineProblem } from './line-problem.js';

type Answer = Static<typeof ResendResultsSchema>;
type Result = Answer['results'][number];

/** How many invitations are dealt with at a time: the store gathers what waits into one call. */
const AT_ONCE = 32;

export interface ResentAll {
  readonly answer: Answer;
  /** A read model at this position shows all of it. */
  readonly position: Position;
  readonly isComplete: boolean;
  readonly allowance?: AllowanceStanding;
}

/** Sends invitations again, each succeeding or failing by itself. Results are in the order of the ids. */
export async function resendAll(
  workspaceId: string,
  actorId: string,
  invitationIds: readonly string[],
  context: CommandContext,
  { invitations, usersTab }: Pick<HttpDependencies, 'invitations' | 'usersTab'>,
): Promise<ResentAll> {
  const ids = [...new Set(invitationIds)];
  const results: Result[] = [];
  const summary = { resent: 0, refused: 0, unavailable: 0 };
  let furthest = START;
  let newest: AllowanceStanding | undefined;
  const left = ids.entries();
  const work = async () => {
    for (const [index, invitationId] of left) {
      const result = await invitations.resend(workspaceId, actorId, invitationId, context).then(
        ({ position, allowance = newest }) => {
          if (position > furthest) furthest = position;
          newest = allowance;
          return { outcome: 'resent' as const };
        },
        (error: unknown) => {
          if (error instanceof Throttled) newest = error.standing;
          return refusalOf(error);
        },
      );
      results[index] = { invitationId, ...result };
      summary[result.outcome]++;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const suppressed = await usersTab.suppressed([...new Set(results.map(invitedPerson))]);
  for (const [index, result] of results.entries()) {
    const why = result.outcome === 'resent' ? suppressed.get(invitedPerson(result)) : undefined;
    if (why) results[index] = { ...result, delivery: 'suppressed', warning: suppressionWarning(why) };
  }
  const isComplete = summary.unavailable === 0;
  return { answer: { results, summary }, position: furthest, isComplete, ...(newest && { allowance: newest }) };
}

/** The user id of the person invited. */
function invitedPerson({ invitationId }: Result): string {
  return parseInvitationId(invitationId)?.userId ?? '';
}

function refusalOf(error: unknown): Omit<Result, 'invitationId'> {
  if (error instanceof DomainError) {
    return { outcome: 'refused', problem: lineProblem(error) };
  }
  if (!(error instanceof EventStoreError)) throw error;
  const code = 'event-store-unavailable';
  return { outcome: 'unavailable', problem: { code, detail: PROBLEMS[code].advice } };
}
