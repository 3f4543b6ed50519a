import { createTransport } from 'nodemailer';
import type SMTPPool from 'nodemailer/lib/smtp-pool/index.js';

import type { Logger } from '../logger.js';

export interface Mail {
  readonly to: { readonly address: string; readonly name?: string };
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** With its angle brackets. */
  readonly messageId: string;
}

/**
 * What came of handing a mail to the mail server. Deferred is whatever may go better later: a 4xx reply, and every way
 * in which a network can fail, even after the mail was on its way. `reply` is the server's last word, or the network's.
 */
export interface MailOutcome {
  readonly outcome: 'sent' | 'deferred' | 'failed';
  readonly reply: string;
  /** RFC 5321 reply code, where the server gave one, and the enhanced one of RFC 3463. */
  readonly code?: number;
  readonly enhancedCode?: string;
}

export interface Mailer {
  /** Never rejects: that a mail could not be sent is an outcome too. */
  send(mail: Mail): Promise<MailOutcome>;
  /** @throws when the server cannot be reached or does not let us in */
  verify(): Promise<void>;
  /** Ends the connections once their mails are through. */
  close(): Promise<void>;
}

export interface MailerOptions {
  /** `smtp://` or `smtps://`, with user and password where needed. */
  readonly smtpUrl: string;
  /** As in a From header: `Name <address>`. */
  readonly from: string;
  readonly logger: Logger;
  /** Connections at a time. */
  readonly connections?: number;
  /** How long the server may be silent, in milliseconds. */
  readonly patience?: number;
}

/** How much of a reply is kept, in characters. */
const REPLY_LENGTH = 500;

/** Refusals that no later attempt of ours would change, from the time before any reply: the address cannot be spoken. */
const PERMANENT_CLIENT_ERRORS = new Set(['EENVELOPE', 'EMESSAGE']);

/** Failures that are the operator's to mend. */
const OPERATOR_ERRORS = new Set(['EAUTH', 'ENOAUTH', 'EOAUTH2', 'EPROTOCOL', 'ETLS', 'ECONFIG']);

/** Sends mails over a pool of connections to one SMTP server. */
export function createMailer({ smtpUrl, from, logger, connections = 10, patience = 30_000 }: MailerOptions): Mailer {
  const url = new URL(smtpUrl);
  const secure = url.protocol === 'smtps:';
  const transport = createTransport({
    pool: true,
    maxConnections: connections,
    maxMessages: 1_000,
    host: url.hostname,
    port: Number(url.port) || (secure ? 465 : 587),
    secure,
    connectionTimeout: patience,
    greetingTimeout: patience,
    socketTimeout: patience,
    dnsTimeout: patience,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(url.username === ''
      ? {}
      : { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }),
  } satisfies SMTPPool.Options);
  // Failures of a connection reach whoever sends over it; a pool without a listener would bring the process down.
  transport.on('error', (error) => logger.warn({ err: error }, 'a connection to the mail server failed'));

  return {
    async send({ to, subject, html, text, messageId }) {
      try {
        const { response } = await transport.sendMail({
          from,
          to: { address: to.address, name: to.name ?? '' },
          subject,
          html,
          text,
          messageId,
          headers: {
            // RFC 3834: nobody's out-of-office answer should come back.
            'Auto-Submitted': 'auto-generated',
            'X-Auto-Response-Suppress': 'All',
          },
        });
        return outcomeOf('sent', response);
      } catch (error) {
        return failureOf(error as SmtpError, logger);
      }
    },
    async verify() {
      await transport.verify();
    },
    async close() {
      transport.close();
    },
  };
}

interface SmtpError extends Error {
  readonly code?: string;
  readonly responseCode?: number;
  readonly response?: string;
}

function failureOf(error: SmtpError, logger: Logger): MailOutcome {
  const { code = '', responseCode, response, message } = error;
  if (OPERATOR_ERRORS.has(code)) {
    logger.error({ code, responseCode }, 'the mail server does not let this service in: check SMTP_URL');
    return outcomeOf('deferred', response ?? message, responseCode);
  }
  const permanent =
    responseCode === undefined ? PERMANENT_CLIENT_ERRORS.has(code) : responseCode >= 500 && responseCode < 600;
  return outcomeOf(permanent ? 'failed' : 'deferred', response ?? message, responseCode);
}

function outcomeOf(outcome: MailOutcome['outcome'], said: string, responseCode?: number): MailOutcome {
  const reply = said.replace(/\s+/g, ' ').trim().slice(0, REPLY_LENGTH);
  const [, code = responseCode, enhancedCode] = /^(\d{3})[ -](?:(\d\.\d{1,3}\.\d{1,3})\b)?/.exec(reply) ?? [];
  return {
    outcome,
    reply,
    ...(code === undefined ? {} : { code: Number(code) }),
    ...(enhancedCode === undefined ? {} : { enhancedCode }),
  };
}
