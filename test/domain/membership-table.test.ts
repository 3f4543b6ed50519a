import t from 'tap';
import type { MembershipCommand } from '../../src/domain/membership/commands.js';
import type { MembershipEvent } from '../../src/domain/membership/events.js';
import { membership } from '../../src/domain/membership/membership.js';
import type { MembershipStatus } from '../../src/domain/membership/state.js';
import { type Column, checkTable, type Rows } from './support/decision-table.js';
import * as command from './support/membership-commands.js';
import {
  accepted,
  attempted,
  declined,
  expired,
  founderJoined,
  invited,
  removed,
  revoked,
} from './support/membership-events.js';
import { day, hour } from './support/people-and-time.js';

t.test('every command in every state of a membership', async (t) => {
  type Columns = MembershipStatus | 'overdue' | 'owner';

  const columns: Record<Columns, Column<MembershipEvent, MembershipStatus>> = {
    none: { history: [], status: 'none', now: hour(1) },
    waiting: { history: [invited()], status: 'waiting', now: hour(1) },
    overdue: { history: [invited()], status: 'waiting', now: day(8) },
    expired: { history: [invited(), expired()], status: 'expired', now: day(8) },
    revoked: { history: [invited(), revoked()], status: 'revoked', now: hour(1) },
    declined: { history: [invited(), declined()], status: 'declined', now: hour(1) },
    active: { history: [invited(), accepted()], status: 'active', now: hour(1) },
    removed: { history: [invited(), accepted(), removed()], status: 'removed', now: hour(1) },
    owner: { history: [founderJoined()], status: 'active', now: hour(1) },
  };

  const rows: Rows<MembershipCommand, Columns, MembershipEvent> = {
    FoundMembership: {
      command: command.found,
      leadsTo: {
        none: ['FounderJoined'],
        waiting: [],
        overdue: [],
        expired: [],
        revoked: [],
        declined: [],
        active: [],
        removed: [],
        owner: [],
      },
    },
    InviteUser: {
      command: (now) => command.invite({ now }),
      leadsTo: {
        none: ['UserInvited'],
        waiting: 'already-invited',
        overdue: ['InvitationExpired', 'UserInvited'],
        expired: ['UserInvited'],
        revoked: ['UserInvited'],
        declined: ['UserInvited'],
        active: 'already-member',
        removed: ['UserInvited'],
        owner: 'already-member',
      },
    },
    ResendInvitation: {
      command: (now) => command.resend({ now }),
      leadsTo: {
        none: 'invitation-not-found',
        waiting: ['InvitationResent'],
        overdue: ['InvitationExpired', 'InvitationResent'],
        expired: ['InvitationResent'],
        revoked: 'invitation-not-open',
        declined: 'invitation-not-open',
        active: 'invitation-not-open',
        removed: 'invitation-not-open',
        owner: 'invitation-not-found',
      },
    },
    RevokeInvitation: {
      command: () => command.revoke(),
      leadsTo: {
        none: 'invitation-not-found',
        waiting: ['InvitationRevoked'],
        overdue: ['InvitationRevoked'],
        expired: ['InvitationRevoked'],
        revoked: [],
        declined: 'invitation-not-open',
        active: 'invitation-not-open',
        removed: 'invitation-not-open',
        owner: 'invitation-not-found',
      },
    },
    CorrectAddress: {
      command: (now) => command.correctAddress({ now }),
      leadsTo: {
        none: 'invitation-not-found',
        waiting: ['InvitationAddressCorrected'],
        overdue: ['InvitationExpired', 'InvitationAddressCorrected'],
        expired: ['InvitationAddressCorrected'],
        revoked: 'invitation-not-open',
        declined: 'invitation-not-open',
        active: 'invitation-not-open',
        removed: 'invitation-not-open',
        owner: 'invitation-not-found',
      },
    },
    CopyLink: {
      command: (now) => command.copyLink({ now }),
      leadsTo: {
        none: 'invitation-not-found',
        waiting: ['InvitationLinkCopied'],
        overdue: 'invitation-expired',
        expired: 'invitation-expired',
        revoked: 'invitation-not-open',
        declined: 'invitation-not-open',
        active: 'invitation-not-open',
        removed: 'invitation-not-open',
        owner: 'invitation-not-found',
      },
    },
    ReceiveCorrected: {
      command: (now) => command.receiveCorrected({ now }),
      leadsTo: {
        none: ['UserInvited'],
        waiting: [],
        overdue: ['InvitationExpired', 'UserInvited'],
        expired: ['UserInvited'],
        revoked: ['UserInvited'],
        declined: ['UserInvited'],
        active: [],
        removed: ['UserInvited'],
        owner: [],
      },
    },
    AcceptInvitation: {
      command: (now) => command.accept({ now }),
      leadsTo: {
        none: [],
        waiting: ['InvitationAccepted'],
        overdue: ['InvitationExpired', 'InvitationAcceptanceRefused'],
        expired: ['InvitationAcceptanceRefused'],
        revoked: ['InvitationAcceptanceRefused'],
        declined: ['InvitationAcceptanceRefused'],
        active: ['InvitationAcceptanceRefused'],
        removed: ['InvitationAcceptanceRefused'],
        owner: [],
      },
    },
    DeclineInvitation: {
      command: (now) => command.decline({ now }),
      leadsTo: {
        none: 'invitation-revoked',
        waiting: ['InvitationDeclined'],
        overdue: 'invitation-expired',
        expired: 'invitation-expired',
        revoked: 'invitation-revoked',
        declined: [],
        active: 'invitation-already-accepted',
        removed: 'invitation-already-accepted',
        owner: 'invitation-revoked',
      },
    },
    RefuseAcceptance: {
      command: () => command.refuse('wrong-account'),
      leadsTo: {
        none: [],
        waiting: ['InvitationAcceptanceRefused'],
        overdue: ['InvitationAcceptanceRefused'],
        expired: ['InvitationAcceptanceRefused'],
        revoked: ['InvitationAcceptanceRefused'],
        declined: ['InvitationAcceptanceRefused'],
        active: ['InvitationAcceptanceRefused'],
        removed: ['InvitationAcceptanceRefused'],
        owner: [],
      },
    },
    ExpireInvitation: {
      command: (now) => command.expire(now),
      leadsTo: {
        none: [],
        waiting: [],
        overdue: ['InvitationExpired'],
        expired: [],
        revoked: [],
        declined: [],
        active: [],
        removed: [],
        owner: [],
      },
    },
    ChangePermission: {
      command: () => command.changePermission('administrator'),
      leadsTo: {
        none: 'user-not-found',
        waiting: 'not-active',
        overdue: 'not-active',
        expired: 'not-active',
        revoked: 'not-active',
        declined: 'not-active',
        active: ['PermissionChanged'],
        removed: 'not-active',
        owner: 'owner-required',
      },
    },
    AssumeOwnership: {
      command: () => command.assumeOwnership(),
      leadsTo: {
        none: 'user-not-found',
        waiting: 'not-active',
        overdue: 'not-active',
        expired: 'not-active',
        revoked: 'not-active',
        declined: 'not-active',
        active: ['PermissionChanged'],
        removed: 'not-active',
        owner: ['PermissionChanged'],
      },
    },
    CedeOwnership: {
      command: () => command.cedeOwnership(),
      leadsTo: {
        none: [],
        waiting: [],
        overdue: [],
        expired: [],
        revoked: [],
        declined: [],
        active: [],
        removed: [],
        owner: ['PermissionChanged'],
      },
    },
    RemoveUser: {
      command: () => command.remove(),
      leadsTo: {
        none: 'user-not-found',
        waiting: 'not-active',
        overdue: 'not-active',
        expired: 'not-active',
        revoked: 'not-active',
        declined: 'not-active',
        active: ['UserRemoved'],
        removed: [],
        owner: 'owner-required',
      },
    },
    LeaveWorkspace: {
      command: command.leave,
      leadsTo: {
        none: 'user-not-found',
        waiting: 'not-active',
        overdue: 'not-active',
        expired: 'not-active',
        revoked: 'not-active',
        declined: 'not-active',
        active: ['UserLeft'],
        removed: [],
        owner: 'owner-required',
      },
    },
    BeginEmailAttempt: {
      command: (now) => command.beginEmail(now),
      leadsTo: {
        none: [],
        waiting: ['InvitationEmailAttempted'],
        overdue: [],
        expired: [],
        revoked: [],
        declined: [],
        active: [],
        removed: [],
        owner: [],
      },
    },
    RecordEmailOutcome: {
      command: () => command.recordEmail('sent'),
      after: [attempted()],
      leadsTo: {
        none: [],
        waiting: ['InvitationEmailSent'],
        overdue: ['InvitationEmailSent'],
        expired: ['InvitationEmailSent'],
        revoked: ['InvitationEmailSent'],
        declined: ['InvitationEmailSent'],
        active: ['InvitationEmailSent'],
        removed: ['InvitationEmailSent'],
        owner: [],
      },
    },
  };

  checkTable(t, membership, columns, rows);
});
