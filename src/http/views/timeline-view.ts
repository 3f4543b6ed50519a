import type { EventActor } from '../../commands/command-context.js';
import { upcast } from '../../domain/codec.js';
import type { MembershipEvent } from '../../domain/membership/events.js';
import type { RecordedEvent } from '../../event-store/event-store.js';
import { sentence, type Telling } from '../audit/words/words.js';

/** The events of a membership, and of the address what somebody of the workspace did. */
type TimelineEvent = MembershipEvent['type'] | 'SuppressionLifted';

/** What each event is called on a timeline. A name never changes its meaning. */
export const TIMELINE_TYPES = {
  FounderJoined: 'founded',
  UserInvited: 'invited',
  InvitationResent: 'resent',
  InvitationRevoked: 'revoked',
  InvitationDeclined: 'declined',
  InvitationExpired: 'expired',
  InvitationAccepted: 'accepted',
  InvitationAcceptanceRefused: 'acceptance-refused',
  PermissionChanged: 'role-changed',
  UserRemoved: 'removed',
  UserLeft: 'left',
  InvitationAddressCorrected: 'address-corrected',
  InvitationLinkCopied: 'link-copied',
  InvitationRenewalRequested: 'renewal-requested',
  InvitationEmailAttempted: 'mail-attempted',
  InvitationEmailSent: 'mail-sent',
  InvitationEmailDeferred: 'mail-deferred',
  InvitationEmailFailed: 'mail-failed',
  InvitationEmailDelivered: 'mail-delivered',
  InvitationEmailBounced: 'mail-bounced',
  InvitationEmailSuppressed: 'mail-suppressed',
  SuppressionLifted: 'suppression-lifted',
} as const satisfies Record<TimelineEvent, string>;

/** What of an event's data is told; the same words as in the events. */
const TOLD = [
  'invitationId',
  'issue',
  'mail',
  'attempt',
  'role',
  'previousRole',
  'previous',
  'correctedFrom',
  'to',
  'reason',
  'expiresAt',
  'message',
  'messageId',
  'template',
  'templateVersion',
  'locale',
  'bodyHash',
  'reply',
  'code',
  'enhancedCode',
  'kind',
  'reportedBy',
  'stillTrying',
  'unproven',
  'nextAttemptAt',
  'sparedAttempt',
  'giveUpAt',
] as const;

/** One thing that happened between a person and a workspace. */
export type TimelineEntry = {
  readonly id: string;
  readonly type: (typeof TIMELINE_TYPES)[TimelineEvent];
  readonly at: string;
  readonly words: string;
  readonly actor: (EventActor & { readonly name: string | null }) | null;
} & { readonly [Field in (typeof TOLD)[number]]?: unknown };

/** How a timeline is told. */
export interface TimelineTelling extends Telling {
  /** What the person it is about is called. */
  readonly subject: string | null;
  /** What people are called now, by their user ids. */
  readonly names: ReadonlyMap<string, string | null>;
}

/** Those who did what a timeline tells, by their user ids. */
export function actorsOf(events: readonly RecordedEvent[]): string[] {
  const ids = events.flatMap(({ metadata }) => (metadata as { readonly actor?: EventActor }).actor?.id ?? []);
  return [...new Set(ids)];
}

/** A membership's events as a timeline; types that this release does not know are left out. */
export function timelineOf(
  events: readonly RecordedEvent[],
  { subject, names, ...telling }: TimelineTelling,
): TimelineEntry[] {
  return events.flatMap((event) => {
    if (!Object.hasOwn(TIMELINE_TYPES, event.type)) return [];
    const data = upcast(event).data as Readonly<Record<string, unknown>>;
    const { at, actor: by } = event.metadata as { readonly at?: string; readonly actor?: EventActor };
    const actor = by ? { type: by.type, id: by.id, name: names.get(by.id) ?? null } : null;
    return {
      id: event.id,
      type: TIMELINE_TYPES[event.type as TimelineEvent],
      at: at ?? new Date(0).toISOString(),
      words: sentence({ type: event.type, data, actor, subject: { name: subject } }, telling),
      actor,
      ...Object.fromEntries(TOLD.flatMap((field) => (data[field] === undefined ? [] : [[field, data[field]]]))),
    };
  });
}
