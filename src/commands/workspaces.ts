import { checkPersonName } from '../domain/account/account.js';
import { upcast } from '../domain/codec.js';
import { DomainError } from '../domain/domain-error.js';
import type { CedeOwnership } from '../domain/membership/commands.js';
import { membership } from '../domain/membership/membership.js';
import { membershipStream, workspaceStream } from '../domain/streams.js';
import type { BrandChanges } from '../domain/workspace/brand.js';
import type { InvitationDomainsChanges } from '../domain/workspace/invitation-domains.js';
import {
  type RemindersChange,
  type WorkspaceCommand,
  type WorkspaceState,
  workspace,
} from '../domain/workspace/workspace.js';
import type { StreamRead } from '../event-store/event-store.js';
import { type AggregateStore, type Outcome, stateOf } from './aggregate-store.js';
import { readStanding } from './authority.js';
import type { CommandContext } from './command-context.js';

export interface WorkspaceChanges {
  readonly name?: string;
  readonly invitationLifetimeSeconds?: number;
  readonly reminders?: RemindersChange;
  readonly invitationDomains?: InvitationDomainsChanges;
}

/** Workspaces themselves: founding, naming, settings, and whose they are. */
export class Workspaces {
  constructor(private readonly aggregates: AggregateStore) {}

  /**
   * Founds a workspace with its first member. The membership is written first: a crash between the two leaves a founder
   * of nothing, whom nobody sees, and not a workspace that nobody can enter.
   */
  async create(
    workspaceId: string,
    name: string,
    founder: { readonly userId: string; readonly email: string; readonly name: string },
    context: CommandContext,
  ): Promise<Outcome<WorkspaceState>> {
    const { userId, email } = founder;
    const command = { type: 'CreateWorkspace', name, ownerId: userId } as const;
    workspace.decide(command, workspace.initialState);
    await this.aggregates.execute(
      membership,
      membershipStream({ workspaceId, userId }),
      { type: 'FoundMembership', email, name: checkPersonName(founder.name) },
      context,
    );
    return this.aggregates.execute(workspace, workspaceStream(workspaceId), command, context);
  }

  /**
   * @throws DomainError `workspace-not-found`, `not-allowed`, `invalid-name`, `invalid-lifetime`, `invalid-reminders`,
   *   `invalid-domain`
   */
  async change(
    workspaceId: string,
    actorId: string,
    { name, invitationLifetimeSeconds: seconds, reminders, invitationDomains: domains }: WorkspaceChanges,
    context: CommandContext,
  ): Promise<Outcome<WorkspaceState>> {
    const {
      role: actorRole,
      reads: [read],
    } = await readStanding(this.aggregates, workspaceId, actorId);
    const changes: readonly WorkspaceCommand[] = [
      ...(name === undefined ? [] : [{ type: 'RenameWorkspace', name, actorRole } as const]),
      ...(seconds === undefined ? [] : [{ type: 'ChangeInvitationLifetime', seconds, actorRole } as const]),
      ...(reminders === undefined ? [] : [{ type: 'ChangeReminders', reminders, actorRole } as const]),
      ...(domains === undefined ? [] : [{ type: 'ChangeInvitationDomains', changes: domains, actorRole } as const]),
    ];
    return this.aggregates.execute(
      {
        ...workspace,
        decide: (commands: typeof changes, state) => commands.flatMap((each) => workspace.decide(each, state)),
      },
      workspaceStream(workspaceId),
      changes,
      context,
      { read },
    );
  }

  /**
   * @param logoHosts that logos may come from
   * @throws DomainError `workspace-not-found`, `not-allowed`, `invalid-name`, `invalid-logo`, `invalid-colour`
   */
  async changeBrand(
    workspaceId: string,
    actorId: string,
    changes: BrandChanges,
    logoHosts: readonly string[],
    context: CommandContext,
  ): Promise<Outcome<WorkspaceState>> {
    const {
      role: actorRole,
      reads: [read],
    } = await readStanding(this.aggregates, workspaceId, actorId);
    const command = { type: 'ChangeBrand', changes, logoHosts, actorRole } as const;
    return this.aggregates.execute(workspace, workspaceStream(workspaceId), command, context, { read });
  }

