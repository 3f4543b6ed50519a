import t, { type Test } from 'tap';

import type { DeliveryReports } from '../../src/commands/delivery-reports.js';
import { attemptName } from '../../src/domain/membership/mail-reference.js';
import { addressStream, membershipStream } from '../../src/domain/streams.js';
import { openImapMailbox } from '../../src/inbound/mailbox/imap-mailbox.js';
import { imapSettings } from '../../src/inbound/mailbox/imap-settings.js';
import { MailboxReader } from '../../src/inbound/mailbox/mailbox-reader.js';
import { waitToLead } from '../../src/projecting/leadership.js';
import { contextOf, openTestCore } from '../support/core.js';
import { anyMail } from '../support/mail-content.js';
import { until } from '../support/until.js';
import { type ImapScript, type ImapServer, PASSWORD, startImapServer } from './imap-server.js';
import { notification } from './notifications.js';

const test = await openTestCore(t);
const { core, eventTypes } = test;
const { workspaceId, ownerId } = await test.foundWorkspace();

/** Invites somebody, and mails them as the worker does. */
async function mailed(name: string) {
  const invitee = test.invitee(`${name}@example.com`);
  const { state } = await core.invitations.invite(workspaceId, ownerId, invitee, contextOf(ownerId));
  const link = { invitationId: state.invitation?.id ?? '', issue: 1 };
  await core.emails.begin(link, '<1@example.com>', anyMail, contextOf(ownerId));
  const attempt = { ...link, attempt: 1 };
  await core.emails.record({ ...attempt, outcome: 'sent', reply: '250 ok' }, contextOf(ownerId));
  const envelopeId = attemptName(attempt, core.attemptProofs.prove(attempt));
  const stream = membershipStream({ workspaceId, userId: invitee.userId });
  const bounces = async () => (await eventTypes(stream)).filter((type) => type === 'InvitationEmailBounced').length;
  return { notification: notification({ envelopeId }), bounces, addressStream: addressStream(invitee.userId) };
}

interface Reading {
  readonly server: ImapServer;
  readonly reader: MailboxReader;
  /** What the messages were that were dealt with. */
  readonly kinds: string[];
  readonly log: string[];
}

interface ReadingOptions {
  readonly script?: ImapScript;
  readonly url?: (url: string) => string;
  readonly deliveryReports?: Pick<DeliveryReports, 'recordAll'>;
  /** Reads the mailbox of another reader. */
  readonly server?: ImapServer;
}

async function reading(t: Test, options: ReadingOptions = {}): Promise<Reading> {
  const { script = {}, url = (same) => same, deliveryReports = core.deliveryReports } = options;
  const server = options.server ?? (await startImapServer(script));
  if (!options.server) t.teardown(() => server.close());
  const settings = imapSettings(url(server.url));
  const [kinds, log]: [string[], string[]] = [[], []];
  const line = (fields: object, message: string) => void log.push(JSON.stringify({ ...fields, message }));
  const reader = new MailboxReader({
    open: (signal) => openImapMailbox(settings, signal),
    lead: (signal) => waitToLead(core.databaseUrl, `mailbox reader of ${t.name}`, signal),
    deliveryReports,
    isGenuine: core.attemptProofs.isGenuine,
    now: core.now,
    logger: { debug: line, info: line, warn: line, error: line },
    observer: { message: (kind) => kinds.push(kind), report: () => {} },
    shortestPause: 10,
  });
  reader.start();
  t.teardown(() => reader.stop());
  return { server, reader, kinds, log };
}

t.test('a report that arrives while the mailbox is watched is recorded, marked and moved', async (t) => {
  const { server, kinds, reader } = await reading(t, { url: (url) => `${url}?moveTo=Reports` });
  await until(() => server.isIdled, 'the reader waits in IDLE');
  t.match(reader.standing, { state: 'reading' });
  const mail = await mailed('gone');
  const message = server.deliver(mail.notification);
  await until(() => message.mailbox === 'Reports', 'the report is moved');
  t.strictSame([...message.flags], ['$Reported', '\\Seen']);
  t.equal(await mail.bounces(), 1);
  t.strictSame(await eventTypes(mail.addressStream), ['AddressSuppressed']);
  t.strictSame(kinds, ['report']);
});

