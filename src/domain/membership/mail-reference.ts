import { parseInvitationId } from '../streams.js';
import type { IssueOfInvitation } from './events.js';

/** The mail that something is about: an issue, and which attempt at it where that is known. */
export interface MailReference extends IssueOfInvitation {
  readonly attempt?: number;
}

/** The names that a mail goes out under, as far as a report gives them back. */
export interface NamesOfMail {
  /** The envelope id (RFC 3461, section 4.4), or what stood in the header `X-Attempt-Id`. */
  readonly attemptId?: string | undefined;
  /** The sender of the envelope, to which the report came: `returnPathToken` stands in it. */
  readonly returnPath?: string | undefined;
  /** With or without angle brackets. */
  readonly messageId?: string | undefined;
}

/** Which mail these names belong to; undefined where it is none of ours. The most exact name counts. */
export function referenceOf({ attemptId, returnPath, messageId }: NamesOfMail): MailReference | undefined {
  return (
    (attemptId === undefined ? undefined : ofAttemptId(attemptId.trim())) ??
    (returnPath === undefined ? undefined : ofReturnPath(returnPath)) ??
    (messageId === undefined ? undefined : ofMessageId(messageId.trim()))
  );
}

/** The left-hand side of the `Message-ID` of an issue's mail: it says where to look, as the id of the invitation does. */
export function messageIdName({ invitationId, issue }: IssueOfInvitation): string {
  return `${invitationId}.${issue}`;
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

const ID = '[a-z0-9]{26}';
const ATTEMPT_ID = new RegExp(`^(${ID}\\.${ID}\\.[1-9]\\d{0,5})\\.([1-9]\\d{0,5})\\.([1-9]\\d{0,5})$`);
const MESSAGE_ID = new RegExp(`^<?(${ID}\\.${ID}\\.[1-9]\\d{0,5})\\.([1-9]\\d{0,5})@[^@]+$`);
const RETURN_PATH = new RegExp(
  `(?:^|[^a-z0-9])(${ID})(${ID})(?:([0-9a-z])([0-9a-z])([0-9a-z])|(\\d{1,6})-(\\d{1,6})-(\\d{1,6}))@`,
);

function ofAttemptId(text: string): MailReference | undefined {
  const [, invitationId, issue, attempt] = ATTEMPT_ID.exec(text) ?? [];
  return invitationId === undefined ? undefined : { invitationId, issue: Number(issue), attempt: Number(attempt) };
}

function ofMessageId(text: string): MailReference | undefined {
  const [, invitationId, issue] = MESSAGE_ID.exec(text) ?? [];
  return invitationId === undefined ? undefined : { invitationId, issue: Number(issue) };
}

function ofReturnPath(address: string): MailReference | undefined {
  const [, workspaceId, userId, ...digits] = RETURN_PATH.exec(address.toLowerCase()) ?? [];
  if (workspaceId === undefined || userId === undefined) return undefined;
  const short = digits.slice(0, 3).map((digit) => Number.parseInt(digit ?? '', 36));
  const [ordinal, issue, attempt] = digits[0] === undefined ? digits.slice(3).map(Number) : short;
  if (!ordinal || !issue || !attempt) return undefined;
  return { invitationId: `${workspaceId}.${userId}.${ordinal}`, issue, attempt };
}
