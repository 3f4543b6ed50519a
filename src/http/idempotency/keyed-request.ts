import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import type { FastifyRequest } from 'fastify';

import type { KeyedRequest } from '../../database/idempotency-keys.js';

/** An answer as it is given again: byte by byte, with the headers that belong to it. */
export interface KeptAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A keyed request, and the key to what it was answered. */
export interface SealedRequest extends KeyedRequest {
  readonly seal: Buffer;
}

/**
 * What a keyed request is in the database. All of it derives from the key and the request itself, so that what is kept
 * (addresses, names, access tokens) can be read only by whoever sends the very same request again, and not by whoever
 * reads the database.
 */
export function sealedRequest(request: FastifyRequest, key: string): SealedRequest {
  const operation = [whoAsks(request), request.method, request.routeOptions.url ?? '', key];
  const id = createHash('sha256').update(JSON.stringify(operation)).digest();
  const content = canonical([request.params, request.query, request.body ?? null]);
  const secret = createHash('sha256').update(JSON.stringify(operation)).update(content).digest();
  return { id, fingerprint: derive(secret, 'fingerprint'), seal: derive(secret, 'seal') };
}

/** A key is somebody's own: two clients that both count from 1 do not meet. */
function whoAsks({ caller, body }: FastifyRequest): readonly string[] {
  if (caller) return ['user', caller.userId];
  const { token, email } = (body ?? {}) as { token?: string; email?: string };
  return ['anybody', token ?? '', email ?? ''];
}

/** The same text for the same value, however its properties are ordered. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
}

function derive(secret: Buffer, purpose: 'fingerprint' | 'seal'): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `workspace-invitations/idempotency/${purpose}/1`, 32));
}

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM; the answer's bytes follow the initialisation vector and the tag. */
export function sealAnswer(answer: KeptAnswer, seal: Buffer): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', seal, iv);
  const sealed = Buffer.concat([cipher.update(JSON.stringify(answer)), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]);
}

export function openAnswer(bytes: Buffer, seal: Buffer): KeptAnswer {
  const decipher = createDecipheriv('aes-256-gcm', seal, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  const opened = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
  return JSON.parse(opened.toString()) as KeptAnswer;
}
