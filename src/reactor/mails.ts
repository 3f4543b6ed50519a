import { createHash } from 'node:crypto';

import type { Addressee } from '../commands/addressees.js';
import type { DigestResult } from '../commands/digests.js';
import {
  attemptName,
  messageIdName,
  noticeMessageIdName,
  noticeName,
  returnPathOf,
  withoutProofs,
} from '../domain/membership/mail-reference.js';
import { cleanMessage, cleanName } from '../mail/clean-text.js';
import type { Mailer } from '../mail/mailer.js';
import { digestOf, messageId, namedMessageId } from '../mail/message-id.js';
import { type Locale, localeFor, type RenderedMail, type Templates } from '../mail/render.js';
import type { AttemptProofs } from '../tokens/attempt-proof.js';
import type { InvitationTokens } from '../tokens/invitation-token.js';
import { SIGN_IN_SECONDS, type SignInTokens } from '../tokens/sign-in-token.js';
import type { UnsubscribeClaims, UnsubscribeTokens } from '../tokens/unsubscribe-token.js';
import { brandOf } from './brand-of.js';
import type { Mails } from './tasks.js';

export interface MailsDependencies {
  readonly mailer: Mailer;
  readonly templates: Templates;
  readonly invitationTokens: InvitationTokens;
  readonly signInTokens: SignInTokens;
  readonly unsubscribeTokens: UnsubscribeTokens;
  readonly attemptProofs: Pick<AttemptProofs, 'prove'>;
  /** Links begin with it; no slash at its end. */
  readonly publicUrl: string;
  /** The right-hand side of message ids. */
  readonly senderDomain: string;
  readonly defaultLocale: Locale;
  /** Where bounces come back to, with `{attempt}` where the attempt is to stand in it; the sender's address where it is absent. */
  readonly returnPath?: string;
  /** That logos of workspaces may come from. */
  readonly logoHosts: readonly string[];
  readonly now: () => Date;
}

