import { DomainError, type DomainErrorCode } from '../domain/domain-error.js';
import type { MembershipEvent } from '../domain/membership/events.js';
import { membership } from '../domain/membership/membership.js';
import type { MembershipState } from '../domain/membership/state.js';
import { membershipStream } from '../domain/streams.js';
import { requireAdministrator } from '../domain/workspace/workspace.js';
import { type EventStore, type NewEvent, type Position, START, type StreamRead } from '../event-store/event-store.js';
import { type AggregateStore, emptyRead, outcomeSoFar, withAppended } from './aggregate-store.js';
import { readStanding } from './authority.js';
import { type CommandContext, toNewEvents } from './command-context.js';
import type { Invitee, MembershipOutcome } from './invitations.js';

/** What became of one of many people to invite. */
export type InviteResult =
  | { readonly status: 'invited'; readonly outcome: MembershipOutcome }
  | {
      readonly status: 'refused';
      readonly code: DomainErrorCode;
      readonly message: string;
      readonly state: MembershipState;
    }
  | { readonly status: 'unavailable' };

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
  ) {}

  /**
   * @param invitees no person twice
   * @returns a result for each, in order, and a position at which a read model shows all of them
   * @throws DomainError `workspace-not-found`, `not-allowed`: nobody was invited
   */
  async invite(
    workspaceId: string,
    actorId: string,
    invitees: readonly Invitee[],
    context: CommandContext,
  ): Promise<{ readonly results: readonly InviteResult[]; readonly position: Position }> {
    const { role, workspace } = await readStanding(this.aggregates, workspaceId, actorId);
    requireAdministrator(role);
    const { lifetimeSeconds, domains } = workspace;
    const by = { userId: actorId, role };
    const common = { type: 'InviteUser', by, now: context.now, workspaceId, lifetimeSeconds, domains } as const;
    const results: InviteResult[] = invitees.map(() => ({ status: 'unavailable' }));

    let open = invitees.map((invitee, index) => ({
      index,
      command: { ...common, ...invitee },
      read: emptyRead(membershipStream({ workspaceId, userId: invitee.userId })),
    }));
    for (let round = 1; open.length > 0 && round <= MAX_ROUNDS; round++) {
      if (round > 1) {
        const reads = await this.aggregates.read(...open.map(({ read }) => read.stream));
        open = open.map((entry, i) => ({ ...entry, read: reads[i] as StreamRead }));
      }
      const toSend: ((typeof open)[number] & { readonly sent: readonly NewEvent[] })[] = [];
      for (const entry of open) {
        const decided = decide(entry.command, entry.read, context);
        if ('status' in decided) results[entry.index] = decided;
        else toSend.push({ ...entry, sent: decided.sent });
      }
      const appended = await this.store.appendMany(
        toSend.map(({ read, sent }) => ({ stream: read.stream, events: sent, expectedRevision: read.revision })),
      );
      open = toSend.filter((entry, i) => {
        const result = appended[i];
        if (result?.status !== 'appended') {
          if (result?.error.code === 'invalid-append') throw result.error;
          return true;
        }
        const outcome = withAppended(membership, entry.read, entry.sent, result.appended);
        results[entry.index] = { status: 'invited', outcome };
        return false;
      });
    }
    return { results, position: furthest(results) };
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
    return { status: 'refused', code: error.code, message: error.message, state: sofar.state };
  }
}

function furthest(results: readonly InviteResult[]): Position {
  let position = START;
  for (const result of results) {
    if (result.status === 'invited' && result.outcome.position > position) position = result.outcome.position;
  }
  return position;
}
