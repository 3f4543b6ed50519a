import { membership } from '../domain/membership/membership.js';
import type { InvitableRole } from '../domain/role.js';
import { membershipStream } from '../domain/streams.js';
import type { StreamRead } from '../event-store/event-store.js';
import { type AggregateStore, outcomeSoFar } from './aggregate-store.js';
import { readStanding } from './authority.js';
import type { CommandContext } from './command-context.js';
import type { MembershipOutcome } from './invitations.js';

/** What happens to people who are in a workspace. */
export class Members {
  constructor(private readonly aggregates: AggregateStore) {}

  /** @throws DomainError `not-allowed`, `not-active`, `user-not-found`, `owner-required` */
  async changePermission(
    workspaceId: string,
    actorId: string,
    userId: string,
    role: InvitableRole,
    context: CommandContext,
  ): Promise<MembershipOutcome> {
    const stream = membershipStream({ workspaceId, userId });
    const standing = await readStanding(this.aggregates, workspaceId, actorId, stream);
    const by = { userId: actorId, role: standing.role };
    const read = standing.further[0] as StreamRead;
    return this.aggregates.execute(membership, stream, { type: 'ChangePermission', by, role }, context, { read });
  }

  /**
   * Takes somebody out of the workspace. Those who take themselves out leave, which anybody but the owner may.
   *
   * @throws DomainError `not-allowed`, `not-active`, `user-not-found`, `owner-required`
   */
  async remove(
    workspaceId: string,
    actorId: string,
    userId: string,
    context: CommandContext,
  ): Promise<MembershipOutcome> {
    const stream = membershipStream({ workspaceId, userId });
    if (actorId === userId) {
      // Whoever has left has no standing any more, but may have missed the answer and ask again.
      const [own] = (await this.aggregates.read(stream)) as [StreamRead];
      const sofar = outcomeSoFar(membership, own, context);
      if (sofar.written.length > 0) return sofar;
    }
    const standing = await readStanding(this.aggregates, workspaceId, actorId, stream);
    const read = standing.further[0] as StreamRead;
    return this.aggregates.execute(
      membership,
      stream,
      actorId === userId
        ? { type: 'LeaveWorkspace' }
        : { type: 'RemoveUser', by: { userId: actorId, role: standing.role } },
      context,
      { read },
    );
  }
}
