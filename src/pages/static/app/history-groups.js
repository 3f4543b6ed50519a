/**
 * The types of event of the audit history, by what people look for. Each is in one group; a test holds them to those that
 * there are sentences for.
 */
export const GROUPS = /** @type {const} */ ({
  invitations: [
    'UserInvited',
    'InvitationResent',
    'InvitationRevoked',
    'InvitationDeclined',
    'InvitationExpired',
    'InvitationAccepted',
    'InvitationAddressCorrected',
    'InvitationLinkCopied',
    'InvitationRenewalRequested',
  ],
  mails: [
    'InvitationEmailAttempted',
    'InvitationEmailSent',
    'InvitationEmailDeferred',
    'InvitationEmailFailed',
    'InvitationEmailDelivered',
    'InvitationEmailBounced',
    'InvitationEmailSuppressed',
    'SuppressionLifted',
  ],
  people: ['FounderJoined', 'PermissionChanged', 'OwnershipTransferred', 'UserRemoved', 'UserLeft'],
  workspace: [
    'WorkspaceCreated',
    'WorkspaceRenamed',
    'WorkspaceBrandChanged',
    'InvitationLifetimeChanged',
    'InvitationRemindersChanged',
    'InvitationDomainsChanged',
  ],
  refusals: ['InvitationAcceptanceRefused', 'RequestRefused'],
});

/** @typedef {keyof typeof GROUPS} Group */

/** @param {string} name @returns {name is Group} */
export const isGroup = (name) => Object.hasOwn(GROUPS, name);
