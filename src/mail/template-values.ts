/** What each mail is filled with. Texts are cleaned already, times are in ISO 8601; what is not known is empty. */
export interface TemplateValues {
  invitation: InvitationValues;
  'invitation-resent': InvitationValues;
  /** To the invited person, some time before the invitation expires. */
  reminder: InvitationValues;
  'renewal-requested': RenewalRequestedValues;
  digest: DigestValues;
  'sign-in': SignInValues;
}

export type TemplateName = keyof TemplateValues;

export interface InvitationValues {
  readonly workspaceName: string;
  readonly inviterName: string;
  readonly recipientName: string;
  readonly role: 'owner' | 'administrator' | 'developer';
  readonly message: string;
  readonly acceptUrl: string;
  readonly expiresAt: string;
  readonly email: string;
}

export interface SignInValues {
  readonly signInUrl: string;
  readonly minutes: number;
  readonly email: string;
}

/** To the inviter: an invitation expired, and who holds its link asks for a new one. */
export interface RenewalRequestedValues {
  /** Of the inviter. */
  readonly recipientName: string;
  readonly workspaceName: string;
  readonly invitedName: string;
  readonly invitedEmail: string;
  readonly expiredAt: string;
  /** Of the users tab, best with the person searched for. */
  readonly usersUrl: string;
  /** Where the inviter chooses which mails to get. */
  readonly preferencesUrl: string;
}

/** To the inviter: what became of the invitations to one workspace since the last digest. A list may be empty. */
export interface DigestValues {
  /** Of the inviter. */
  readonly recipientName: string;
  readonly workspaceName: string;
  readonly accepted: readonly DigestPerson[];
  readonly declined: readonly DigestPerson[];
  /** Whose mail failed or bounced. */
  readonly undelivered: readonly DigestPerson[];
  readonly expired: readonly DigestPerson[];
  /** Who asks for a new link. */
  readonly renewals: readonly DigestPerson[];
  readonly usersUrl: string;
  /** Where the inviter turns this off. */
  readonly preferencesUrl: string;
}

export interface DigestPerson {
  readonly name: string;
  readonly email: string;
  /** Of an undelivered mail, in the mail server's words, as they came: whoever runs that server must not send links by us. */
  readonly reason?: string;
}
