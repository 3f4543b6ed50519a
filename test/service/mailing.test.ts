import t from 'tap';

import { readDsn } from '../../src/inbound/dsn/read-dsn.js';
import { postmarkChannel } from '../../src/inbound/webhooks/postmark.js';
import { startImapServer } from '../inbound/imap-server.js';
import { notification } from '../inbound/notifications.js';
import { startReceivingServer } from '../mail/receiving-server.js';
import { startMoodyServer } from '../support/moody-server.js';
import { until } from '../support/until.js';
import { startedService } from './started-service.js';

t.test('the service keeps to the rates that are set, and tells how it gets on with the mail server', async (t) => {
  const server = await startMoodyServer(() => 'takes');
  t.teardown(() => server.close());
  const { invite, metrics, checks } = await startedService(t, { SMTP_URL: server.url, MAIL_RATE_PER_DOMAIN: '0.001' });
  for (const email of ['a@slow.example', 'b@slow.example', 'c@slow.example', 'd@quick.example']) await invite(email);
  const putOff = 'mails_put_off_total{kind="invitation",reason="rate"} 2\n';
  await until(async () => (await metrics()).includes(putOff), 'two mails are put off');
  await until(() => server.copies.length === 2, 'the others have come');
  t.match(await metrics(), /\nmail_circuit_open 0\n/);
  const told = await checks();
  t.strictSame(told['mail'], { ok: true });
  t.notOk('mailbox' in told, 'no mailbox is set up');
});

t.test('by the names that a mail goes out under, each report finds it', async (t) => {
  const server = await startReceivingServer();
  t.teardown(() => server.close());
  const { invite, core } = await startedService(t, {
    SMTP_URL: server.url,
    MAIL_RETURN_PATH: 'b+{attempt}@bounces.example.com',
    POSTMARK_WEBHOOK_CREDENTIALS: 'postmark:a long password',
  });
  const { mail } = await invite('ana@example.com');
  const received = await until(() => server.received[0], 'the mail is sent');
  t.match(received.from, /^b\+[a-z0-9]{62}@bounces\.example\.com$/);

  const { isGenuine } = core.attemptProofs;
  t.match(await readDsn(notification({ to: received.from }), isGenuine), [{ mail, isProven: true }]);
  const [headers = ''] = received.raw.split('\r\n\r\n');
  const returned = headers.split('\r\n');
  t.match(await readDsn(notification({ returned }), isGenuine), [{ mail, isProven: true }]);

  const attempt = received.parsed.headers.get('x-pm-metadata-attempt');
  const body = { RecordType: 'Bounce', Type: 'HardBounce', ID: 1, Metadata: { attempt } };
  const authorization = `Basic ${Buffer.from('postmark:a long password').toString('base64')}`;
  const request = { headers: { authorization }, body: Buffer.from(JSON.stringify(body)), now: new Date() };
  t.match(await postmarkChannel('postmark:a long password').read(request), [{ mail, isProven: true }]);
});

t.test('a mail that arrived although the connection ended before the reply is not sent again', async (t) => {
  const [smtp, imap] = [await startMoodyServer(() => 'takes-and-drops'), await startImapServer()];
  t.teardown(() => smtp.close());
  t.teardown(() => imap.close());
  const { invite, metrics, shown, waitingMails } = await startedService(t, {
    SMTP_URL: smtp.url,
    IMAP_URL: `${imap.url}?moveTo=Reports`,
  });
  const { mail, history } = await invite('there@example.com');
  await until(async () => (await waitingMails()).some(({ attempt }) => attempt === 2), 'it is to be tried again');
  await until(async () => (await shown('there@example.com'))?.delivery === 'deferred', 'it is shown as deferred');
  t.match(await shown('there@example.com'), { delivery_next_at: /Z$/ });
  const { attemptId: envelopeId = '' } = smtp.copies[0] ?? {};
  const arrived = { action: 'delivered', status: '2.0.0', diagnostic: 'smtp; 250 2.0.0 taken' };
  const report = imap.deliver(notification({ envelopeId, ...arrived }));
  await until(() => report.mailbox === 'Reports', 'the report is dealt with');
  t.strictSame((await history()).slice(1), [
    'InvitationEmailAttempted',
    'InvitationEmailDeferred',
    'InvitationEmailDelivered',
  ]);
  await until(async () => (await waitingMails()).length === 0, 'no mail waits any more');
  await until(async () => (await shown('there@example.com'))?.delivery === 'delivered', 'it is shown as delivered');
  t.match(await shown('there@example.com'), { delivery_next_at: null, delivery_attempt: mail.attempt });
  t.equal(smtp.copies.length, 1);
  const told = await metrics();
  t.match(told, 'delivery_reports_total{source="dsn",kind="delivered",outcome="recorded"} 1\n');
  t.match(told, 'mails_total{kind="invitation",outcome="deferred"} 1\n');
});

t.test('a mail that comes back into the mailbox ends mails to its address', async (t) => {
  let isAway = false;
  const instead = () => (isAway ? 'hang up' : undefined);
  const [smtp, imap] = [await startReceivingServer(), await startImapServer({ instead })];
  t.teardown(() => smtp.close());
  t.teardown(() => imap.close());
  const { invite, metrics, checks } = await startedService(t, {
    SMTP_URL: smtp.url,
    IMAP_URL: `${imap.url}?moveTo=Reports`,
  });
  const { history, historyOfAddress } = await invite('gone@example.com');
  const { parsed } = await until(() => smtp.received[0], 'the mail is sent');
  await until(async () => (await history()).includes('InvitationEmailSent'), 'the mail is taken');
  const message = imap.deliver(notification({ envelopeId: String(parsed.headers.get('x-attempt-id')) }));
  await until(() => message.mailbox === 'Reports', 'the report is dealt with');
  t.equal((await history()).at(-1), 'InvitationEmailBounced');
  t.strictSame(await historyOfAddress(), ['AddressSuppressed']);
  await until(async () => (await metrics()).includes('\nmailbox_reader_connected 1\n'), 'the mailbox is watched');
  t.match(await metrics(), 'mailbox_messages_total{outcome="report"} 1\n');
  t.match(await metrics(), 'delivery_reports_total{source="dsn",kind="permanent",outcome="recorded"} 1\n');
  t.strictSame((await checks())['mailbox'], { ok: true });

  isAway = true;
  imap.deliver(notification());
  const failing = await until(async () => {
    const { mailbox } = (await checks()) as { readonly mailbox: { readonly ok: boolean; readonly detail?: string } };
    return mailbox.detail === undefined ? undefined : mailbox;
  }, 'it shows that the mailbox is away');
  t.match(failing, { ok: true, detail: /^the mailbox of reports cannot be read since 20/ });
  t.match(await metrics(), /\nmailbox_reader_connected 0\n/);
});
