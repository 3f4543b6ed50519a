import { account, NOTIFICATIONS, type Notifications } from '../domain/account/account.js';
import { roleIn } from '../domain/authority.js';
import { membership } from '../domain/membership/membership.js';
import type { Role } from '../domain/role.js';
import { accountStream, membershipStream } from '../domain/streams.js';
import type { StreamRead } from '../event-store/event-store.js';
import { type AggregateStore, stateOf } from './aggregate-store.js';
import type { OpenWorkspace } from './authority.js';

/** Whom a mail about others goes to. */
export interface Addressee {
  readonly userId: string;
  readonly email: string;
  readonly name?: string;
  readonly locale?: string;
}

/** Somebody of a workspace, as far as it matters to whether and how they are told. */
export interface PossibleAddressee {
  /** Undefined where no address is known. */
  readonly addressee: Addressee | undefined;
  readonly role: Role | undefined;
  readonly notifications: Notifications;
}

/** As they are known where they sign in, else as they were invited. */
export async function readAddressee(
  aggregates: AggregateStore,
  workspaceId: string,
  space: OpenWorkspace,
  userId: string,
): Promise<PossibleAddressee> {
  const streams = [membershipStream({ workspaceId, userId }), accountStream(userId)];
  const [memberRead, accountRead] = (await aggregates.read(...streams)) as [StreamRead, StreamRead];
  const member = stateOf(membership, memberRead);
  const person = stateOf(account, accountRead);
  const isRegistered = person.status === 'registered';
  const { email, name } = isRegistered ? person : member;
  const locale = (isRegistered ? person.locale : undefined) ?? member.invitation?.locale;
  return {
    addressee:
      email === undefined
        ? undefined
        : { userId, email, ...(name === undefined ? {} : { name }), ...(locale === undefined ? {} : { locale }) },
    role: roleIn(space, member, userId),
    notifications: isRegistered ? person.notifications : NOTIFICATIONS,
  };
}
