import { headerOf, type ProofCheck, type ReportChannel, UntrustedReport } from '../inbound.js';
import { hmacHex, isSame, requireFresh } from '../proof.js';
import { readDsn } from './read-dsn.js';

/** The header that signs a raw message. */
export const DSN_SIGNATURE_HEADER = 'x-inbound-signature';

/**
 * What signs a raw message: `t=<seconds since 1970>,v1=<HMAC-SHA256, in hex, of those digits, a full stop and the body>`.
 *
 * @param seconds when it is signed
 */
export function dsnSignature(secret: string, body: Buffer, seconds: number): string {
  return `t=${seconds},v1=${hmacHex(secret, `${seconds}.`, body)}`;
}

/**
 * Delivery status notifications as raw messages, handed over by a mail server's pipe and signed with a shared secret. That proves
 * the pipe, and not what goes into it: it takes whatever is mailed to the address that bounces come back to.
 */
export function dsnChannel(secret: string, isGenuine: ProofCheck): ReportChannel {
  return {
    async read(request) {
      const header = headerOf(request, DSN_SIGNATURE_HEADER) ?? '';
      const [, seconds = ''] = /^t=(\d{1,12}),v1=[0-9a-f]{64}$/.exec(header) ?? [];
      if (seconds === '' || !isSame(header, dsnSignature(secret, request.body, Number(seconds)))) {
        throw new UntrustedReport('The message is not signed with INBOUND_SECRET: see X-Inbound-Signature.');
      }
      requireFresh(seconds, request.now);
      return readDsn(request.body, isGenuine);
    },
  };
}
