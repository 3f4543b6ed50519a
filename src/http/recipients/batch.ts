import type { Static } from '@fastify/type-provider-typebox';
import type { AllowanceStanding } from '../../commands/allowance.js';
import type { CommandContext } from '../../commands/command-context.js';
import type { InviteResult } from '../../commands/invite-many.js';
import { type DomainError, TooSoon } from '../../domain/domain-error.js';
import type { Position } from '../../event-store/event-store.js';
import type { HttpDependencies } from '../dependencies.js';
import { PROBLEMS } from '../problems/catalogue.js';
import type { BatchOutcome, BatchResultSchema, BatchSchema } from '../schemas/batch.js';
import { suppressionWarning } from '../views/suppression.js';
import { lineProblem } from './line-problem.js';
import type { RecipientLine } from './recipients.js';

type BatchResult = Static<typeof BatchResultSchema>;

export interface Batch {
  readonly answer: Static<typeof BatchSchema>;
  /** A read model at this position shows all of it. */
  readonly position: Position;
  readonly allowance?: AllowanceStanding;
  /** Whether it is known of everybody what became of their invitation. */
  readonly isComplete: boolean;
}

/** Invites everybody on the lines, each succeeding or failing by themselves. @throws DomainError when nobody may be */
export async function inviteAll(
  workspaceId: string,
  actorId: string,
  lines: readonly RecipientLine[],
  context: CommandContext,
  { inviteMany, usersTab }: Pick<HttpDependencies, 'inviteMany' | 'usersTab'>,
): Promise<Batch> {
  const invitees = lines.flatMap((line) => (line.kind === 'invitee' ? line.invitee : []));
  const invited = await inviteMany.invite(workspaceId, actorId, invitees, context);
  const { results: outcomes, position, allowance } = invited;
  const suppressed = await usersTab.suppressed(invitees.map(({ userId }) => userId));
  const left = outcomes.values();
  const results = lines.map((line) => {
    const result = resultOf(line, () => left.next().value as InviteResult);
    const why = result.outcome === 'invited' ? suppressed.get(result.userId ?? '') : undefined;
    return why ? { ...result, delivery: 'suppressed' as const, warning: suppressionWarning(why) } : result;
  });
  const summary: Static<typeof BatchSchema>['summary'] = { ...NOTHING };
  for (const { outcome } of results) summary[outcome]++;
  const isComplete = outcomes.every(({ status }) => status !== 'unavailable');
  return { answer: { results, summary }, position, isComplete, ...(allowance && { allowance }) };
}

const NOTHING: Readonly<Record<BatchOutcome, number>> = {
  invited: 0,
  'already-invited': 0,
  'already-member': 0,
  duplicate: 0,
  'invalid-address': 0,
  'not-allowed': 0,
  throttled: 0,
  unavailable: 0,
};

function resultOf(recipient: RecipientLine, nextOutcome: () => InviteResult): BatchResult {
  const { line, input } = recipient;
  if (recipient.kind === 'invalid') {
    return { line, input, outcome: 'invalid-address', problem: recipient.problem };
  }
  if (recipient.kind === 'duplicate') {
    const { email, userId, firstLine } = recipient;
    const detail = `The same address stands in line ${firstLine}.`;
    return { line, input, email, userId, outcome: 'duplicate', problem: { code: 'duplicate', detail } };
  }
  const { email, userId } = recipient.invitee;
  return { line, input, email, userId, ...outcomeOf(nextOutcome()) };
}

function outcomeOf(result: InviteResult): Pick<BatchResult, 'outcome' | 'invitationId' | 'problem'> {
  if (result.status === 'unavailable') {
    const code = 'event-store-unavailable';
    return { outcome: 'unavailable', problem: { code, detail: PROBLEMS[code].advice } };
  }
  const { invitation } = result.status === 'invited' ? result.outcome.state : result.state;
  const invitationId = invitation && { invitationId: invitation.id };
  if (result.status === 'invited') return { outcome: 'invited', ...invitationId };
  return { outcome: refusalOutcome(result.error), ...invitationId, problem: lineProblem(result.error) };
}

function refusalOutcome(error: DomainError): BatchOutcome {
  const { code } = error;
  if (error instanceof TooSoon) return 'throttled';
  if (code === 'domain-not-allowed') return 'not-allowed';
  return code === 'already-invited' || code === 'already-member' ? code : 'unavailable';
}
