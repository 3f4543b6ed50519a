import { type AddressProblem, addressProblem } from './address-problem.js';
import { foldText } from './characters.js';
import { elementsOf } from './elements.js';
import type { MailAddress, NormalisedAddress } from './normalise.js';
import { isUndecorated, readAddress } from './read-address.js';
import { type FoundEntry, readList } from './read-list.js';
import { readSheet } from './read-sheet.js';
import { tokenise } from './tokens.js';

/** What one entry of the pasted text turned out to be. */
export type RecipientEntry = Recipient | RefusedEntry;

/** Where an entry stood. */
interface Pasted {
  /** Counted from 1. Where an entry spans lines, that of its address. */
  readonly line: number;
  /** As pasted, in one line without controls; cut after 320 characters. */
  readonly input: string;
}

export interface Recipient extends Pasted, MailAddress {
  readonly ok: true;
  readonly name?: string;
  /** The index, in the list of entries, of the first one with this address; only on the later ones. */
  readonly duplicateOf?: number;
}

export interface RefusedEntry extends Pasted {
  readonly ok: false;
  readonly problem: AddressProblem;
}

/** What `parseAddress` answers. */
export type ParsedAddress =
  | (MailAddress & { readonly ok: true; readonly name?: string })
  | { readonly ok: false; readonly problem: AddressProblem };

/**
 * Reads the addresses out of whatever people paste: lists, mail headers, spreadsheets, Markdown. Answers one result per
 * entry in the order of the text; a bad entry costs no good one. `docs/addresses.md` says what is understood.
 *
 * Never throws. Linear in the length of `pasted`.
 *
 * @param stopAfter the most entries to answer: to tell whether there are more than n, ask for n + 1
 *
 * @example
 * parseRecipients('Jane Doe <jane@example.com>; bob')
 * // [{ ok: true, line: 1, email: 'jane@example.com', name: 'Jane Doe', … }, { ok: false, input: 'bob', problem: … }]
 */
export function parseRecipients(pasted: string, stopAfter = Number.POSITIVE_INFINITY): RecipientEntry[] {
  const { text, rawInput } = foldText(pasted);
  const firstOf = new Map<NormalisedAddress, number>();
  return findEntries(text)
    .slice(0, stopAfter)
    .map(({ line, start, end, text: spec, name }, index): RecipientEntry => {
      const where = { line, input: rawInput(start, end) };
      const read = readAddress(spec);
      if (!read.ok) return { ok: false, ...where, problem: addressProblem(read.fault) };
      const { email, address } = read;
      const duplicateOf = firstOf.get(address);
      if (duplicateOf === undefined) firstOf.set(address, index);
      return {
        ok: true,
        ...where,
        email,
        address,
        ...(name && { name }),
        ...(duplicateOf !== undefined && { duplicateOf }),
      };
    });
}

/**
 * Reads exactly one address, decorated or not, as `parseRecipients` would: for a field that asks for one, and for the
 * `email` of a structured entry.
 */
export function parseAddress(text: string): ParsedAddress {
  if (isUndecorated(text)) {
    // Nearly every text is so. What it reads as here, it reads as in a list too.
    const read = readAddress(text);
    return read.ok ? read : { ok: false, problem: addressProblem(read.fault) };
  }
  const [entry, ...others] = parseRecipients(text, 2);
  if (others.length > 0) return { ok: false, problem: addressProblem('several-addresses') };
  if (entry === undefined) return { ok: false, problem: addressProblem('no-at-sign') };
  if (!entry.ok) return { ok: false, problem: entry.problem };
  const { email, address, name } = entry;
  return { ok: true, email, address, ...(name && { name }) };
}

function findEntries(text: string): FoundEntry[] {
  const { entries, list } = readSheet(tokenise(text));
  return [...entries, ...readList(elementsOf(list))].sort((one, other) => one.start - other.start);
}
