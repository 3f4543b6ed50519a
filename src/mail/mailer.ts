import { setTimeout as delay } from 'node:timers/promises';
import { createTransport, type SendMailOptions } from 'nodemailer';
import SMTPPool from 'nodemailer/lib/smtp-pool';

import type { Logger } from '../logger.js';
import { Circuit, type CircuitOptions } from './circuit.js';
import { createSmtpUtf8Check, needsSmtpUtf8 } from './internationalised.js';
import { type Failure, failureOf, type MailOutcome, type SmtpError, sent } from './mail-outcome.js';
import { smtpSettings } from './smtp-settings.js';

export type { MailOutcome } from './mail-outcome.js';

export interface Mail {
  readonly to: { readonly address: string; readonly name?: string };
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** With its angle brackets. */
  readonly messageId: string;
  /**
   * Names this attempt, in at most 100 ASCII characters without spaces (RFC 3461 section 4.4): a server that reports on deliveries names
   * it in its reports. It stands in the header `X-Attempt-Id` too, for servers that only send the headers back.
   */
  readonly attemptId?: string;
  /** The sender of the envelope, to which bounces go; the address of the From header where it is absent. */
  readonly returnPath?: string;
  /** Whom an answer reaches, where it is not the sender. */
  readonly replyTo?: { readonly address: string; readonly name: string };
  /** What mail programs sort by (RFC 2919): an id like a domain, of all mails of a kind, and what it is called. */
  readonly list?: { readonly id: string; readonly name: string };
  /** What a POST to turns such mails off for whoever got this one, with no more said (RFC 2369, RFC 8058). */
  readonly unsubscribeUrl?: string;
}

export interface Mailer {
  /** Open while the server cannot be used. It only knows: whoever sends has to ask it. */
  readonly circuit: Circuit;
  /** Never rejects: that a mail could not be sent is an outcome too. */
  send(mail: Mail): Promise<MailOutcome>;
  /** @throws when the server cannot be reached or does not let us in */
  verify(): Promise<void>;
  /** Takes no more mails, lets those under way finish, for `drainTime` at most, and ends the connections. */
  close(): Promise<void>;
}

export interface MailerOptions {
  /** `smtp://` or `smtps://`, with user and password where needed: see `smtpSettings`. */
  readonly smtpUrl: string;
  /** As in a From header: `Name <address>`. */
  readonly from: string;
  readonly logger: Logger;
  /** Headers that name the attempt, `X-Attempt-Id` where it is absent: some providers give back only one of their own. */
  readonly attemptHeaders?: readonly string[];
  /** Connections at a time. */
  readonly connections?: number;
  /** How long the server may take to accept a connection, and then to greet, in milliseconds. */
  readonly patience?: number;
  /**
   * How long a connection may be silent after that, in milliseconds. RFC 5321 section 4.5.3.2 would have us wait up to ten
   * minutes, as who gives up while the server still decides sends a second copy; a worker that hangs for so long holds up
   * others, so it is two by default.
   */
  readonly silence?: number;
  /** How long a mail may take in all, in milliseconds: a server that keeps trickling is never silent. */
  readonly deadline?: number;
  /** When the server counts as unusable, and how often it is looked for then. */
  readonly circuit?: Omit<CircuitOptions, 'probe' | 'logger'>;
  /** How long `close` waits for mails under way, in milliseconds. */
  readonly drainTime?: number;
}

/** Mails after which a connection is replaced by a new one, so that a server's balancer gets to choose again. */
const MAILS_A_CONNECTION = 1_000;

/**
 * Sends mails over a pool of connections to one SMTP server.
 *
 * @throws RangeError when `smtpUrl` is none
 */
