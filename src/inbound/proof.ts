import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

import { UntrustedReport } from './inbound.js';

/** How far a request's time may be from ours, either way: what is heard later is somebody repeating it. */
export const REPLAY_WINDOW_SECONDS = 5 * 60;

/** Compares without telling by its duration how much was right, nor how long the secret is. */
export function isSame(one: string | Buffer, other: string | Buffer): boolean {
  const digest = (text: string | Buffer) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

export function hmacHex(key: string, ...parts: readonly (string | Buffer)[]): string {
  const hmac = createHmac('sha256', key);
  for (const part of parts) hmac.update(part);
  return hmac.digest('hex');
}

/**
 * @param timestamp seconds since 1970, in decimal
 * @throws UntrustedReport
 */
export function requireFresh(timestamp: string, now: Date): void {
  const seconds = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) : Number.NaN;
  if (!(Math.abs(now.getTime() / 1000 - seconds) <= REPLAY_WINDOW_SECONDS)) {
    throw new UntrustedReport('The signature is too old, or its time is not ours: check the clocks.');
  }
}
