import { verify, X509Certificate } from 'node:crypto';

import { type Json, textAt, UntrustedReport } from '../inbound.js';

/** Gets what stands at an address of Amazon. @throws when it cannot be had */
export type FetchText = (url: string) => Promise<string>;

/** https, the host of SNS in some region, and a certificate as SNS names them: nobody else's key counts. */
const CERTIFICATE_URL =
  /^https:\/\/sns\.[a-z0-9-]{3,30}\.amazonaws\.com(?:\.cn)?\/SimpleNotificationService-[\w-]{1,80}\.pem$/;

/** What is signed, in this order, by the type of the message. */
const SIGNED: Readonly<Record<string, readonly string[]>> = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
  UnsubscribeConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
};

const DIGESTS: Readonly<Record<string, string>> = { '1': 'RSA-SHA1', '2': 'RSA-SHA256' };

/** Certificates change once a year or so; more than these, and somebody plays with us. */
const MOST_KEPT = 20;

/**
 * Checks signatures of SNS, as Amazon describes it in "Verifying the signatures of Amazon SNS messages".
 *
 * @returns rejects with UntrustedReport when a message is not signed as it should be
 */
export function createSnsCheck(fetchText: FetchText): (message: Json, now: Date) => Promise<void> {
  const certificates = new Map<string, Promise<X509Certificate>>();

  function certificateAt(url: string): Promise<X509Certificate> {
    const known = certificates.get(url);
    if (known) return known;
    if (certificates.size >= MOST_KEPT) certificates.clear();
    const fetched = fetchText(url).then((pem) => new X509Certificate(pem));
    certificates.set(url, fetched);
    // What could not be had is asked for again next time.
    fetched.catch(() => certificates.delete(url));
    return fetched;
  }

  return async (message, now) => {
    const url = textAt(message, 'SigningCertURL') ?? '';
    const fields = SIGNED[textAt(message, 'Type') ?? ''];
    const digest = DIGESTS[textAt(message, 'SignatureVersion') ?? ''];
    if (!fields || !digest || !CERTIFICATE_URL.test(url)) {
      throw new UntrustedReport('The message is not signed as Amazon SNS signs.');
    }
    const text = fields
      .flatMap((name) => {
        const value = textAt(message, name);
        return value === undefined ? [] : [`${name}\n${value}\n`];
      })
      .join('');
    const { publicKey, validFrom, validTo } = await certificateAt(url);
    const isInForce = now >= new Date(validFrom) && now <= new Date(validTo);
    const signature = Buffer.from(textAt(message, 'Signature') ?? '', 'base64');
    if (!isInForce || !verify(digest, Buffer.from(text), publicKey, signature)) {
      throw new UntrustedReport('The signature is not that of Amazon SNS.');
    }
  };
}
