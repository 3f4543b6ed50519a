import { roleIn } from '../domain/authority.js';
import { upcast } from '../domain/codec.js';
import type { InvitationAddressCorrected } from '../domain/membership/events.js';
import { requireInvitable } from '../domain/membership/invitation-rules.js';
import { membership } from '../domain/membership/membership.js';
import type { MembershipState } from '../domain/membership/state.js';
import { mayAdminister } from '../domain/role.js';
import { type MembershipKey, membershipStream, parseInvitationId, workspaceStream } from '../domain/streams.js';
import { workspace } from '../domain/workspace/workspace.js';
import { type RecordedEvent, StreamConflict, type StreamRead } from '../event-store/event-store.js';
import { type AggregateStore, stateOf } from './aggregate-store.js';
import { type SendingRules, UNLIMITED, withinAllowance } from './allowance.js';
import { readStanding, type Standing, senderOf } from './authority.js';
import { type CommandContext, derivedId } from './command-context.js';
import { invitationNotFound } from './invitation-not-found.js';
import type { MailingOutcome, MembershipOutcome } from './invitations.js';

/** The right address of somebody who was invited at a wrong one. */
export interface RightAddress {
  /** The digest of the normalised address. */
  readonly userId: string;
  /** The address as typed. */
  readonly email: string;
}

/** How often a correction is decided anew because a stream it was built on has moved. */
const MAX_ATTEMPTS = 4;

/**
 * Moves invitations to another address, in two steps (docs/decisions/0016): the invitation ends at the wrong address, and
 * goes on at the right one. The first says all that the second needs to know, so that it can be carried out by whoever
 * comes next: the request itself, the request sent again, or the reactor.
 */
export class Corrections {
  constructor(
    private readonly aggregates: AggregateStore,
    private readonly rules: SendingRules = {},
  ) {}

  /**
   * @returns the membership of the right address, at a position that shows both
   * @throws DomainError `invitation-not-found`, `invitation-not-open`, `invitation-superseded`, `not-allowed`,
   *   `same-address`, `domain-not-allowed`, `already-invited`, `already-member`, TooSoon
   *   `throttled`: nothing has changed
   */
  async correct(
    workspaceId: string,
    actorId: string,
    invitationId: string,
    to: RightAddress,
    context: CommandContext,
  ): Promise<MailingOutcome> {
    const key = parseInvitationId(invitationId);
    if (key?.workspaceId !== workspaceId) throw invitationNotFound();
    for (let attempt = 1; ; attempt++) {
      try {
        const ended = await this.end(key, actorId, invitationId, to, context);
        const correction = correctionOf(ended.history, invitationId);
        if (!correction) throw invitationNotFound();
        const received = await this.receive(key, ended.history, correction, context.now);
        const { allowance } = ended;
        const position = received.position > ended.position ? received.position : ended.position;
        return { ...received, position, ...(allowance && { allowance }) };
      } catch (error) {
        if (!(error instanceof StreamConflict) || attempt === MAX_ATTEMPTS) throw error;
      }
    }
  }

  /**
   * Carries on a correction that was cut off after its first step; does nothing where it was not.
   *
   * @param eventId of the correction
   */
  async finish(invitationId: string, eventId: string, now: string): Promise<void> {
    const key = parseInvitationId(invitationId);
    if (!key) return;
    const [read] = await this.aggregates.read(membershipStream(key));
    const correction = read?.events.find(({ id }) => id === eventId);
    if (read && correction) await this.receive(key, read.events, correction, now);
  }

  private async end(
    key: MembershipKey,
    actorId: string,
    invitationId: string,
    to: RightAddress,
    context: CommandContext,
  ): Promise<MailingOutcome> {
    const { workspaceId } = key;
    const stream = membershipStream(key);
    const destination = membershipStream({ workspaceId, userId: to.userId });
    const standing = await readStanding(this.aggregates, workspaceId, actorId, stream, destination);
    const [read, target] = standing.further as [StreamRead, StreamRead];
    const vouchedBy = await this.voucher(standing, stateOf(membership, read), workspaceId, actorId);
    const by = { userId: actorId, role: standing.role };
    const { domains } = standing.workspace;
    const command = { type: 'CorrectAddress', by, now: context.now, invitationId, to, domains, vouchedBy } as const;
    const decider: typeof membership = {
      ...membership,
      decide: (correct, state) => {
        const events = membership.decide(correct, state);
        if (events.length > 0) requireInvitable(stateOf(membership, target), context.now);
        return events;
      },
    };
    const given = [...standing.reads, target].map(({ stream, revision }) => ({ stream, revision }));
    const { allowance = UNLIMITED } = this.rules;
    return withinAllowance(allowance, senderOf(workspaceId, actorId, standing), to.userId, (admit) =>
      this.aggregates.execute(decider, stream, command, context, { read, given, admit }),
    );
  }

  /** Whoever answered for the invitation so far, as long as they still may; else whoever corrects it. */
  private async voucher(
    { workspace }: Standing,
    { invitation }: MembershipState,
    workspaceId: string,
    actorId: string,
  ): Promise<string> {
    const userId = invitation?.vouchedBy ?? actorId;
    if (userId === actorId) return actorId;
    const [read] = await this.aggregates.read(membershipStream({ workspaceId, userId }));
    return read && mayAdminister(roleIn(workspace, stateOf(membership, read), userId)) ? userId : actorId;
  }

  /** The second step. Its events have their ids from the first one, so that it is carried out once, whoever does it. */
  private async receive(
    { workspaceId }: MembershipKey,
    history: readonly RecordedEvent[],
    correction: RecordedEvent,
    now: string,
  ): Promise<MembershipOutcome> {
    const { invitationId, to, vouchedBy } = correction.data as unknown as InvitationAddressCorrected['data'];
    const before = history.filter(({ revision }) => revision < correction.revision);
    const { invitation, name } = stateOf(membership, { stream: correction.stream, revision: 'none', events: before });
    if (!invitation) throw invitationNotFound();
    const { role, lifetimeSeconds, locale, message } = invitation;
    const [workspaceRead] = (await this.aggregates.read(workspaceStream(workspaceId))) as [StreamRead];
    const space = stateOf(workspace, workspaceRead);
    const { actor, correlationId, ip, userAgent } = correction.metadata as unknown as CommandContext;
    return this.aggregates.execute(
      membership,
      membershipStream({ workspaceId, userId: to.userId }),
      {
        type: 'ReceiveCorrected',
        now,
        workspaceId,
        ...to,
        role,
        lifetimeSeconds,
        vouchedBy,
        correctedFrom: invitationId,
        ...(space.status === 'open' ? { remindAfterSeconds: space.reminders.afterSeconds } : {}),
        ...(name === undefined ? {} : { name }),
        ...(locale === undefined ? {} : { locale }),
        ...(message === undefined ? {} : { message }),
      },
      {
        commandId: derivedId('receive corrected', correction.id),
        causationId: correction.id,
        correlationId,
        actor,
        now,
        ...(ip === undefined ? {} : { ip }),
        ...(userAgent === undefined ? {} : { userAgent }),
      },
    );
  }
}

function correctionOf(history: readonly RecordedEvent[], invitationId: string): RecordedEvent | undefined {
  return history.find((recorded) => {
    const event = upcast(recorded);
    return event.type === 'InvitationAddressCorrected' && event.data.invitationId === invitationId;
  });
}
