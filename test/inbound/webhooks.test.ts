import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import t from 'tap';

import { messageIdName } from '../../src/domain/membership/mail-reference.js';
import { attemptId } from '../../src/domain/streams.js';
import { MalformedReport, UntrustedReport } from '../../src/inbound/inbound.js';
import { mailgunChannel } from '../../src/inbound/webhooks/mailgun.js';
import { postmarkChannel } from '../../src/inbound/webhooks/postmark.js';
import { sendgridChannel, sendgridKey } from '../../src/inbound/webhooks/sendgrid.js';

const MAIL = { invitationId: `${'w'.repeat(26)}.${'u'.repeat(26)}.1`, issue: 1, attempt: 1 };
const { attempt: _attempt, ...ISSUE } = MAIL;
const MESSAGE_ID = `${messageIdName(ISSUE)}@example.com`;

t.test('SendGrid', async (t) => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const channel = sendgridChannel(sendgridKey(publicKey.export({ type: 'spki', format: 'der' }).toString('base64')));
  const timestamp = '1600112502';
  const read = (events: unknown, signed = JSON.stringify(events), key = privateKey) =>
    channel.read({
      headers: {
        'x-twilio-email-event-webhook-timestamp': timestamp,
        'x-twilio-email-event-webhook-signature': sign('sha256', Buffer.from(timestamp + signed), key).toString(
          'base64',
        ),
      },
      body: Buffer.from(JSON.stringify(events)),
      now: new Date(),
    });
  const usual = {
    email: 'ana@example.com',
    timestamp: 1_600_112_492,
    'smtp-id': `<${MESSAGE_ID}>`,
    sg_message_id: 'x.y',
  };
  const bounce = {
    ...usual,
    event: 'bounce',
    type: 'bounce',
    sg_event_id: 'b',
    status: '5.1.1',
    reason: '550 5.1.1 unknown user',
  };

  t.test('its events, as documented, many at a time', async (t) => {
    const events = [
      bounce,
      { ...bounce, sg_event_id: 'c', type: 'blocked', status: '5.7.1', reason: '550 5.7.1 blocked' },
      { ...usual, event: 'deferred', sg_event_id: 'd', response: '400 try again later', attempt: '5' },
      { ...usual, event: 'spamreport', sg_event_id: 'e' },
      { ...usual, event: 'dropped', sg_event_id: 'f', reason: 'Bounced Address', status: '5.0.0' },
      { ...usual, event: 'delivered', sg_event_id: 'g', response: '250 OK' },
      { ...usual, event: 'open', sg_event_id: 'h' },
      'nonsense',
    ];
    const reports = await read(events);
    t.strictSame(reports[0], {
      kind: 'permanent',
      id: 'b',
      reportedBy: 'sendgrid',
      isProven: true,
      mail: ISSUE,
      reply: '550 5.1.1 unknown user',
      enhancedCode: '5.1.1',
    });
    t.strictSame(
      reports.map(({ id, kind, stillTrying }) => [id, kind, stillTrying]),
      [
        ['b', 'permanent', undefined],
        ['c', 'transient', undefined],
        ['d', 'transient', true],
        ['e', 'complaint', undefined],
        ['f', 'permanent', undefined],
        ['g', 'delivered', undefined],
      ],
    );
  });

  t.test('are taken with the signature of its key, over every byte', async (t) => {
    await t.rejects(read([bounce], '[]'), UntrustedReport);
    await t.rejects(
      read([bounce], undefined, generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey),
      UntrustedReport,
    );
    await t.rejects(channel.read({ headers: {}, body: Buffer.from('[]'), now: new Date() }), UntrustedReport);
    await t.rejects(read({ not: 'a list' }), MalformedReport);
  });

  t.test('a key that is none is refused at the start', async (t) => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'der' });
    for (const text of ['x', rsa.toString('base64')]) t.throws(() => sendgridKey(text), RangeError);
  });
});

