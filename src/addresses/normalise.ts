import { domainToASCII } from 'node:url';
import type { AddressFault } from './address-problem.js';

declare const normalised: unique symbol;

/**
 * The identity of an e-mail address: two addresses are the same person's exactly if these strings are equal. The domain
 * is in lower-case ASCII (Punycode), the local part in lower case. To send, use `MailAddress.email`.
 */
export type NormalisedAddress = string & { readonly [normalised]: true };

/** An address that mail can be sent to, and its identity. */
export interface MailAddress {
  /** To send to and to show: the local part as typed, the domain in lower-case ASCII. */
  readonly email: string;
  /** To compare with. */
  readonly address: NormalisedAddress;
}

/** A value, or why there is none. */
export type Checked<T> = ({ readonly ok: true } & T) | { readonly ok: false; readonly fault: AddressFault };

/** RFC 5321 section 4.5.3.1.1, in octets. */
const MAX_LOCAL_OCTETS = 64;
/** A path may have 256 octets (RFC 5321 section 4.5.3.1.3), two of which are its angle brackets. */
const MAX_ADDRESS_OCTETS = 254;
/** RFC 1035 section 2.3.4, in octets. */
const MAX_LABEL_OCTETS = 63;

/**
 * Checks the two halves of an address and gives its form for sending and its identity.
 *
 * The identity is that of RFC 8265 section 3.3 (UsernameCaseMapped): width mapping (done by `foldText`), toLowercase() of
 * Unicode's default case conversion, NFC. Dots and plus tags stay: only the server of a domain knows what they mean.
 *
 * @param local a dot-atom (RFC 5322 section 3.2.3, RFC 6532): quotation marks and comments are gone
 */
export function normaliseAddress(local: string, domain: string): Checked<MailAddress> {
  const host = normaliseDomain(domain);
  if (!host.ok) return host;
  const typed = local.normalize('NFC');
  const email = `${typed}@${host.domain}`;
  if (Buffer.byteLength(typed) > MAX_LOCAL_OCTETS || Buffer.byteLength(email) > MAX_ADDRESS_OCTETS) return TOO_LONG;
  const address = `${typed.toLowerCase().normalize('NFC')}@${host.domain}` as NormalisedAddress;
  return { ok: true, email, address };
}

const TOO_LONG = { ok: false, fault: 'too-long' } as const;
const NOT_VALID = { ok: false, fault: 'domain-not-valid' } as const;

/** ASCII that a host name never has. Node reads a domain as the host of a URL, and would take `%6d`, a port or a path. */
const NOT_OF_A_HOST = /\p{ASCII}/u;
const HOST_CHARACTERS = /[a-z0-9.-]+/gi;
/** RFC 1123 section 2.1. */
const LABEL = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

/** The domain in ASCII by UTS 46, non-transitional. Neither an IP address nor a name without a dot: see docs/addresses.md. */
export function normaliseDomain(typed: string): Checked<{ readonly domain: string }> {
  if (/^\[.*\]$/.test(typed) || /^\d+(?:\.\d+)+$/.test(typed)) return { ok: false, fault: 'ip-address' };
  if (NOT_OF_A_HOST.test(typed.replace(HOST_CHARACTERS, ''))) return NOT_VALID;
  const domain = domainToASCII(typed);
  const labels = domain.split('.');
  if (!labels.every((label) => LABEL.test(label) && label.length <= MAX_LABEL_OCTETS)) return NOT_VALID;
  if (labels.length < 2) return { ok: false, fault: 'domain-incomplete' };
  return /^\d+$/.test(labels.at(-1) ?? '') ? NOT_VALID : { ok: true, domain };
}
