import { DomainError } from '../domain/domain-error.js';
import type { MembershipEvent } from '../domain/membership/events.js';
import { membership } from '../domain/membership/membership.js';
import type { MembershipState } from '../domain/membership/state.js';
import { membershipStream } from '../domain/streams.js';
import { requireAdministrator } from '../domain/workspace/workspace.js';
import { type EventStore, type NewEvent, type Position, START, type StreamRead } from '../event-store/event-store.js';
import { type AggregateStore, emptyRead, outcomeSoFar, withAppended } from './aggregate-store.js';
import { type AllowanceStanding, type SendingRules, UNLIMITED } from './allowance.js';
import { readStanding, senderOf } from './authority.js';
import { type CommandContext, toNewEvents } from './command-context.js';
import type { Invitee, MembershipOutcome } from './invitations.js';
import { SharedAllowance } from './shared-allowance.js';

/** What became of one of many people to invite. */
export type InviteResult =
  | { readonly status: 'invited'; readonly outcome: MembershipOutcome }
  | { readonly status: 'refused'; readonly error: DomainError; readonly state: MembershipState }
  | { readonly status: 'unavailable' };

export interface InvitedMany {
  /** One for each, in order. */
  readonly results: readonly InviteResult[];
  /** A read model at this position shows all of them. */
  readonly position: Position;
  /** What is left to whoever invites; absent where nobody was to be mailed. */
  readonly allowance?: AllowanceStanding;
}

/** How often those are tried again to whose streams somebody else wrote, or whose append was not answered. */
const MAX_ROUNDS = 4;

/**
 * Invites many people at once, each succeeding or failing by themselves, in as few calls to the store as can be: one
 * append for all, and one read and one append for those who turn out to be known already.
 */
export class InviteMany {
  constructor(
    private readonly store: EventStore,
    private readonly aggregates: AggregateStore,
    private readonly rules: SendingRules = {},
  ) {}

  /**
   * @param invitees no person twice
   * @throws DomainError `workspace-not-found`, `not-allowed`: nobody was invited
   */
  async invite(
    workspaceId: string,
    actorId: string,
    invitees: readonly Invitee[],
    context: CommandContext,
  ): Promise<InvitedMany> {
    const standing = await readStanding(this.aggregates, workspaceId, actorId);
    const { role, workspace } = standing;
    requireAdministrator(role);
    const { allowance = UNLIMITED, pauseSeconds = 0 } = this.rules;
    const charged = new SharedAllowance(allowance, senderOf(workspaceId, actorId, standing));
    const { lifetimeSeconds, reminders, domains } = workspace;
    const by = { userId: actorId, role };
    const common = {
      type: 'InviteUser',
      by,
      now: context.now,
      workspaceId,
      lifetimeSeconds,
      remindAfterSeconds: reminders.afterSeconds,
      domains,
      pauseSeconds,
    } as const;
    const results: InviteResult[] = invitees.map(() => ({ status: 'unavailable' }));

    let open = invitees.map((invitee, index) => ({
      index,
      command: { ...common, ...invitee },
      read: emptyRead(membershipStream({ workspaceId, userId: invitee.userId })),
    }));
    for (let round = 1; open.length > 0 && round <= MAX_ROUNDS; round++) {
      const isRead = round > 1 || context.isRepeat === true;
      if (isRead) {
        const reads = await this.aggregates.read(...open.map(({ read }) => read.stream));
        open = open.map((entry, i) => ({ ...entry, read: reads[i] as StreamRead }));
      }
      const decided: ((typeof open)[number] & { readonly sent: readonly NewEvent[] })[] = [];
      for (const entry of open) {
        const decision = decide(entry.command, entry.read, context);
        if ('status' in decision) results[entry.index] = decision;
        else decided.push({ ...entry, sent: decision.sent });
      }
      await charged.take(decided.map(({ command }) => command.userId));
      const throttled = decided.filter(({ command }) => charged.refusalOf(command.userId));
      for (const { index, command, read } of throttled) {
        const { state } = outcomeSoFar(membership, read, context);
        results[index] = { status: 'refused', error: charged.refusalOf(command.userId) as DomainError, state };
      }
      const toSend = decided.filter(({ command }) => !charged.refusalOf(command.userId));
      const appended = await this.store.appendMany(
        toSend.map(({ read, sent }) => ({ stream: read.stream, events: sent, expectedRevision: read.revision })),
      );
      const failed = toSend.filter((entry, i) => {
        const result = appended[i];
        if (result?.status !== 'appended') {
          if (result?.error.code === 'invalid-append') throw result.error;
          return true;
        }
        const outcome = withAppended(membership, entry.read, entry.sent, result.appended);
        results[entry.index] = { status: 'invited', outcome };
        return false;
      });
      // Of whom nothing was read yet, it may turn out that they need no mail.
      open = isRead ? failed : [...throttled, ...failed];
    }
    await charged.release(
      invitees.filter((_, index) => results[index]?.status === 'refused').map(({ userId }) => userId),
    );
    const left = charged.standing;
    return { results, position: furthest(results), ...(left && { allowance: left }) };
  }
}

type InviteCommand = Parameters<typeof membership.decide>[0] & { readonly type: 'InviteUser' };

function decide(
  command: InviteCommand,
  read: StreamRead,
  context: CommandContext,
): InviteResult | { readonly sent: readonly NewEvent[] } {
  const sofar = outcomeSoFar(membership, read, context);
  if (sofar.written.length > 0) return { status: 'invited', outcome: sofar };
  try {
    const events: readonly MembershipEvent[] = membership.decide(command, sofar.state);
    return { sent: toNewEvents(events, read.stream, context) };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { status: 'refused', error, state: sofar.state };
  }
}

function furthest(results: readonly InviteResult[]): Position {
  let position = START;
  for (const result of results) {
    if (result.status === 'invited' && result.outcome.position > position) position = result.outcome.position;
  }
  return position;
}