/** Fills, renders and sends each kind of mail. Tokens stand in the fragment of a link, which no server ever sees. */
export function createMails(dependencies: MailsDependencies): Mails {
  const { mailer, templates, invitationTokens, signInTokens, publicUrl, senderDomain, defaultLocale, now } =
    dependencies;
  const { logoHosts, returnPath, attemptProofs, unsubscribeTokens } = dependencies;
  const messageIdOf: Mails['messageIdOf'] = (link) => namedMessageId(messageIdName(link), senderDomain);

  /** By which a report on a notice finds whom it went to. A return path says no more than that it was one. */
  function namesOf({ userId: noticeTo }: Addressee, about: readonly string[]) {
    return {
      messageId: namedMessageId(noticeMessageIdName({ noticeTo }, digestOf(about)), senderDomain),
      attemptId: noticeName({ noticeTo }, attemptProofs.prove({ noticeTo })),
      ...(returnPath === undefined ? {} : { returnPath: returnPath.replace('{attempt}', 'notice') }),
    };
  }

  /** Where mails of a kind are turned off: by a person on a page, and by a mail program (RFC 8058). */
  function turningOff(kind: UnsubscribeClaims['kind'], { userId }: Addressee) {
    const token = unsubscribeTokens.sign({ userId, kind }, now());
    return {
      preferencesUrl: `${publicUrl}/preferences#${token}`,
      unsubscribeUrl: `${publicUrl}/v1/notifications/unsubscribe?token=${token}`,
    };
  }

  return {
    messageIdOf,
    composeInvitation({ mail, key, invitation, workspace, inviter, name = '' }) {
      const { email, role, issue, expiresAt, message = '', locale } = invitation;
      const recipientName = cleanName(name);
      const token = invitationTokens.sign({ invitationId: invitation.id, issue }, expiresAt);
      const template = mail ?? (issue === 1 ? 'invitation' : 'invitation-resent');
      const language = localeFor(locale, defaultLocale);
      const workspaceName = workspace.status === 'open' ? cleanName(workspace.name) : '';
      const values = {
        workspaceName,
        inviterName: inviter.status === 'registered' ? cleanName(inviter.name) : '',
        recipientName,
        role,
        message: cleanMessage(message),
        acceptUrl: `${publicUrl}/accept#${token}`,
        expiresAt,
        email,
      };
      const rendered = templates.render(template, language, values, brandOf(workspace, logoHosts));
      return {
        ...rendered,
        to: { address: email, name: recipientName },
        // Whoever has an account has proven that the address is theirs. The sender stays ours: mail in somebody else's
        // name is what DMARC (RFC 7489) makes servers refuse.
        ...(inviter.status === 'registered' && {
          replyTo: { address: inviter.email, name: cleanName(inviter.name) },
        }),
        list: { id: `${key.workspaceId}.invitations.${senderDomain}`, name: workspaceName },
        content: {
          template,
          templateVersion: templates.version(template, language),
          locale: language,
          bodyHash: bodyHash(rendered, token),
        },
      };
    },
    async invitation({ link, attempt: { attempt, messageId }, mail: { content: _, ...mail } }) {
      const named = { ...link, attempt };
      const proof = attemptProofs.prove(named);
      const outcome = await mailer.send({
        ...mail,
        messageId,
        attemptId: attemptName(named, proof),
        ...(returnPath === undefined ? {} : { returnPath: returnPathOf(returnPath, named, proof) }),
      });
      return { ...outcome, reply: withoutProofs(outcome.reply) };
    },
    async renewalRequest({ workspaceId, workspace, invitation, name = '', endedAt, recipient }, requestId) {
      const recipientName = cleanName(recipient.name ?? '');
      const search = encodeURIComponent(invitation.email);
      const { preferencesUrl, unsubscribeUrl } = turningOff('renewalRequests', recipient);
      const rendered = templates.render('renewal-requested', localeFor(recipient.locale, defaultLocale), {
        recipientName,
        workspaceName: cleanName(workspace.name),
        invitedName: cleanName(name),
        invitedEmail: invitation.email,
        expiredAt: endedAt,
        usersUrl: `${publicUrl}/workspaces/${workspaceId}/users?search=${search}`,
        preferencesUrl,
      });
      return mailer.send({
        ...rendered,
        to: { address: recipient.email, name: recipientName },
        ...namesOf(recipient, ['renewal-request', requestId]),
        unsubscribeUrl,
      });
    },
    async digest({ workspaceId, workspace, recipient, results }, digestId) {
      const recipientName = cleanName(recipient.name ?? '');
      const workspaceName = cleanName(workspace.name);
      const isAboutRenewals = results.every(({ kind }) => kind === 'renewal');
      const { preferencesUrl, unsubscribeUrl } = turningOff(isAboutRenewals ? 'renewalRequests' : 'digests', recipient);
      const people = (wanted: DigestResult['kind']) =>
        results
          .filter(({ kind }) => kind === wanted)
          .map(({ name = '', email, reply }) => ({
            name: cleanName(name),
            email,
            ...(reply === undefined ? {} : { reason: reply }),
          }));
      const values = {
        recipientName,
        workspaceName,
        accepted: people('accepted'),
        declined: people('declined'),
        undelivered: people('undelivered'),
        expired: people('expired'),
        renewals: people('renewal'),
        usersUrl: `${publicUrl}/workspaces/${workspaceId}/users`,
        preferencesUrl,
      };
      const language = localeFor(recipient.locale, defaultLocale);
      return mailer.send({
        ...templates.render('digest', language, values, brandOf(workspace, logoHosts)),
        to: { address: recipient.email, name: recipientName },
        ...namesOf(recipient, ['digest', digestId]),
        list: { id: `${workspaceId}.digests.${senderDomain}`, name: workspaceName },
        unsubscribeUrl,
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

/** See `MailContent`. White space at the end does not count: mail servers add line breaks there. */
function bodyHash({ text, html }: RenderedMail, token: string): string {
  const body = `${text.trimEnd()}\0${html.trimEnd()}`.replaceAll(token, '');
  return createHash('sha256').update(body).digest('hex');
}