t.test('what lay there before is read too, and mail for people stays unread', async (t) => {
  const server = await startImapServer();
  t.teardown(() => server.close());
  const mail = await mailed('before');
  const outOfOffice = server.deliver(
    Buffer.from('From: ana@example.com\r\nSubject: Out of office\r\n\r\nBack on Monday.\r\n'),
  );
  const report = server.deliver(mail.notification);
  const ofOthers = server.deliver(notification({ envelopeId: 'QQ314159' }));
  const { kinds } = await reading(t, { server });
  await until(() => server.isIdled, 'all of it is read');
  t.strictSame(kinds, ['other', 'report', 'other']);
  for (const message of [outOfOffice, ofOthers]) t.strictSame([...message.flags], ['$Reported']);
  t.strictSame([...report.flags], ['$Reported', '\\Seen']);
  t.ok(server.commands.filter((command) => command.startsWith('FETCH')).every((command) => !/BODY\[/.test(command)));
});

t.test('what is too large to be a report is flagged for a person, and nobody fetches it', async (t) => {
  const server = await startImapServer();
  t.teardown(() => server.close());
  const mail = await mailed('large');
  const large = server.deliver(Buffer.concat([mail.notification, Buffer.alloc(3 * 1024 * 1024, 'x')]));
  const next = await mailed('next');
  server.deliver(next.notification);
  const { kinds, log } = await reading(t, { server });
  await until(() => server.isIdled, 'the mailbox is read');
  t.strictSame(kinds, ['unreadable', 'report']);
  t.strictSame([...large.flags], ['$Reported', '\\Flagged']);
  t.notOk(server.commands.some((command) => command.startsWith(`FETCH ${large.uid}`) && command.includes('BODY')));
  t.strictSame([await mail.bounces(), await next.bounces()], [0, 1]);
  t.match(log.join('\n'), /cannot be read: it is flagged/);
});

t.test('cut off after a report was recorded, and before it was marked, it is recorded once', async (t) => {
  let cuts = 2;
  const instead = (command: string) => (command.startsWith('STORE') && cuts-- > 0 ? 'hang up' : undefined);
  const { server, kinds } = await reading(t, { script: { instead } });
  await until(() => server.isIdled, 'the reader waits');
  const mail = await mailed('cut');
  const message = server.deliver(mail.notification);
  await until(() => message.flags.has('$Reported'), 'the report is marked');
  t.equal(await mail.bounces(), 1);
  t.equal((await eventTypes(mail.addressStream)).length, 1);
  t.strictSame(kinds, ['report', 'report', 'report']);
});

t.test('of two processes one reads, and the other goes on when it ends', async (t) => {
  const one = await reading(t);
  const { server } = one;
  await until(() => server.isIdled, 'one reads');
  const two = await reading(t, { server });
  const first = await mailed('first');
  server.deliver(first.notification);
  await until(() => one.kinds.length === 1, 'one has read it');
  t.equal(server.open, 1);
  t.match([one.reader.standing, two.reader.standing], [{ state: 'reading' }, { state: 'standing-by' }]);
  await one.reader.stop();
  await until(() => two.reader.standing.state === 'reading', 'the other reads');
  const second = await mailed('second');
  server.deliver(second.notification);
  await until(() => two.kinds.length === 1, 'the other has read the next');
  t.strictSame([await first.bounces(), await second.bounces()], [1, 1]);
});

t.test('while nothing can be recorded, nothing is marked', async (t) => {
  let isDown = true;
  let tries = 0;
  const deliveryReports: Pick<DeliveryReports, 'recordAll'> = {
    async recordAll(...told) {
      tries++;
      if (isDown) throw new Error('the store cannot be reached');
      return core.deliveryReports.recordAll(...told);
    },
  };
  const { server, reader } = await reading(t, { deliveryReports });
  const mail = await mailed('waiting');
  const message = server.deliver(mail.notification);
  await until(() => tries > 1 && reader.standing.state === 'failing', 'it is tried again');
  t.strictSame([...message.flags], []);
  t.type(reader.standing.since, Date);
  isDown = false;
  await until(() => message.flags.has('$Reported'), 'the report is marked');
  await until(() => reader.standing.state === 'reading', 'all is well');
  t.equal(await mail.bounces(), 1);
});

t.test('a server that keeps no keywords has what was read marked as read', async (t) => {
  const { server } = await reading(t, { script: { keepsKeywords: false } });
  await until(() => server.isIdled, 'the reader waits');
  const mail = await mailed('plain');
  const message = server.deliver(mail.notification);
  await until(() => message.flags.has('\\Seen'), 'the report is marked');
  await until(() => server.isIdled, 'the reader waits again');
  t.strictSame([...message.flags], ['\\Seen']);
  t.equal(await mail.bounces(), 1);
  t.equal(server.commands.filter((command) => command.startsWith(`STORE ${message.uid} `)).length, 1);
});

t.test('what only an operator can mend is told, and the password is not tried again and again', async (t) => {
  for (const [what, url, reason] of [
    ['password', (url: string) => url.replace(encodeURIComponent(PASSWORD), 'wrong'), 'refuses user or password'],
    ['moveTo', (url: string) => `${url}?moveTo=Elsewhere`, 'no mailbox of the name in moveTo'],
  ] as const) {
    const { server, reader, log } = await reading(t, { url });
    await until(() => reader.standing.state === 'failing', `it fails for its ${what}`);
    await until(() => server.open === 0, 'the connection is closed');
    t.match(log, [new RegExp(`"pauseSeconds":300,"reason":"[^"]*${reason}`)]);
    t.equal(server.commands.filter((command) => command.startsWith('LOGIN')).length, 1);
    await reader.stop();
  }
});

t.test('nothing that is told in confidence is in the log', async (t) => {
  const instead = (command: string) => (command.startsWith('SEARCH') ? 'NO ask bounces@example.com' : undefined);
  for (const [index, options] of [
    {},
    { script: { instead } },
    { url: (url: string) => url.replace(encodeURIComponent(PASSWORD), 'wrong%20word') },
  ].entries()) {
    const { server, reader, log } = await reading(t, options);
    const mail = await mailed(`private-${index}`);
    server.deliver(mail.notification);
    await until(() => server.isIdled || reader.standing.state === 'failing', 'there is something to log');
    await reader.stop();
    t.not(log.length, 0);
    t.notMatch(log.join('\n'), /@|known to nobody|wrong word|private/);
  }
});

t.test('stopping ends the connection, whatever it waits for', async (t) => {
  const { server, reader } = await reading(t);
  await until(() => server.isIdled, 'the reader waits');
  await reader.stop();
  await until(() => server.open === 0, 'the connection is closed');
  const silent = await reading(t, {
    script: { instead: (command) => (command.startsWith('SELECT') ? 'say nothing' : undefined) },
  });
  await until(() => silent.server.commands.some((command) => command.startsWith('SELECT')), 'the server says nothing');
  await silent.reader.stop();
  t.pass('it stopped');
});
