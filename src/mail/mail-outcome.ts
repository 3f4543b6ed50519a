/**
 * What came of handing a mail to the mail server. Deferred is whatever may go better later: a 4xx reply, every way in
 * which a network can fail, even after the mail was on its way, and what the operator has to mend. Failed is what the
 * server said of this mail or this recipient, for good.
 */
export interface MailOutcome {
  readonly outcome: 'sent' | 'deferred' | 'failed';
  /** The server's last word in one line, or in ours what went wrong before it had one. For people to read. */
  readonly reply: string;
  /** RFC 5321 reply code, where the server gave one. */
  readonly code?: number;
  /** RFC 3463, where the server gave one. */
  readonly enhancedCode?: string;
}

/** As nodemailer makes them. `command` is what the reply answers, `CONN` before any. */
export interface SmtpError extends Error {
  readonly code?: string;
  /** Of Node, where `code` is nodemailer's. */
  readonly originalCode?: string;
  readonly responseCode?: number;
  readonly response?: string;
  readonly command?: string;
}

/** An outcome, and whether it is the operator who has to do something about it. */
export interface Failure {
  readonly outcome: MailOutcome;
  readonly isOperatorsFault: boolean;
  /** Whether the server could not be used at all: nothing that was said is about this mail. */
  readonly isUnusable: boolean;
}

/** In characters. */
const MAX_REPLY_LENGTH = 500;

/**
 * Codes of nodemailer for which no reply is shown: what a failed login says is for the operator, and a network's error
 * has host names and addresses of the installation in it.
 */
const OUR_WORDS: Readonly<Record<string, string>> = {
  EAUTH: 'the mail server does not let this service in',
  ENOAUTH: 'the mail server does not let this service in',
  ECONFIG: 'the mail server does not let this service in',
  ETLS: 'no secure connection to the mail server could be made',
  EPROTOCOL: 'the mail server does not speak as it should',
  EDNS: 'the mail server cannot be found',
  ESOCKET: 'the mail server cannot be reached',
  ECONNECTION: 'the mail server closed the connection',
  ETIMEDOUT: 'the mail server did not answer in time',
  EABORT: 'the mail server did not finish in time',
  EENVELOPE: 'no mail can be sent to this address',
  EMESSAGE: 'the mail is larger than the mail server takes',
};

const OPERATORS_CODES: ReadonlySet<string> = new Set(['EAUTH', 'ENOAUTH', 'ECONFIG', 'ETLS', 'EPROTOCOL']);
/** Node's codes for a certificate that is not trusted, and for TLS with a port that speaks none. */
const CERTIFICATE_TROUBLE = /CERT|^UNABLE_TO_|^ERR_(?:TLS|SSL)_/;
/** RFC 4954 section 6: authentication is missing, too weak, wrong, or not to be had without encryption. */
const AUTHENTICATION_REPLIES: ReadonlySet<number> = new Set([530, 534, 535, 538]);
/** RFC 5321 section 3.8: it is going down, or lets nobody in for now. */
const SHUTTING_DOWN = 421;
/** A refusal of these says nothing of the recipient: it is our host or our sender address that is not wanted. */
const BEFORE_MAIL: ReadonlySet<string> = new Set(['CONN', 'EHLO', 'HELO', 'STARTTLS']);
const BEFORE_RECIPIENT: ReadonlySet<string> = new Set([...BEFORE_MAIL, 'MAIL FROM']);
/** Bad sequence of commands: the session went wrong, not the mail. */
const BAD_SEQUENCE = 503;

export function sent(response: string): MailOutcome {
  return outcomeOf('sent', response);
}

/** Tells what a failed attempt means: see `MailOutcome`. */
export function failureOf(error: SmtpError): Failure {
  const { responseCode, response, command = '' } = error;
  const code = CERTIFICATE_TROUBLE.test(error.originalCode ?? '') ? 'ETLS' : (error.code ?? '');
  const isPermanent = responseCode !== undefined && responseCode >= 500 && responseCode !== BAD_SEQUENCE;
  const isRefusalOfUs = isPermanent && (AUTHENTICATION_REPLIES.has(responseCode) || BEFORE_RECIPIENT.has(command));
  const isOperatorsFault = OPERATORS_CODES.has(code) || isRefusalOfUs;
  // Without a reply these two are nodemailer's own verdict on an address or a size, before it asked the server.
  const isOwnVerdict = responseCode === undefined && (code === 'EENVELOPE' || code === 'EMESSAGE');
  const isUnusable =
    isOperatorsFault ||
    responseCode === SHUTTING_DOWN ||
    (responseCode === undefined && !isOwnVerdict) ||
    (responseCode !== undefined && BEFORE_MAIL.has(command));
  const kind = !isOperatorsFault && (isPermanent || isOwnVerdict) ? 'failed' : 'deferred';
  const shown = OPERATORS_CODES.has(code) ? undefined : response;
  const outcome = outcomeOf(kind, shown ?? OUR_WORDS[code] ?? 'the mail could not be handed over');
  return {
    outcome: responseCode === undefined ? outcome : { ...outcome, code: responseCode },
    isOperatorsFault,
    isUnusable,
  };
}

/** Reads the codes out of a reply: "550 5.1.1 …", and of one in several lines "550-5.1.1 …" for each. */
function outcomeOf(outcome: MailOutcome['outcome'], said: string): MailOutcome {
  const [, code, enhancedCode] = /^([245]\d\d)[ -](?:([245]\.\d{1,3}\.\d{1,3})(?= |$))?/m.exec(said) ?? [];
  return {
    outcome,
    reply: inOneLine(said),
    ...(code !== undefined && { code: Number(code) }),
    ...(enhancedCode !== undefined && { enhancedCode }),
  };
}

/** The codes once, controls and lone surrogates (which no store takes) not at all. */
function inOneLine(said: string): string {
  const [first = '', ...others] = said.split(/\r?\n/);
  const lines = [
    first.replace(/^(\d{3})-/, '$1 '),
    ...others.map((line) => line.replace(/^\d{3}[ -](?:\d\.\d+\.\d+ )?/, '')),
  ];
  const line = lines
    .join(' ')
    .replace(/[\s\p{Cc}\p{Cs}]+/gu, ' ')
    .trim();
  return [...line].slice(0, MAX_REPLY_LENGTH).join('');
}
