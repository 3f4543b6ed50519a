import { generateKeyPairSync } from 'node:crypto';
import t from 'tap';

import { messageIdName } from '../../src/domain/membership/mail-reference.js';
import { attemptId } from '../../src/domain/streams.js';
import { UntrustedReport } from '../../src/inbound/inbound.js';
import { sesChannel } from '../../src/inbound/webhooks/ses.js';
import { CERTIFICATE_URL, snsMessage, TOPIC } from './sns.js';
import { CERTIFICATE } from './sns-certificate.js';

const MAIL = { invitationId: `${'w'.repeat(26)}.${'u'.repeat(26)}.1`, issue: 1, attempt: 1 };
const { attempt: _attempt, ...ISSUE } = MAIL;

const fetched: string[] = [];
const ses = sesChannel({
  topics: [TOPIC],
  fetchText: async (url) => {
    fetched.push(url);
    return url === CERTIFICATE_URL ? CERTIFICATE : '<ConfirmSubscriptionResponse/>';
  },
});
const read = (body: Buffer, now = new Date()) => ses.read({ headers: {}, body, now });

/** As Amazon documents it, with the headers of the mail included. */
const mail = {
  timestamp: '2026-05-02T00:54:00.000Z',
  source: 'bounces@example.com',
  messageId: 'EXAMPLE7c191be45-e9aedb9a-02f9-4d12-a87d-dd0099a07f8a-000000',
  destination: ['ana@example.com'],
  headers: [
    { name: 'Message-ID', value: `<${messageIdName(ISSUE)}@example.com>` },
    { name: 'X-Attempt-Id', value: attemptId(MAIL) },
  ],
  commonHeaders: { messageId: `<${messageIdName(ISSUE)}@example.com>` },
};
const notification = (about: object) => snsMessage({ Message: JSON.stringify({ mail, ...about }) });

const bounce = {
  notificationType: 'Bounce',
  bounce: {
    bounceType: 'Permanent',
    bounceSubType: 'General',
    reportingMTA: 'dsn; a8-70.smtp-out.amazonses.com',
    bouncedRecipients: [
      {
        emailAddress: 'ana@example.com',
        status: '5.1.1',
        action: 'failed',
        diagnosticCode: 'smtp; 550 5.1.1 <ana@example.com>... User unknown',
      },
    ],
    timestamp: '2026-05-02T00:54:06.000Z',
    feedbackId: '00000138111222aa-33322211-cccc-cccc-cccc-ddddaaaa068a-000000',
  },
};

t.test('bounces, complaints and delays, as SES documents them', async (t) => {
  t.strictSame(await read(notification(bounce)), [
    {
      kind: 'permanent',
      reply: '550 5.1.1 <ana@example.com>... User unknown',
      enhancedCode: '5.1.1',
      id: '00000138111222aa-33322211-cccc-cccc-cccc-ddddaaaa068a-000000 0',
      reportedBy: 'ses',
      isProven: true,
      mail: MAIL,
    },
  ]);
  const transient = { ...bounce.bounce, bounceType: 'Transient', bounceSubType: 'MailboxFull' };
  t.match(await read(notification({ eventType: 'Bounce', bounce: transient })), [{ kind: 'transient' }]);
  const complaint = {
    complainedRecipients: [{ emailAddress: 'ana@example.com' }],
    feedbackId: '000001378603177f-18c07c78-fa81-4a58-9dd1-fedc3cb8f49a-000000',
    complaintFeedbackType: 'abuse',
  };
  t.match(await read(notification({ notificationType: 'Complaint', complaint })), [
    { kind: 'complaint', reply: 'complaint abuse', mail: MAIL },
  ]);
  const deliveryDelay = {
    delayType: 'TransientCommunicationFailure',
    delayedRecipients: [{ emailAddress: 'ana@example.com', status: '4.4.1', diagnosticCode: 'smtp; 421 4.4.1 later' }],
  };
  t.match(await read(notification({ eventType: 'DeliveryDelay', deliveryDelay })), [
    { kind: 'transient', stillTrying: true, enhancedCode: '4.4.1', reply: '421 4.4.1 later' },
  ]);
  const delivery = {
    timestamp: '2026-05-02T00:54:06.000Z',
    processingTimeMillis: 546,
    recipients: ['ana@example.com'],
    smtpResponse: '250 2.6.0 Message received',
    reportingMTA: 'a8-70.smtp-out.amazonses.com',
  };
  for (const name of ['eventType', 'notificationType']) {
    t.match(await read(notification({ [name]: 'Delivery', delivery })), [
      { kind: 'delivered', reply: '250 2.6.0 Message received', enhancedCode: '2.6.0', mail: MAIL },
    ]);
  }
  t.strictSame(await read(notification({ eventType: 'Open', open: {} })), []);
  t.strictSame(await read(snsMessage({ Message: 'Successfully validated SNS topic for Amazon SES.' })), []);
});

t.test('without the headers of the mail, the common ones or the sender tell which it was', async (t) => {
  const { headers: _headers, ...bare } = mail;
  t.match(await read(notification({ ...bounce, mail: bare })), [{ mail: ISSUE }]);
});

t.test('signatures of both versions count, and nothing else', async (t) => {
  for (const SignatureVersion of ['1', '2'])
    t.strictSame(await read(snsMessage({ SignatureVersion, Subject: 'x' })), []);
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' });
  const forged = [
    snsMessage({}, String(other)),
    snsMessage({ SignatureVersion: '3' }),
    snsMessage({ Type: 'Surprise' }),
    snsMessage({ TopicArn: 'arn:aws:sns:eu-west-1:210987654321:bounces' }),
    Buffer.from(String(snsMessage({})).replace('hello', 'other')),
    Buffer.from('{}'),
  ];
  for (const body of forged) await t.rejects(read(body), UntrustedReport, String(body).slice(0, 200));
  await t.rejects(read(snsMessage({}), new Date('2200-01-01')), UntrustedReport, 'a certificate that is out of force');
});

t.test('a certificate is fetched from Amazon only, and once', async (t) => {
  t.strictSame(new Set(fetched), new Set([CERTIFICATE_URL]));
  t.equal(fetched.length, 1);
  const urls = [
    'http://sns.eu-west-1.amazonaws.com/SimpleNotificationService-00.pem',
    'https://sns.eu-west-1.amazonaws.com.example.com/SimpleNotificationService-00.pem',
    'https://example.com/SimpleNotificationService-00.pem',
    'https://bucket.s3.amazonaws.com/SimpleNotificationService-00.pem',
    'https://sns.eu-west-1.amazonaws.com@example.com/SimpleNotificationService-00.pem',
    'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-00.pem?x',
    'https://sns.eu-west-1.amazonaws.com/key.pem',
  ];
  for (const SigningCertURL of urls)
    await t.rejects(read(snsMessage({ SigningCertURL })), UntrustedReport, SigningCertURL);
  t.equal(fetched.length, 1);
});

t.test('the subscription to a topic of ours is confirmed at Amazon, and nowhere else', async (t) => {
  const confirmation = (SubscribeURL: string) =>
    snsMessage({ Type: 'SubscriptionConfirmation', Token: '2336412f37f', SubscribeURL });
  const url = `https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${TOPIC}&Token=2336412f37f`;
  t.strictSame(await read(confirmation(url)), []);
  t.equal(fetched.at(-1), url);
  await t.rejects(read(confirmation('https://example.com/?Action=ConfirmSubscription&')), UntrustedReport);
  await t.rejects(read(confirmation('http://169.254.169.254/')), UntrustedReport);
  t.equal(fetched.length, 2);
});
