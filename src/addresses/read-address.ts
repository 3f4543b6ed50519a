import emailAddresses from 'email-addresses';
import type { AddressFault } from './address-problem.js';
import { type Checked, type MailAddress, normaliseAddress } from './normalise.js';

/** More than any address with its decoration, in UTF-16 units. What is longer is not looked into. */
const MAX_LENGTH = 512;
/** As much of a local part as the library is given (it takes some 3 µs a character): 64 octets and quotation marks. */
const MAX_LOCAL_LENGTH = 66;

/** RFC 5322 section 3.2.3 in ASCII: nearly every local part there is, told 60 times faster than by the library. */
const DOT_ATOM = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/;
/** Nothing to undecorate: the two halves are as they should be, or wrong. */
const UNDECORATED = /^([a-z\d][\w.+-]*)@([a-z\d.-]*[a-z\d])$/i;

/** Whether a text is nothing but an address, or next to one: two halves in ASCII and nothing around them. */
export function isUndecorated(text: string): boolean {
  return text.length <= MAX_LENGTH && UNDECORATED.test(text);
}

/**
 * Reads one address out of a word or of what stands in angle brackets, where it may still be decorated (`mailto:`,
 * apostrophes, bullets, full stops). `text` is folded by `foldText`.
 */
export function readAddress(text: string): Checked<MailAddress> {
  if (text.length > MAX_LENGTH) return refused(text.includes('@') ? 'too-long' : 'no-at-sign');
  const [, plainLocal, plainDomain] = UNDECORATED.exec(text) ?? [];
  if (plainLocal !== undefined && plainDomain !== undefined) return readHalves(plainLocal, plainDomain);
  const spec = undecorated(text.trim());
  const at = spec.lastIndexOf('@');
  return at < 0 ? refused('no-at-sign') : readHalves(spec.slice(0, at), spec.slice(at + 1).trim());
}

function readHalves(typed: string, domain: string): Checked<MailAddress> {
  const local = readLocalPart(typed);
  if (!local.ok) return local;
  return domain === '' ? refused('nothing-after-at') : normaliseAddress(local.local, domain);
}

function refused(fault: AddressFault): { readonly ok: false; readonly fault: AddressFault } {
  return { ok: false, fault };
}

/** `local` without quotation marks and white space around it, if it is a dot-atom then. */
function readLocalPart(typed: string): Checked<{ readonly local: string }> {
  if (DOT_ATOM.test(typed)) return { ok: true, local: typed };
  if (typed === '') return refused('nothing-before-at');
  const isQuoted = typed.startsWith('"');
  if (typed.includes('@') && !isQuoted) return refused('several-at-signs');
  if (typed.length > MAX_LOCAL_LENGTH) return refused('too-long');
  const parsed = emailAddresses.parseOneAddress({ input: `${typed}@domain`, startAt: 'address', strict: true });
  if (parsed?.type !== 'mailbox' || parsed.name !== null) return refused(faultOfLocalPart(typed));
  if (isQuoted && !DOT_ATOM.test(parsed.local)) return refused('quoted-local-part');
  return HAS_UNFIT_CHARACTER.test(parsed.local) ? refused('character-not-allowed') : { ok: true, local: parsed.local };
}

/** Unassigned code points too: a later Unicode may give them a lower case, and with it another identity. */
const HAS_UNFIT_CHARACTER = /[\p{C}\p{Z}]/u;

function faultOfLocalPart(local: string): AddressFault {
  if (local.includes('"')) return 'quoted-local-part';
  if (/^\.|\.\.|\.$/.test(local)) return 'dot-misplaced';
  return /\s/.test(local.trim()) ? 'white-space' : 'character-not-allowed';
}

/** What text editors, spreadsheets and Markdown put in front of an address. A local part may begin with the rest. */
const BEFORE_ADDRESS = /^[^\p{L}\p{M}\p{N}.!#$%&+/=?^_~@"]+/u;
const STRAY_QUOTE = /^"(?=[^"]*$)/;
const ENDS_A_DOMAIN = /[\p{L}\p{M}\p{N}\p{Cs}]/u;

/**
 * Without `mailto:` and other labels, the query of a link, marks around the address and full stops behind it. A
 * typographic apostrophe, which a word processor made, becomes the one that was typed.
 */
function undecorated(text: string): string {
  const { isLink, rest } = withoutLabel(withoutQuery(text));
  const at = rest.lastIndexOf('@');
  if (at < 0) return rest;
  const local = rest.slice(0, at).replace(STRAY_QUOTE, '').replace(BEFORE_ADDRESS, '').replaceAll('’', "'");
  return `${isLink ? percentDecoded(local) : local}@${withoutMarksBehind(rest.slice(at + 1))}`;
}

/** A domain has no question mark: what follows one is the query of a `mailto:` link (RFC 6068). */
function withoutQuery(text: string): string {
  const query = text.indexOf('?', text.indexOf('@') + 1);
  return text.includes('@') && query >= 0 ? text.slice(0, query) : text;
}

/** Only a quoted local part has a colon: before it stands a label. What a URL begins with is none. */
function withoutLabel(text: string): { isLink: boolean; rest: string } {
  const labelEnd = text.startsWith('"') ? -1 : text.lastIndexOf(':', text.lastIndexOf('@'));
  if (labelEnd < 0 || text.startsWith('://', labelEnd)) return { isLink: false, rest: text };
  return { isLink: /mailto$/i.test(text.slice(0, labelEnd)), rest: text.slice(labelEnd + 1) };
}

/** Unit by unit from the end: a pattern anchored there would begin anew at every mark of a long row of them. */
function withoutMarksBehind(domain: string): string {
  if (/^\[.*\]$/.test(domain)) return domain;
  let end = domain.length;
  while (end > 0 && !ENDS_A_DOMAIN.test(domain.charAt(end - 1))) end--;
  return domain.slice(0, end);
}

function percentDecoded(local: string): string {
  try {
    return decodeURIComponent(local);
  } catch {
    return local;
  }
}