  /**
   * Hands a workspace to another active member; the owner so far becomes an administrator.
   *
   * Three streams change, one after the other, and each step holds by itself: the heir can no longer be removed (1)
   * before the workspace changes hands (2), and the owner so far is let go of (3) last. Whatever is cut off is carried
   * on by `settleOwnership`, so an owner always exists.
   *
   * @throws DomainError `owner-required`, `not-active`, `user-not-found`, `workspace-not-found`
   */
  async transferOwnership(
    workspaceId: string,
    actorId: string,
    heirId: string,
    context: CommandContext,
  ): Promise<Outcome<WorkspaceState>> {
    const heirStream = membershipStream({ workspaceId, userId: heirId });
    const standing = await readStanding(this.aggregates, workspaceId, actorId, heirStream);
    const { ownerId, transfers } = standing.workspace;
    // Sent again after it was done, there is nothing left to hand over.
    if (ownerId === heirId && ownerId !== actorId)
      return this.handOver(workspaceId, actorId, heirId, transfers, context);
    if (standing.role !== 'owner') {
      throw new DomainError('owner-required', 'Only the owner of the workspace can transfer its ownership.');
    }
    const ordinal = transfers + 1;
    if (heirId !== actorId) {
      const read = standing.further[0] as StreamRead;
      const assume = { type: 'AssumeOwnership', from: actorId, ordinal } as const;
      await this.aggregates.execute(membership, heirStream, assume, context, { read });
    }
    return this.handOver(workspaceId, actorId, heirId, ordinal, context);
  }

  /**
   * Carries on an ownership transfer that was cut off after its first step, or takes the role of owner back from somebody
   * whom a newer transfer left holding it; does nothing where there is nothing to do. The reactor calls this for the heir
   * and for the owner before.
   */
  async settleOwnership(workspaceId: string, userId: string, context: CommandContext): Promise<void> {
    const [workspaceRead, memberRead] = (await this.aggregates.read(
      workspaceStream(workspaceId),
      membershipStream({ workspaceId, userId }),
    )) as [StreamRead, StreamRead];
    const space = stateOf(workspace, workspaceRead);
    const { role, succession } = stateOf(membership, memberRead);
    if (space.status !== 'open' || role !== 'owner') return;
    if (succession && succession.ordinal > space.transfers) {
      await this.handOver(workspaceId, succession.from, userId, succession.ordinal, context);
    } else if (space.ownerId !== userId) {
      const wasOwner = succession === undefined || heirOf(workspaceRead, succession.ordinal) === userId;
      await this.cede(workspaceId, userId, { ordinal: space.transfers, wasOwner }, context);
    } else if (succession) {
      await this.cede(workspaceId, succession.from, { ordinal: succession.ordinal, wasOwner: true }, context);
    }
  }

  private async handOver(
    workspaceId: string,
    from: string,
    to: string,
    ordinal: number,
    context: CommandContext,
  ): Promise<Outcome<WorkspaceState>> {
    const stream = workspaceStream(workspaceId);
    const command = { type: 'TransferOwnership', from, to, ordinal } as const;
    const outcome = await this.aggregates.execute(workspace, stream, command, context);
    if (from !== to) await this.cede(workspaceId, from, { ordinal, wasOwner: true }, context);
    return outcome;
  }

  private async cede(
    workspaceId: string,
    userId: string,
    ceding: Omit<CedeOwnership, 'type'>,
    context: CommandContext,
  ): Promise<void> {
    const stream = membershipStream({ workspaceId, userId });
    await this.aggregates.execute(membership, stream, { type: 'CedeOwnership', ...ceding }, context);
  }
}

/** Who became the owner by the `ordinal`-th transfer of a workspace. */
function heirOf({ events }: StreamRead, ordinal: number): string | undefined {
  const transfers = events.map((recorded) => upcast(recorded)).filter((event) => event.type === 'OwnershipTransferred');
  return transfers[ordinal - 1]?.data.to;
}
