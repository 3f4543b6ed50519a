import type { MembershipStatus } from '../../../src/domain/membership/state.js';
import { type InvitableRole, mayAdminister, type Role } from '../../../src/domain/role.js';

/** A link that was mailed, and how it came to its end. */
export interface Link {
  readonly who: string;
  readonly invitationId: string;
  readonly issue: number;
  readonly role: InvitableRole;
  readonly vouchedBy: string;
  /** In seconds since the beginning, as are all times of the model. */
  readonly expiresAt: number;
  readonly lifetime: number;
  end?: 'superseded' | 'revoked' | 'declined' | 'used';
}

/**
 * The promises about invitations, said once more and as simply as can be: every link ever mailed with what ended it,
 * and who is in. The property test holds the deciders to it. It shares no code with them but the roles.
 */
export class InvitationModel {
  readonly links: Link[] = [];
  readonly members = new Map<string, Role>();
  now = 0;

  constructor(owner: string) {
    this.members.set(owner, 'owner');
  }

  administers(who: string): boolean {
    return mayAdminister(this.members.get(who));
  }

  /** Whether somebody is in who can be removed or demoted, or leave. */
  isMovable(who: string): boolean {
    const role = this.members.get(who);
    return role !== undefined && role !== 'owner';
  }

  newest(who: string): Link | undefined {
    return this.links.findLast((link) => link.who === who);
  }

  isOpen(link: Link | undefined): boolean {
    return link !== undefined && link.end === undefined && this.now < link.expiresAt;
  }

  /** Open or expired: an invitation that can be sent again or withdrawn. */
  isUnanswered(link: Link | undefined): link is Link {
    return link !== undefined && link.end === undefined;
  }

  mail(link: Link): void {
    for (const older of this.links) {
      if (older.who === link.who) older.end ??= 'superseded';
    }
    this.links.push(link);
  }

  /** What somebody's status can be. Whether an expiry has been recorded yet, the model does not say. */
  statusesOf(who: string): readonly MembershipStatus[] {
    if (this.members.has(who)) return ['active'];
    const newest = this.newest(who);
    if (!newest) return ['none'];
    if (this.isOpen(newest)) return ['waiting'];
    return newest.end === undefined ? ['waiting', 'expired'] : [STATUS_AFTER[newest.end]];
  }
}

/** What the end of the newest link leaves of somebody who is not in. */
const STATUS_AFTER = {
  revoked: 'revoked',
  declined: 'declined',
  used: 'removed',
  superseded: 'none',
} as const satisfies Record<NonNullable<Link['end']>, MembershipStatus>;
