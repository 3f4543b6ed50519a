import { cleanMessage, cleanName } from '../mail/clean-text.js';
import type { Mailer } from '../mail/mailer.js';
import { messageId } from '../mail/message-id.js';
import { type Locale, localeFor, type Templates } from '../mail/render.js';
import type { InvitationTokens } from '../tokens/invitation-token.js';
import { SIGN_IN_SECONDS, type SignInTokens } from '../tokens/sign-in-token.js';
import type { Mails } from './tasks.js';

export interface MailsDependencies {
  readonly mailer: Mailer;
  readonly templates: Templates;
  readonly invitationTokens: InvitationTokens;
  readonly signInTokens: SignInTokens;
  /** Links begin with it; no slash at its end. */
  readonly publicUrl: string;
  /** The right-hand side of message ids. */
  readonly senderDomain: string;
  readonly defaultLocale: Locale;
  readonly now: () => Date;
}

/** Fills, renders and sends each kind of mail. Tokens stand in the fragment of a link, which no server ever sees. */
export function createMails(dependencies: MailsDependencies): Mails {
  const { mailer, templates, invitationTokens, signInTokens, publicUrl, senderDomain, defaultLocale, now } =
    dependencies;
  const messageIdOf: Mails['messageIdOf'] = ({ invitationId, issue }) =>
    messageId(['invitation', invitationId, issue], senderDomain);

  return {
    messageIdOf,
    async invitation({ invitation, attempt, workspace, inviter, name = '' }) {
      const { email, role, issue, expiresAt, message = '', locale } = invitation;
      const recipientName = cleanName(name);
      const token = invitationTokens.sign({ invitationId: invitation.id, issue }, expiresAt);
      const rendered = templates.render(
        issue === 1 ? 'invitation' : 'invitation-resent',
        localeFor(locale, defaultLocale),
        {
          workspaceName: workspace.status === 'open' ? cleanName(workspace.name) : '',
          inviterName: inviter.status === 'registered' ? cleanName(inviter.name) : '',
          recipientName,
          role,
          message: cleanMessage(message),
          acceptUrl: `${publicUrl}/accept#${token}`,
          expiresAt,
          email,
        },
      );
      return mailer.send({ ...rendered, to: { address: email, name: recipientName }, messageId: attempt.messageId });
    },
    async renewalRequest({ workspaceId, workspace, invitation, name = '', endedAt, recipient }, requestId) {
      const recipientName = cleanName(recipient.name ?? '');
      const search = encodeURIComponent(invitation.email);
      const rendered = templates.render('renewal-requested', localeFor(recipient.locale, defaultLocale), {
        recipientName,
        workspaceName: cleanName(workspace.name),
        invitedName: cleanName(name),
        invitedEmail: invitation.email,
        expiredAt: endedAt,
        usersUrl: `${publicUrl}/workspaces/${workspaceId}/users?search=${search}`,
        preferencesUrl: `${publicUrl}/preferences`,
      });
      return mailer.send({
        ...rendered,
        to: { address: recipient.email, name: recipientName },
        messageId: messageId(['renewal-request', requestId], senderDomain),
      });
    },
    async signIn({ email, locale, tokenId, issuedAt }) {
      const issued = new Date(issuedAt);
      if (now().getTime() > issued.getTime() + SIGN_IN_SECONDS * 1000) {
        return { outcome: 'failed', reply: 'the link expired before the mail could be sent' };
      }
      const token = signInTokens.sign({ id: tokenId, email }, issued);
      const rendered = templates.render('sign-in', localeFor(locale, defaultLocale), {
        signInUrl: `${publicUrl}/sign-in#${token}`,
        minutes: SIGN_IN_SECONDS / 60,
        email,
      });
      return mailer.send({
        ...rendered,
        to: { address: email },
        messageId: messageId(['sign-in', tokenId], senderDomain),
      });
    },
  };
}
