import { attemptId, parseInvitationId } from '../streams.js';
import type { AttemptOfEmail, MailOfIssue } from './events.js';

/** The mail that something is about: of which issue, and which attempt at it where that is known. */
export interface MailReference extends MailOfIssue {
  /** Known by the `Message-ID` alone; other names tell the attempt, which says it too. */
  readonly mail?: 'reminder';
  readonly attempt?: number;
}

/** A mail that is of no invitation: a digest, or that somebody asks for a new link. What it was about is of no matter, but whom it went to. */
export interface NoticeReference {
  readonly noticeTo: string;
}

/** The names that a mail goes out under, as far as a report gives them back. */
export interface NamesOfMail {
  /** The envelope id (RFC 3461, section 4.4), and what stood in the header `X-Attempt-Id`: `attemptName`. */
  readonly attemptIds?: readonly (string | undefined)[];
  /** The sender of the envelope, to which the report came: see `returnPathOf`. */
  readonly returnPath?: string | undefined;
  /** With or without angle brackets. */
  readonly messageId?: string | undefined;
}

/** A mail by one of its names. Names are no secret; the proof that may stand with them is. */
export interface NamedMail {
  readonly mail: MailReference | NoticeReference;
  readonly proof?: string;
}

/** The mails that these names belong to, the most exact name first; usually all the same one. */
export function namedMails({ attemptIds = [], returnPath, messageId }: NamesOfMail): NamedMail[] {
  return [
    ...attemptIds.map((text) => (text === undefined ? undefined : ofName(text.trim()))),
    returnPath === undefined ? undefined : ofReturnPath(returnPath),
    messageId === undefined ? undefined : ofMessageId(messageId.trim()),
  ].filter((named) => named !== undefined);
}

/** Which mail these names belong to, whether or not that is proven; undefined where it is none of ours. */
export function referenceOf(names: NamesOfMail): NamedMail['mail'] | undefined {
  return namedMails(names)[0]?.mail;
}

/** The left-hand side of the `Message-ID` of a mail: it says where to look, as the id of the invitation does. */
export function messageIdName({ invitationId, issue, mail }: MailOfIssue): string {
  return `${invitationId}.${issue}${mail === undefined ? '' : `.${mail}`}`;
}

/** Of the proof that an attempt's name ends with, in characters of [a-z2-7]. */
export const ATTEMPT_PROOF_LENGTH = 10;
/** Of what a return path has of it. */
export const SHORT_PROOF_LENGTH = 7;

/** What a mail server is told an attempt is called: in its reports, it gives back the proof with the name. */
export function attemptName(attempt: AttemptOfEmail, proof: string): string {
  return `${attemptId(attempt)}.${proof}`;
}

/** What a mail server is told a notice is called. */
export function noticeName({ noticeTo }: NoticeReference, proof: string): string {
  return `notice.${noticeTo}.${proof}`;
}

/** The left-hand side of the `Message-ID` of a notice. @param digest of what it is about: letters, digits, hyphens and underscores */
export function noticeMessageIdName({ noticeTo }: NoticeReference, digest: string): string {
  return `notice.${noticeTo}.${digest}`;
}

/**
 * An attempt in so few characters that `bounces+` and this fit into the 64 of a local part (RFC 5321 section 4.5.3.1.1): the
 * two ids, and the three numbers as one digit of base 36 each, or in decimal with hyphens where that is too little. Case does
 * not count, which some mail servers change.
 */
export function returnPathToken(invitationId: string, issue: number, attempt: number): string {
  const { workspaceId, userId, ordinal } = parseInvitationId(invitationId) ?? {
    workspaceId: '',
    userId: '',
    ordinal: 0,
  };
  const numbers = [ordinal, issue, attempt];
  const short = numbers.every((number) => number < 36);
  return workspaceId + userId + (short ? numbers.map((number) => number.toString(36)).join('') : numbers.join('-'));
}

/** Of a usual token, in characters. */
export const RETURN_PATH_TOKEN_LENGTH = 55;
/** RFC 5321, section 4.5.3.1.1. */
export const LONGEST_LOCAL_PART = 64;

/**
 * The sender of the envelope of an attempt's mail. The proof's beginning stands behind a usual token where the local part has room
 * for it, beside at most two characters more.
 *
 * @param pattern an address in which `{attempt}` may stand
 */
