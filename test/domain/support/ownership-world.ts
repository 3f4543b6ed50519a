import { roleIn } from '../../../src/domain/authority.js';
import { type Decider, fold } from '../../../src/domain/decider.js';
import { DomainError } from '../../../src/domain/domain-error.js';
import type { MembershipCommand } from '../../../src/domain/membership/commands.js';
import type { MembershipEvent } from '../../../src/domain/membership/events.js';
import { membership } from '../../../src/domain/membership/membership.js';
import type { MembershipState } from '../../../src/domain/membership/state.js';
import type { InvitableRole, Role } from '../../../src/domain/role.js';
import { invitationId } from '../../../src/domain/streams.js';
import type { WorkspaceEvent } from '../../../src/domain/workspace/events.js';
import { type WorkspaceCommand, type WorkspaceState, workspace } from '../../../src/domain/workspace/workspace.js';
import * as command from './membership-commands.js';
import { accepted, founderJoined, invited } from './membership-events.js';
import { hour, OWNER, WORKSPACE } from './people-and-time.js';

/**
 * Somebody at work on several streams, one read or one append at a time: wherever this yields, others may act, or the
 * machine may stop. It ends early where the rules refuse a step.
 */
export type Work = Generator<undefined, void>;

/**
 * A workspace and its memberships, each a stream of its own: a command reads its stream, decides, and appends only if
 * nobody else has written to that stream meanwhile; otherwise it decides anew.
 */
export class OwnershipWorld {
  private readonly space: WorkspaceEvent[] = [
    { type: 'WorkspaceCreated', data: { name: 'Design', ownerId: OWNER.userId } },
  ];
  private readonly memberships = new Map<string, MembershipEvent[]>();

  /** @param people all in the workspace as developers, next to the owner */
  constructor(people: readonly string[]) {
    this.memberships.set(OWNER.userId, [founderJoined()]);
    for (const userId of people) {
      const first = { invitationId: invitationId({ workspaceId: WORKSPACE, userId }, 1) };
      this.memberships.set(userId, [invited(first), accepted(first)]);
    }
  }

  workspace(): Extract<WorkspaceState, { status: 'open' }> {
    const state = fold(workspace, this.space);
    if (state.status !== 'open') throw new Error('the workspace is there from the beginning');
    return state;
  }

  membership(who: string): MembershipState {
    return fold(membership, this.log(who));
  }

  roleOf(who: string): Role | undefined {
    return roleIn(this.workspace(), this.membership(who), who);
  }

  /** @param by whoever is the owner when it begins, where it is undefined */
  *transfer(by: string | undefined, to: string): Work {
    const { ownerId, transfers } = this.workspace();
    const from = by ?? ownerId;
    const isOwner = this.roleOf(from) === 'owner';
    const ordinal = transfers + 1;
    yield;
    if (!isOwner || from === to) return;
    yield* this.onMembership(to, command.assumeOwnership(ordinal, from));
    yield* this.handOver(from, to, ordinal);
  }

  /** Brings to an end what a cut-off transfer has left of somebody: carries it on, or takes a void claim back. */
  *settle(who: string): Work {
    const { ownerId, transfers } = this.workspace();
    const { role, succession } = this.membership(who);
    yield;
    if (role !== 'owner' || ownerId === who) return;
    if (succession && succession.ordinal > transfers) {
      yield* this.handOver(succession.from, who, succession.ordinal);
    } else {
      yield* this.onMembership(who, command.cedeOwnership(transfers));
    }
  }

  *remove(by: string, who: string): Work {
    const actor = { userId: by, role: this.roleOf(by) };
    yield;
    yield* this.onMembership(who, command.remove(actor));
  }

  *leave(who: string): Work {
    yield* this.onMembership(who, command.leave());
  }

  *change(by: string, who: string, role: InvitableRole): Work {
    const actor = { userId: by, role: this.roleOf(by) };
    yield;
    yield* this.onMembership(who, command.changePermission(role, actor));
  }

  /** Invites somebody again, who accepts. */
  *rejoin(by: string, who: string): Work {
    const actor = { userId: by, role: this.roleOf(by) };
    yield;
    yield* this.onMembership(who, command.invite({ by: actor, now: hour(0), userId: who }));
    const { id = '', issue = 0 } = this.membership(who).invitation ?? {};
    yield* this.onMembership(who, command.accept({ invitationId: id, issue, now: hour(1) }));
  }

  private *handOver(from: string, to: string, ordinal: number): Work {
    const transfer: WorkspaceCommand = { type: 'TransferOwnership', from, to, ordinal };
    yield* execute(workspace, this.space, transfer);
    yield* this.onMembership(from, command.cedeOwnership(ordinal));
  }

  private *onMembership(who: string, command: MembershipCommand): Work {
    yield* execute(membership, this.log(who), command);
  }

  private log(who: string): MembershipEvent[] {
    return this.memberships.get(who) ?? [];
  }
}

/** Goes one step on; answers whether there is more to do. */
export function advance(work: Work): boolean {
  try {
    return work.next().done !== true;
  } catch (error) {
    if (error instanceof DomainError) return false;
    throw error;
  }
}

function* execute<Command, State, Event>(
  decider: Decider<Command, State, Event>,
  log: Event[],
  command: Command,
): Work {
  for (;;) {
    const revision = log.length;
    const events = decider.decide(command, fold(decider, log));
    yield;
    if (log.length === revision) {
      log.push(...events);
      return;
    }
  }
}
