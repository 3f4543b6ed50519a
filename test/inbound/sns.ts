import { sign } from 'node:crypto';

import { PRIVATE_KEY } from './sns-certificate.js';

export const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:bounces';
export const CERTIFICATE_URL =
  'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem';

/** A message as SNS signs it and posts it, with whatever it is about to say. */
export function snsMessage(over: Readonly<Record<string, string>>, signer = PRIVATE_KEY): Buffer {
  const message: Record<string, string> = {
    Type: 'Notification',
    MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
    TopicArn: TOPIC,
    Message: 'hello',
    Timestamp: '2026-05-02T00:54:06.655Z',
    SignatureVersion: '2',
    SigningCertURL: CERTIFICATE_URL,
    ...over,
  };
  const names =
    message['Type'] === 'Notification'
      ? ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
      : ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
  const text = names.flatMap((name) => (name in message ? [`${name}\n${message[name]}\n`] : [])).join('');
  const digest = message['SignatureVersion'] === '1' ? 'RSA-SHA1' : 'RSA-SHA256';
  return Buffer.from(
    JSON.stringify({ Signature: sign(digest, Buffer.from(text), signer).toString('base64'), ...message }),
  );
}
