import { type AddressState, address, type Suppression } from '../domain/address/address.js';
import { DomainError } from '../domain/domain-error.js';
import { membership } from '../domain/membership/membership.js';
import { addressStream, membershipStream } from '../domain/streams.js';
import { requireAdministrator } from '../domain/workspace/workspace.js';
import type { RecordedEvent, StreamRead } from '../event-store/event-store.js';
import { type AggregateStore, type Outcome, stateOf } from './aggregate-store.js';
import { readStanding } from './authority.js';
import type { CommandContext } from './command-context.js';

/** Addresses that are sent no mails, and what ends that. */
export class Suppressions {
  constructor(private readonly aggregates: AggregateStore) {}

  /** What keeps mails from an address; undefined where they may go there. */
  async of(userId: string): Promise<Suppression | undefined> {
    const [read] = (await this.aggregates.read(addressStream(userId))) as [StreamRead];
    return stateOf(address, read).suppression;
  }

  /** Keeps mails from an address that a mail server has refused for good; one that takes none already stays as it is. */
  async suppress(
    userId: string,
    said: Pick<Suppression, 'reply' | 'enhancedCode'>,
    context: CommandContext,
  ): Promise<void> {
    const command = { type: 'SuppressAddress', reason: 'hard-bounce', ...said } as const;
    await this.aggregates.execute(address, addressStream(userId), command, context);
  }

  /**
   * Lets mails go to an address again; nothing is sent by itself. Where nothing keeps them from it, nothing happens.
   *
   * @returns besides the outcome, the membership's events
   * @throws DomainError `workspace-not-found`, `not-allowed`, `user-not-found`, `invitation-not-open`
   */
  async lift(
    workspaceId: string,
    actorId: string,
    userId: string,
    reason: string,
    context: CommandContext,
  ): Promise<Outcome<AddressState> & { readonly membership: readonly RecordedEvent[] }> {
    const stream = addressStream(userId);
    const ofMember = membershipStream({ workspaceId, userId });
    const { role, further } = await readStanding(this.aggregates, workspaceId, actorId, ofMember, stream);
    requireAdministrator(role);
    const [memberRead, read] = further as [StreamRead, StreamRead];
    const { status } = stateOf(membership, memberRead);
    if (status === 'none') throw new DomainError('user-not-found', 'There is no such person in this workspace.');
    // A member gets sign-in links, which a complaint keeps from them: nobody else could lift it.
    if (status !== 'waiting' && status !== 'expired' && status !== 'active') {
      throw new DomainError(
        'invitation-not-open',
        'Mails go only to people who are invited or in the workspace: invite this person first.',
      );
    }
    const command = { type: 'LiftSuppression', by: { userId: actorId, role }, workspaceId, reason } as const;
    const outcome = await this.aggregates.execute(address, stream, command, context, { read });
    return { ...outcome, membership: memberRead.events };
  }
}