t.test('Mailgun', async (t) => {
  const KEY = 'key-of-the-webhooks';
  const channel = mailgunChannel(KEY);
  const now = new Date('2026-05-02T00:54:06Z');
  let count = 0;
  function body(
    event: object,
    { timestamp = String(now.getTime() / 1000), token = `t${++count}`, key = KEY } = {},
  ): Buffer {
    const signature = createHmac('sha256', key)
      .update(timestamp + token)
      .digest('hex');
    return Buffer.from(JSON.stringify({ signature: { timestamp, token, signature }, 'event-data': event }));
  }
  const read = (raw: Buffer) => channel.read({ headers: {}, body: raw, now });
  const failed = {
    event: 'failed',
    id: 'G9Bn5sl1TC6nu79C8C0bwg',
    timestamp: 1_521_233_195.37,
    severity: 'permanent',
    reason: 'suppress-bounce',
    'delivery-status': {
      'attempt-no': 1,
      code: 605,
      message: '',
      description: 'Not delivering to previously bounced address',
    },
    message: {
      headers: { to: 'Ana <ana@example.com>', 'message-id': MESSAGE_ID, from: 'a@example.com', subject: 'Hi' },
    },
    recipient: 'ana@example.com',
  };

  t.test('its events, as documented', async (t) => {
    t.strictSame(await read(body(failed)), [
      {
        kind: 'permanent',
        reply: '605 Not delivering to previously bounced address',
        id: 'G9Bn5sl1TC6nu79C8C0bwg',
        reportedBy: 'mailgun',
        isProven: true,
        mail: ISSUE,
      },
    ]);
    const unknown = { code: 550, message: '5.1.1 The email account does not exist' };
    t.match(await read(body({ ...failed, reason: 'bounce', 'delivery-status': unknown })), [
      { kind: 'permanent', enhancedCode: '5.1.1', reply: '550 5.1.1 The email account does not exist' },
    ]);
    const full = { code: 552, message: '5.2.2 full' };
    t.match(await read(body({ ...failed, severity: 'temporary', reason: 'generic', 'delivery-status': full })), [
      { kind: 'transient', stillTrying: true },
    ]);
    t.match(await read(body({ ...failed, reason: 'old' })), [{ kind: 'transient', stillTrying: undefined }]);
    t.match(await read(body({ ...failed, event: 'complained' })), [{ kind: 'complaint', mail: ISSUE }]);
    const taken = { code: 250, message: 'OK', 'mx-host': 'mx.example.com' };
    t.match(await read(body({ ...failed, event: 'delivered', 'delivery-status': taken })), [
      { kind: 'delivered', reply: '250 OK', mail: ISSUE },
    ]);
    t.strictSame(await read(body({ ...failed, event: 'opened' })), []);
  });

  t.test('are taken with its signature, for a while, and a token for one body', async (t) => {
    await t.rejects(read(body(failed, { key: 'another' })), UntrustedReport);
    await t.rejects(read(body(failed, { timestamp: '1521472262' })), UntrustedReport);
    await t.rejects(read(body(failed, { timestamp: 'NaN' })), UntrustedReport);
    await t.rejects(read(Buffer.from('{}')), UntrustedReport);
    await t.rejects(read(Buffer.from('{')), MalformedReport);
    const first = body(failed, { token: 'once' });
    t.equal((await read(first)).length, 1);
    t.equal((await read(first)).length, 1, 'Mailgun may say the same again');
    await t.rejects(read(body({ ...failed, id: 'other' }, { token: 'once' })), UntrustedReport);
  });
});

t.test('Postmark', async (t) => {
  const channel = postmarkChannel('postmark:a long password');
  const credentials = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
  const read = (record: object, authorization?: string) =>
    channel.read({
      headers: { authorization: authorization ?? credentials('postmark:a long password') },
      body: Buffer.from(JSON.stringify(record)),
      now: new Date(),
    });
  const bounce = {
    RecordType: 'Bounce',
    ID: 4_323_372_036,
    Type: 'HardBounce',
    TypeCode: 1,
    Metadata: { attempt: attemptId(MAIL) },
    MessageID: '883953f4-6105-42a2-a16a-77a8eac79483',
    Description: 'The server was unable to deliver your message (ex: unknown user, mailbox not found).',
    Details: 'smtp;550 5.1.1 The email account that you tried to reach does not exist.',
    Email: 'ana@example.com',
    From: 'invitations@example.com',
    Inactive: true,
  };

  t.test('its webhooks, as documented', async (t) => {
    t.match(await read(bounce), [
      { kind: 'permanent', id: '4323372036', reportedBy: 'postmark', mail: MAIL, enhancedCode: '5.1.1' },
    ]);
    t.match(await read({ ...bounce, Type: 'SoftBounce' }), [{ kind: 'transient', stillTrying: undefined }]);
    t.match(await read({ ...bounce, Type: 'Transient' }), [{ kind: 'transient', stillTrying: true }]);
    t.match(await read({ ...bounce, RecordType: 'SpamComplaint', Type: 'SpamComplaint' }), [{ kind: 'complaint' }]);
    for (const other of [{ Type: 'AutoResponder' }, { Type: 'constructor' }, { RecordType: 'Open' }]) {
      t.strictSame(await read({ ...bounce, ...other }), []);
    }
  });

  t.test('of a delivery, as documented', async (t) => {
    const delivery = {
      RecordType: 'Delivery',
      ServerID: 23,
      MessageID: '883953f4-6105-42a2-a16a-77a8eac79483',
      Recipient: 'ana@example.com',
      DeliveredAt: '2026-05-02T00:54:06Z',
      Details: 'smtp;250 2.0.0 OK',
      Metadata: { attempt: attemptId(MAIL) },
    };
    const id = `delivered ${delivery.MessageID}`;
    t.match(await read(delivery), [{ kind: 'delivered', id, mail: MAIL, isProven: true, enhancedCode: '2.0.0' }]);
    const { MessageID: _id, ...nameless } = delivery;
    t.strictSame(await read(nameless), []);
  });

  t.test('are taken with the user name and the password of its URL', async (t) => {
    for (const wrong of ['', 'Basic', credentials('postmark:another'), credentials('postmark')]) {
      await t.rejects(read(bounce, wrong), UntrustedReport, wrong);
    }
  });
});
