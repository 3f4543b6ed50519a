import type { MailOfIssue } from '../../../domain/membership/events.js';
import type { Role } from '../../../domain/role.js';
import { attempt, type Words } from './catalogue.js';

const roles: Readonly<Record<Role, string>> = {
  owner: 'owner',
  administrator: 'administrator',
  developer: 'developer',
};

export const en: Words = {
  service: 'The service',
  somebody: 'Somebody',
  roles,
  refusals: {
    expired: 'the invitation had expired',
    superseded: 'a newer link had been sent',
    revoked: 'the invitation had been revoked',
    declined: 'the invitation had been declined',
    'already-accepted': 'the invitation had been accepted before',
    removed: 'they had been removed from the workspace',
    'inviter-not-allowed': 'the inviter may not invite any more',
    'wrong-account': 'another account was signed in',
  },
  bounces: {
    permanent: 'came back',
    transient: 'did not get through',
    complaint: 'was reported as spam',
    late: 'is late',
  },
  unproven: '(nothing proves this report)',
  reasons: {
    'not-allowed': 'only the owner and administrators may',
    'owner-required': 'only the owner may',
  },
  operations: {
    invite: () => 'invite somebody',
    inviteMany: () => 'invite people',
    resendInvitation: (whom) => `send ${whom} the invitation again`,
    resendInvitations: () => 'send invitations again',
    revokeInvitation: (whom) => `revoke the invitation of ${whom}`,
    revokeInvitations: () => 'revoke invitations',
    copyLink: (whom) => `copy the link of the invitation of ${whom}`,
    correctAddress: (whom) => `correct the address of the invitation of ${whom}`,
    changePermission: (whom) => `change the permission of ${whom}`,
    removeUser: (whom) => `remove ${whom}`,
    transferOwnership: () => 'transfer the ownership of the workspace',
    changeWorkspace: () => 'change the settings of the workspace',
    changeBrand: () => 'change how the workspace looks',
    liftSuppression: (whom) => `allow mails to ${whom} again`,
    listAuditEvents: () => 'read the audit history',
    getAuditHead: () => 'read the audit history',
    followAuditEvents: () => 'read the audit history',
    exportAuditEvents: () => 'export the audit history',
  },
  sentences: {
    WorkspaceCreated: ({ who, data }) => `${who} created the workspace “${data.name}”.`,
    WorkspaceRenamed: ({ who, data }) => `${who} renamed the workspace from “${data.previousName}” to “${data.name}”.`,
    WorkspaceBrandChanged: ({ who }) => `${who} changed how the workspace looks to those it invites.`,
    InvitationLifetimeChanged: ({ who, data }) => `${who} set how long invitations live to ${hours(data.seconds)}.`,
    InvitationRemindersChanged: ({ who, data }) =>
      data.isOn
        ? `${who} set invitations to be reminded of after ${hours(data.afterSeconds)}.`
        : `${who} turned reminders of invitations off.`,
    InvitationDomainsChanged: ({ who, data }) => {
      const { allowed, denied } = data;
      const invited = allowed.length === 0 ? 'every domain' : allowed.join(', ');
      return `${who} changed which domains may be invited: ${invited}${denied.length === 0 ? '' : `, but not ${denied.join(', ')}`}.`;
    },
    OwnershipTransferred: ({ who, whom }) => `${who} transferred the ownership of the workspace to ${whom}.`,
    FounderJoined: ({ whom }) => `${whom} joined as the owner.`,
    UserInvited: ({ who, whom, data, when }) =>
      `${who} invited ${whom} as ${roles[data.role]}, until ${when(data.expiresAt)}.`,
    InvitationResent: ({ who, whom, data, when }) =>
      `${who} sent ${whom} the invitation again (mail ${data.issue}), until ${when(data.expiresAt)}.`,
    InvitationRevoked: ({ who, whom }) => `${who} revoked the invitation of ${whom}.`,
    InvitationDeclined: ({ whom }) => `${whom} declined the invitation.`,
    InvitationExpired: ({ whom }) => `The invitation of ${whom} expired.`,
    InvitationAccepted: ({ whom, data }) => `${whom} accepted the invitation and joined as ${roles[data.role]}.`,
    InvitationAcceptanceRefused: ({ whom, data }) =>
      `${whom} tried to accept an invitation and was refused: ${en.refusals[data.reason]}.`,
    PermissionChanged: ({ who, whom, data }) =>
      `${who} changed the permission of ${whom} from ${roles[data.previousRole]} to ${roles[data.role]}.`,
    UserRemoved: ({ who, whom }) => `${who} removed ${whom} from the workspace.`,
    UserLeft: ({ whom }) => `${whom} left the workspace.`,
    InvitationAddressCorrected: ({ who, whom, data }) =>
      `${who} corrected the address of the invitation of ${whom} to ${data.to.email}.`,
    InvitationLinkCopied: ({ who, whom, data }) =>
      `${who} copied the link of the invitation of ${whom} (mail ${data.issue}).`,
    InvitationRenewalRequested: ({ whom }) => `${whom} asked for a new link.`,
    InvitationEmailAttempted: ({ whom, data }) => `Sending ${mail(data)} to ${whom} began (attempt ${data.attempt}).`,
    InvitationEmailSent: ({ whom, data }) => `The mail server took ${mail(data)} to ${whom}: ${data.reply}`,
    InvitationEmailDeferred: ({ whom, data, when }) =>
      `${capital(mail(data))} to ${whom} was ${data.nextAttemptAt === undefined ? 'put off, and is not tried again because it had arrived' : `put off until ${when(data.nextAttemptAt)}`}: ${data.reply}`,
    InvitationEmailFailed: ({ whom, data }) =>
      `${capital(mail(data))} to ${whom} could not be delivered: ${data.reply}`,
    InvitationEmailDelivered: ({ whom, data }) =>
      `The recipient's mail server took ${mail(data)} to ${whom}${data.sparedAttempt ? ', which is not tried again' : ''}: ${data.reply}`,
    InvitationEmailBounced: ({ whom, data }) =>
      `${capital(mail(data))} to ${whom} ${en.bounces[data.stillTrying ? 'late' : data.kind]}: ${data.reply}${data.unproven ? ` ${en.unproven}` : ''}`,
    InvitationEmailSuppressed: ({ whom, data }) => `${capital(mail(data))} to ${whom} was not sent: ${data.reply}`,
    SuppressionLifted: ({ who, whom, data }) => `${who} allowed mails to ${whom} again: ${data.reason}`,
    RequestRefused: ({ who, whom, data }) =>
      `${who} tried to ${attempt(en, data.operation, whom)} and was refused: ${en.reasons[data.reason]}.`,
  },
  otherOperation: (operation) => `do “${operation}”`,
  other: (type) => `${type} happened.`,
};

function mail({ issue, mail }: MailOfIssue): string {
  return mail === 'reminder' ? `the reminder of mail ${issue}` : `mail ${issue}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function hours(seconds: number): string {
  const count = Math.round(seconds / 360) / 10;
  return count === 1 ? '1 hour' : `${count.toLocaleString('en')} hours`;
}
