import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import t from 'tap';
import { addressDigest } from '../../src/addresses/address-digest.js';
import type { NormalisedAddress } from '../../src/addresses/normalise.js';

const KEY = Buffer.from('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f', 'hex');
const JANE = 'jane@example.com' as NormalisedAddress;

/** Base 32 told in another way: the bits in groups of five, the last one filled with zeros. */
function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const groups = bits.match(/.{1,5}/g) ?? [];
  return groups
    .map((group) => 'abcdefghijklmnopqrstuvwxyz234567'.charAt(Number.parseInt(group.padEnd(5, '0'), 2)))
    .join('');
}

t.test('never changes: the ids of people depend on it', async (t) => {
  t.equal(addressDigest(KEY, JANE), 'mmh4thh4ent7oo76laq6sb65xq');
});

t.test('is the first 128 bits of an HMAC, in base 32', async (t) => {
  const property = fc.property(fc.uint8Array({ minLength: 16, maxLength: 64 }), fc.string(), (key, text) => {
    const mac = createHmac('sha256', key).update(`workspace-invitations/address-digest/1\0${text}`).digest();
    assert.equal(addressDigest(key, text as NormalisedAddress), base32(mac.subarray(0, 16)));
  });
  t.doesNotThrow(() => fc.assert(property));
});

t.test('differs by key and by address, and is fit for a stream name', async (t) => {
  const otherKey = Uint8Array.from(KEY, (byte) => byte ^ 1);
  const digests = [
    addressDigest(KEY, JANE),
    addressDigest(otherKey, JANE),
    addressDigest(KEY, 'bob@example.com' as NormalisedAddress),
  ];
  t.equal(new Set(digests).size, 3);
  for (const digest of digests) t.match(digest, /^[a-z2-7]{26}$/);
});
