import { type AllowanceStanding, Throttled } from '../../commands/allowance.js';
import { DomainError } from '../../domain/domain-error.js';
import { EventStoreError, type Position, START } from '../../event-store/event-store.js';
import { PROBLEMS } from '../problems/catalogue.js';
import { lineProblem } from './line-problem.js';

/** How many invitations are dealt with at a time: the store gathers what waits into one call. */
const AT_ONCE = 32;

/** What became of one invitation; `Done` is what it is called when it went well. */
export interface EachResult<Done extends string> {
  readonly invitationId: string;
  readonly outcome: Done | 'refused' | 'unavailable';
  readonly problem?: ReturnType<typeof lineProblem>;
}

export interface DealtWith<Done extends string> {
  /** In the order of the ids, each once. */
  readonly results: readonly EachResult<Done>[];
  /** How many results have an outcome. */
  count(outcome: EachResult<Done>['outcome']): number;
  /** A read model at this position shows all of it. */
  readonly position: Position;
  /** Whether the log answered for each. */
  readonly isComplete: boolean;
  readonly allowance?: AllowanceStanding;
}

/**
 * Does the same to invitations, each succeeding or failing by itself.
 *
 * @throws what is neither the rules' nor the log's fault, once nothing of it is under way any more: whoever is answered that it
 *   failed may send it again
 */
export async function dealWithEach<Done extends string>(
  invitationIds: readonly string[],
  done: Done,
  act: (invitationId: string) => Promise<{ readonly position: Position; readonly allowance?: AllowanceStanding }>,
): Promise<DealtWith<Done>> {
  const ids = [...new Set(invitationIds)];
  const results: EachResult<Done>[] = [];
  let furthest = START;
  let newest: AllowanceStanding | undefined;
  const left = ids.entries();
  let hasFailed = false;
  const work = async () => {
    for (const [index, invitationId] of left) {
      if (hasFailed) return;
      const result = await act(invitationId).then(
        ({ position, allowance = newest }) => {
          if (position > furthest) furthest = position;
          newest = allowance;
          return { outcome: done };
        },
        (error: unknown) => {
          if (error instanceof Throttled) newest = error.standing;
          hasFailed ||= !isRefusal(error);
          return refusalOf(error);
        },
      );
      results[index] = { invitationId, ...result };
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: AT_ONCE }, work));
  for (const end of ended) if (end.status === 'rejected') throw end.reason;
  const count = (outcome: EachResult<Done>['outcome']) => results.filter((result) => result.outcome === outcome).length;
  return {
    results,
    count,
    position: furthest,
    isComplete: count('unavailable') === 0,
    ...(newest && { allowance: newest }),
  };
}

function isRefusal(error: unknown): error is DomainError | EventStoreError {
  return error instanceof DomainError || error instanceof EventStoreError;
}

function refusalOf(error: unknown): Omit<EachResult<never>, 'invitationId'> {
  if (!isRefusal(error)) throw error;
  if (error instanceof DomainError) return { outcome: 'refused', problem: lineProblem(error) };
  const code = 'event-store-unavailable';
  return { outcome: 'unavailable', problem: { code, detail: PROBLEMS[code].advice } };
}
