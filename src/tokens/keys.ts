import { createHash } from 'node:crypto';

/** A secret that signs tokens. `id` is public: it is written into each token, so that keys can rotate. */
export interface TokenKey {
  readonly id: string;
  readonly secret: Buffer;
}

/** The first key signs; all of them verify. A key that was replaced stays until its last token has expired. */
export type TokenKeys = readonly [TokenKey, ...TokenKey[]];

const SECRET_BYTES = 32;

/**
 * Reads secrets from their text form: base64, separated by commas, newest first.
 *
 * @throws RangeError when one has fewer than 32 bytes
 */
export function parseTokenKeys(text: string): TokenKeys {
  const [first = '', ...others] = text.split(',');
  return [parseKey(first), ...others.map(parseKey)];
}

function parseKey(text: string): TokenKey {
  const secret = parseSecret(text);
  return { id: createHash('sha256').update(secret).digest('base64url').slice(0, 8), secret };
}

/** @throws RangeError when it has fewer than 32 bytes */
export function parseSecret(text: string): Buffer {
  const secret = Buffer.from(text.trim(), 'base64');
  if (secret.length < SECRET_BYTES) {
    throw new RangeError(`a secret needs at least ${SECRET_BYTES} bytes, in base64: try \`openssl rand -base64 32\``);
  }
  return secret;
}
