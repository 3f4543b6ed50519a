import type { AddressProblem } from '../../addresses/address-problem.js';
import type { NormalisedAddress } from '../../addresses/normalise.js';
import { parseAddress, parseRecipients } from '../../addresses/parse-recipients.js';
import type { Invitee } from '../../commands/invitations.js';
import type { InvitableRole } from '../../domain/role.js';
import { Problem } from '../problems/problem.js';
import { fitName } from '../requests/names.js';

/** The most people that one request may invite. */
export const MOST_RECIPIENTS = 5_000;

/** Somebody to invite, as a client lists them. */
export interface ListedRecipient {
  readonly email: string;
  readonly role?: InvitableRole;
  readonly name?: string;
  readonly locale?: string;
  readonly message?: string;
}

/** What holds for those of whom nothing else is said. */
export interface RecipientDefaults {
  readonly role: InvitableRole;
  readonly locale?: string;
}

/** One entry of what was pasted or listed: somebody to invite, somebody listed before, or no address. */
export type RecipientLine = { readonly line: number; readonly input: string } & (
  | { readonly kind: 'invitee'; readonly invitee: Invitee }
  | { readonly kind: 'duplicate'; readonly email: string; readonly userId: string; readonly firstLine: number }
  | { readonly kind: 'invalid'; readonly problem: AddressProblem }
);

/**
 * The people that a request names, one result per entry, in order. Nobody is an invitee twice.
 *
 * @param recipients pasted text, or a list
 * @throws Problem `too-many-recipients`
 */
export function readRecipients(
  recipients: string | readonly ListedRecipient[],
  defaults: RecipientDefaults,
  digest: (address: NormalisedAddress) => string,
): RecipientLine[] {
  const entries = typeof recipients === 'string' ? pasted(recipients) : recipients.map(listed);
  if (entries.length > MOST_RECIPIENTS) {
    throw new Problem(
      'too-many-recipients',
      `There are more than ${MOST_RECIPIENTS} recipients. Send them in several requests.`,
    );
  }
  const lines = new Map<string, number>();
  return entries.map(({ line, input, ...entry }): RecipientLine => {
    if (!entry.ok) return { line, input, kind: 'invalid', problem: entry.problem };
    const { email, address, details } = entry;
    const userId = digest(address);
    const firstLine = lines.get(userId);
    if (firstLine !== undefined) return { line, input, kind: 'duplicate', email, userId, firstLine };
    lines.set(userId, line);
    return { line, input, kind: 'invitee', invitee: { ...defaults, ...details, userId, email } };
  });
}

type Entry = { readonly line: number; readonly input: string } & (
  | {
      readonly ok: true;
      readonly email: string;
      readonly address: NormalisedAddress;
      readonly details: Omit<ListedRecipient, 'email'>;
    }
  | { readonly ok: false; readonly problem: AddressProblem }
);

function pasted(text: string): Entry[] {
  return parseRecipients(text, MOST_RECIPIENTS + 1).map((entry): Entry => {
    const { line, input } = entry;
    if (!entry.ok) return { line, input, ok: false, problem: entry.problem };
    const { email, address, name } = entry;
    return { line, input, ok: true, email, address, details: name === undefined ? {} : { name } };
  });
}

/** A name that stands beside the address in its own field counts before one that stands around it. */
function listed({ email: input, name: givenName, ...details }: ListedRecipient, index: number): Entry {
  const parsed = parseAddress(input);
  const line = index + 1;
  if (!parsed.ok) return { line, input, ok: false, problem: parsed.problem };
  const { email, address } = parsed;
  const name = fitName(givenName) ?? parsed.name;
  return { line, input, ok: true, email, address, details: { ...details, ...(name && { name }) } };
}

/** One address that a request names. @throws Problem `invalid-address` */
export function readAddress(email: string): {
  readonly email: string;
  readonly address: NormalisedAddress;
  readonly name?: string;
} {
  const parsed = parseAddress(email);
  if (parsed.ok) return parsed;
  const { fault, detail } = parsed.problem;
  throw new Problem('invalid-address', detail, { errors: [{ pointer: '#/email', detail }], members: { fault } });
}
