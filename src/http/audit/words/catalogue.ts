import type { AccountEvent } from '../../../domain/account/account.js';
import type { AddressEvent } from '../../../domain/address/address.js';
import type { DomainEvent } from '../../../domain/codec.js';
import type { BounceKind, RefusalReason } from '../../../domain/membership/events.js';
import type { RefusedFor } from '../../../domain/refusal/events.js';
import type { Role } from '../../../domain/role.js';

/** The events that belong to a workspace. */
export type WorkspaceHistoryEvent =
  | Exclude<DomainEvent, AccountEvent | AddressEvent>
  | Extract<AddressEvent, { type: 'SuppressionLifted' }>;
export type HistoryType = WorkspaceHistoryEvent['type'];

/** The operations that somebody in a workspace can be refused for want of a right, by their names in the OpenAPI document. */
export type RefusableOperation =
  | 'invite'
  | 'inviteMany'
  | 'resendInvitation'
  | 'resendInvitations'
  | 'revokeInvitation'
  | 'revokeInvitations'
  | 'copyLink'
  | 'correctAddress'
  | 'changePermission'
  | 'removeUser'
  | 'transferOwnership'
  | 'changeWorkspace'
  | 'changeBrand'
  | 'liftSuppression'
  | 'listAuditEvents'
  | 'getAuditHead'
  | 'followAuditEvents'
  | 'exportAuditEvents';

/** Of an event, what its sentence is made of. */
export interface Facts<Type extends HistoryType> {
  /** What whoever did it is called. */
  readonly who: string;
  /** What the person it is about is called. */
  readonly whom: string;
  readonly data: Extract<WorkspaceHistoryEvent, { type: Type }>['data'];
  /** An instant in words of the language, by the reader's clock. */
  readonly when: (instant: string) => string;
}

/** The sentences of one language: one for each type of event. */
export interface Words {
  readonly service: string;
  readonly somebody: string;
  readonly roles: Readonly<Record<Role, string>>;
  readonly refusals: Readonly<Record<RefusalReason, string>>;
  readonly bounces: Readonly<Record<BounceKind | 'late', string>>;
  /** Behind a bounce that anybody may have made up. */
  readonly unproven: string;
  readonly reasons: Readonly<Record<RefusedFor, string>>;
  /** What somebody tried to do, to whom: it follows the words for trying. */
  readonly operations: Readonly<Record<RefusableOperation, (whom: string) => string>>;
  /** For an operation that this program does not know. */
  readonly otherOperation: (operation: string) => string;
  readonly sentences: { readonly [Type in HistoryType]: (facts: Facts<Type>) => string };
  /** For a type that this program does not know: a newer one wrote it. */
  readonly other: (type: string) => string;
}

/** What somebody tried to do, in words of a language. */
export function attempt({ operations, otherOperation }: Words, operation: string, whom: string): string {
  if (!Object.hasOwn(operations, operation)) return otherOperation(operation);
  return operations[operation as RefusableOperation](whom);
}
