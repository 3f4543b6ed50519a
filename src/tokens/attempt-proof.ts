import { createHmac, timingSafeEqual } from 'node:crypto';

import { ATTEMPT_PROOF_LENGTH, type NoticeReference, SHORT_PROOF_LENGTH } from '../domain/membership/mail-reference.js';
import { attemptId } from '../domain/streams.js';
import type { TokenKeys } from './keys.js';

/**
 * Proof that whoever names an attempt has seen its mail. The name alone proves nothing: everybody in the workspace can put it
 * together from what the timeline shows. The proof is told to mail servers, and stands in no event and no answer.
 */
export interface AttemptProofs {
  /** @returns characters of [a-z2-7]: mail servers may change the case of an address */
  readonly prove: (attempt: Attempt) => string;
  /** Whether this is the proof of this attempt, or the beginning of it that a return path has room for. */
  readonly isGenuine: (attempt: Attempt, proof: string) => boolean;
}

/** Notices are named by whom they go to, who alone sees the name. */
type Attempt = Parameters<typeof attemptId>[0] | NoticeReference;

/** Keeps these proofs apart from tokens, which the same keys sign. */
const PURPOSE = 'workspace-invitations/attempt-proof/1\0';
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/** Keyed by the newest key, five bits a character; proofs of the others hold until these are taken away. */
export function createAttemptProofs(keys: TokenKeys): AttemptProofs {
  const proofBy = (secret: Buffer, attempt: Attempt): string => {
    const digest = createHmac('sha256', secret).update(PURPOSE).update(nameOf(attempt)).digest();
    return Array.from(digest.subarray(0, ATTEMPT_PROOF_LENGTH), (byte) => ALPHABET[byte & 31]).join('');
  };
  return {
    prove: (attempt) => proofBy(keys[0].secret, attempt),
    isGenuine(attempt, proof) {
      if (proof.length !== ATTEMPT_PROOF_LENGTH && proof.length !== SHORT_PROOF_LENGTH) return false;
      const given = Buffer.from(proof);
      return keys.some(({ secret }) => {
        const expected = Buffer.from(proofBy(secret, attempt).slice(0, proof.length));
        return given.length === expected.length && timingSafeEqual(given, expected);
      });
    },
  };
}

function nameOf(attempt: Attempt): string {
  return 'noticeTo' in attempt ? `notice.${attempt.noticeTo}` : attemptId(attempt);
}
