import { createHmac } from 'node:crypto';
import type { NormalisedAddress } from './normalise.js';

/** Keeps the digests of addresses apart from any other use of the same key. Fixed: ids in the log depend on it. */
const PURPOSE = 'workspace-invitations/address-digest/1\0';
const DIGEST_BYTES = 16;
/** RFC 4648 section 6, in lower case. */
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/**
 * The public name of an address: HMAC-SHA-256 cut to 128 bits (RFC 2104 section 5), as 26 characters of `[a-z2-7]`. It
 * identifies a person in ids and stream names without telling the address to whoever has no key.
 *
 * @param key for life: another key gives everybody another id
 */
export function addressDigest(key: Uint8Array, address: NormalisedAddress): string {
  return base32(createHmac('sha256', key).update(PURPOSE).update(address).digest().subarray(0, DIGEST_BYTES));
}

function base32(bytes: Uint8Array): string {
  let encoded = '';
  let bits = 0;
  let pending = 0;
  for (const byte of bytes) {
    pending = ((pending << 8) | byte) & 0xfff;
    for (bits += 8; bits >= 5; bits -= 5) encoded += BASE32.charAt((pending >>> (bits - 5)) & 31);
  }
  return bits > 0 ? encoded + BASE32.charAt((pending << (5 - bits)) & 31) : encoded;
}
