/**
 * Between domain events and what the log keeps. An event is written once and never changed: when a shape changes, its
 * type's version goes up and an upcaster lifts the older ones as they are read.
 */
import type { AccountEvent } from './account/account.js';
import type { AddressEvent } from './address/address.js';
import type { MembershipEvent } from './membership/events.js';
import type { RefusalEvent } from './refusal/events.js';
import type { WorkspaceEvent } from './workspace/events.js';

export type DomainEvent = WorkspaceEvent | MembershipEvent | AccountEvent | RefusalEvent | AddressEvent;

/** Lifts the data of one version to the next. */
export type Upcaster = (data: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;

/** By event type, the upcasters in order: the first lifts version 1 to version 2. A type without any is at version 1. */
export type Upcasters = ReadonlyMap<string, readonly Upcaster[]>;

const UPCASTERS: Upcasters = new Map();

/** The version that events of this type are written at. */
export function schemaVersion(type: string, upcasters: Upcasters = UPCASTERS): number {
  return (upcasters.get(type)?.length ?? 0) + 1;
}

/**
 * A recorded event in its newest shape. Its type is trusted: the log holds only what a decider wrote, and `evolve`
 * ignores types that it does not know.
 */
export function upcast(
  recorded: { readonly type: string; readonly data: unknown; readonly metadata: Readonly<Record<string, unknown>> },
  upcasters: Upcasters = UPCASTERS,
): DomainEvent {
  let data = recorded.data as Readonly<Record<string, unknown>>;
  const known = upcasters.get(recorded.type);
  if (known) {
    const version = recorded.metadata['schemaVersion'];
    for (const lift of known.slice(typeof version === 'number' ? version - 1 : 0)) data = lift(data);
  }
  return { type: recorded.type, data } as DomainEvent;
}