export function createMailer(options: MailerOptions): Mailer {
  const { smtpUrl, from, logger, attemptHeaders = ['X-Attempt-Id'], connections = 10, patience = 30_000 } = options;
  const { silence = 120_000, deadline = 300_000, drainTime = 8_000 } = options;
  const connecting = {
    ...smtpSettings(smtpUrl),
    connectionTimeout: patience,
    greetingTimeout: patience,
    dnsTimeout: patience,
    socketTimeout: silence,
  };
  const pool = new SMTPPool({
    ...connecting,
    pool: true,
    maxConnections: connections,
    maxMessages: MAILS_A_CONNECTION,
    // Our queue tries again, with pauses: the pool would hold a worker meanwhile.
    maxRequeues: 1,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const transport = createTransport(pool);
  // What fails for a mail reaches whoever sends it; without a listener it would end the process besides.
  transport.on('error', (error) => logger.debug({ code: (error as SmtpError).code }, 'a mail connection failed'));
  const takesSmtpUtf8 = createSmtpUtf8Check(connecting);
  const circuit = new Circuit({ ...options.circuit, logger, probe: () => transport.verify().then(() => {}) });
  const underWay = new Set<Promise<MailOutcome>>();
  let closed: Promise<void> | undefined;

  const namesOfAttempt = (attemptId: string | undefined): Record<string, string> =>
    attemptId === undefined ? {} : Object.fromEntries(attemptHeaders.map((name) => [name, attemptId]));

  async function attempt(mail: Mail): Promise<MailOutcome> {
    const { to, subject, html, text, messageId, attemptId, returnPath } = mail;
    const { address, name = '' } = to;
    try {
      if (needsSmtpUtf8(address) && !(await takesSmtpUtf8())) return NO_SMTPUTF8;
      const { response } = await transport.sendMail({
        from,
        to: { address, name },
        ...(returnPath !== undefined && { envelope: { from: returnPath, to: address } }),
        subject,
        html,
        text,
        messageId,
        headers: { ...HEADERS, ...namesOfAttempt(attemptId), ...(mail.unsubscribeUrl && ONE_CLICK) },
        // Said to servers only that offer RFC 3461; of what was delivered, nobody need tell us.
        ...(attemptId !== undefined && { dsn: { id: attemptId, return: 'headers', notify: ['failure', 'delay'] } }),
        ...answersOf(mail),
        signal: AbortSignal.timeout(deadline),
      });
      circuit.answered();
      return sent(response);
    } catch (error) {
      const { outcome, isUnusable } = explained(error as SmtpError, logger);
      if (isUnusable) circuit.unusable();
      else if (outcome.code !== undefined) circuit.answered();
      return outcome;
    }
  }

  return {
    circuit,
    async send(mail) {
      if (closed) return CLOSED;
      const sending = attempt(mail);
      underWay.add(sending);
      return sending.finally(() => underWay.delete(sending));
    },
    async verify() {
      await transport.verify();
    },
    close() {
      closed ??= drain();
      return closed;
    },
  };

  async function drain(): Promise<void> {
    circuit.close();
    const waiting = new AbortController();
    const drained = Promise.all(underWay).then(() => waiting.abort());
    await Promise.race([drained, delay(drainTime, undefined, { signal: waiting.signal }).catch(() => undefined)]);
    pool.close({ force: true });
    await drained;
  }
}

/** RFC 3834 section 5: nobody's out-of-office answer should come back. The other is how Exchange reads it. */
const HEADERS = { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' };

const ONE_CLICK = { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' };

/** Headers that say where answers go, and which mails belong together. */
function answersOf({ replyTo, list, unsubscribeUrl }: Partial<Mail>): Pick<SendMailOptions, 'replyTo' | 'list'> {
  return {
    ...(replyTo && { replyTo }),
    list: {
      ...(list && { id: { url: list.id, comment: list.name } }),
      ...(unsubscribeUrl !== undefined && { unsubscribe: unsubscribeUrl }),
    },
  };
}

const CLOSED: MailOutcome = { outcome: 'deferred', reply: 'this service is shutting down' };

/** The codes that RFC 6531 section 3.5 gives a server for this case. */
const NO_SMTPUTF8: MailOutcome = {
  outcome: 'failed',
  reply: 'the mail server takes no address with other than ASCII characters before the @ (SMTPUTF8)',
  code: 553,
  enhancedCode: '5.6.7',
};

/** No log has an address in it, which what is said of a recipient may have. */
function explained(error: SmtpError, logger: Logger): Failure {
  const failure = failureOf(error);
  const { outcome, isOperatorsFault } = failure;
  const { code, command, message } = error;
  const fields = { code, command, ...(command !== 'RCPT TO' && { reason: message }) };
  if (isOperatorsFault) {
    logger.error(fields, 'the mail server does not take mail from this service: check SMTP_URL and MAIL_FROM');
  } else if (error.responseCode === undefined && outcome.outcome === 'deferred') {
    logger.warn(fields, 'a mail has to wait: the mail server cannot be used');
  }
  return failure;
}