export function returnPathOf(pattern: string, { invitationId, issue, attempt }: AttemptOfEmail, proof: string): string {
  const token = returnPathToken(invitationId, issue, attempt);
  const proven = pattern.replace('{attempt}', token + proof.slice(0, SHORT_PROOF_LENGTH));
  const hasRoom = token.length === RETURN_PATH_TOKEN_LENGTH && proven.indexOf('@') <= LONGEST_LOCAL_PART;
  return hasRoom ? proven : pattern.replace('{attempt}', token);
}

/**
 * What a mail server said, without the proofs in names that it quotes: "<b+…@example.com>: sender address rejected". What it said
 * is shown in the workspace.
 */
export function withoutProofs(text: string): string {
  return text.replace(QUOTED_TOKEN, '$1…').replace(QUOTED_NAME, '$1…');
}

const QUOTED_TOKEN = new RegExp(`\\b([a-z0-9]{${RETURN_PATH_TOKEN_LENGTH}})[a-z0-9]+`, 'gi');
const QUOTED_NAME = /\b([a-z0-9]{26}\.[a-z0-9]{26}(?:\.\d{1,6}){3})\.[a-z2-7]+/gi;

const ID = '[a-z0-9]{26}';
const ATTEMPT_NAME = new RegExp(
  `^(${ID}\\.${ID}\\.[1-9]\\d{0,5})\\.([1-9]\\d{0,5})\\.([1-9]\\d{0,5})(?:\\.([a-z2-7]{${ATTEMPT_PROOF_LENGTH}}))?$`,
);
const MESSAGE_ID = new RegExp(`^<?(${ID}\\.${ID}\\.[1-9]\\d{0,5})\\.([1-9]\\d{0,5})(\\.reminder)?@[^@]+$`);
const RETURN_PATH = new RegExp(
  `(?:^|[^a-z0-9])(${ID})(${ID})(?:([0-9a-z])([0-9a-z])([0-9a-z])([a-z2-7]{${SHORT_PROOF_LENGTH}})?|(\\d{1,6})-(\\d{1,6})-(\\d{1,6}))@`,
);

const NOTICE_NAME = new RegExp(`^notice\\.(${ID})\\.([a-z2-7]{${ATTEMPT_PROOF_LENGTH}})$`);
const NOTICE_MESSAGE_ID = new RegExp(`^<?notice\\.(${ID})\\.[\\w-]+@[^@]+$`);

function ofName(text: string): NamedMail | undefined {
  const [, noticeTo, proof = ''] = NOTICE_NAME.exec(text) ?? [];
  return noticeTo === undefined ? ofAttemptName(text) : { mail: { noticeTo }, proof };
}

function ofAttemptName(text: string): NamedMail | undefined {
  const [, invitationId, issue, attempt, proof] = ATTEMPT_NAME.exec(text) ?? [];
  if (invitationId === undefined) return undefined;
  return named({ invitationId, issue: Number(issue), attempt: Number(attempt) }, proof);
}

function ofMessageId(text: string): NamedMail | undefined {
  const [, noticeTo] = NOTICE_MESSAGE_ID.exec(text) ?? [];
  if (noticeTo !== undefined) return { mail: { noticeTo } };
  const [, invitationId, issue, reminder] = MESSAGE_ID.exec(text) ?? [];
  if (invitationId === undefined) return undefined;
  const mail = { invitationId, issue: Number(issue) };
  return { mail: reminder === undefined ? mail : { ...mail, mail: 'reminder' } };
}

function ofReturnPath(address: string): NamedMail | undefined {
  const [, workspaceId, userId, one, two, three, proof, ...decimals] = RETURN_PATH.exec(address.toLowerCase()) ?? [];
  if (workspaceId === undefined || userId === undefined) return undefined;
  const short = [one, two, three].map((digit) => Number.parseInt(digit ?? '', 36));
  const [ordinal, issue, attempt] = one === undefined ? decimals.map(Number) : short;
  if (!ordinal || !issue || !attempt) return undefined;
  return named({ invitationId: `${workspaceId}.${userId}.${ordinal}`, issue, attempt }, proof);
}

function named(mail: MailReference, proof: string | undefined): NamedMail {
  return proof === undefined ? { mail } : { mail, proof };
}
