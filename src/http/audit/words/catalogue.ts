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
  readonly sentences: { readonly [Type in HistoryType]: (facts: Facts<Type>) => string };
  /** For a type that this program does not know: a newer one wrote it. */
  readonly other: (type: string) => string;
}
