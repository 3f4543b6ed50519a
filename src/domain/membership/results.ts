import type { Instant } from '../lifetime.js';
import { issuedAt } from './invitation-rules.js';
import type { MembershipState } from './state.js';

/** What can become of an invitation that whoever answers for it wants to know. `renewal`: a new link is asked for. */
export const RESULT_KINDS = ['accepted', 'declined', 'undelivered', 'expired', 'renewal'] as const;
export type ResultKind = (typeof RESULT_KINDS)[number];

/**
 * Whether that is still how things are, of what came to be at an instant: who accepted and was removed, or was sent a new mail after the
 * one that came back, is no news.
 */
export function holds(kind: ResultKind, { status, invitation }: MembershipState, at: Instant): boolean {
  if (!invitation) return false;
  const isOpen = status === 'waiting' || status === 'expired';
  switch (kind) {
    case 'accepted':
      return status === 'active';
    case 'declined':
    case 'expired':
      return status === kind;
    case 'undelivered': {
      const { mailEnded, emailAttempt } = invitation;
      return isOpen && (mailEnded !== undefined || (emailAttempt?.outcome === 'failed' && !emailAttempt.hasArrived));
    }
    case 'renewal':
      return isOpen && issuedAt(invitation) <= at;
  }
}
