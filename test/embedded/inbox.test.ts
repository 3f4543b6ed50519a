import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import nodemailer, { type SendMailOptions } from 'nodemailer';
import t, { type Test } from 'tap';
import { EmbeddedError } from '../../src/embedded/embedded-error.js';
import { type Inbox, type InboxOptions, startInbox } from '../../src/embedded/inbox.js';
import { silent } from '../support/silent-logger.js';
import { otherAddresses } from './other-addresses.js';

t.test('a mail is kept with what the envelope and the mail say', async (t) => {
  const inbox = await start(t);
  await send(inbox, {
    from: 'Acme <invitations@example.com>',
    to: 'Zoë <zoe@example.org>',
    bcc: 'hidden@example.org',
    subject: 'Einladung für Zoë',
    messageId: '<first@example.com>',
    text: 'Hello (https://example.com/accept#abc).',
    html: '<p><a href="https://example.com/accept?a=1&amp;b&#x3D;2#abc">Accept</a> <a href="mailto:a@example.com">?</a></p>',
  });

  const [id = ''] = inbox.ids();
  const message = await inbox.message(id);

  t.match(message, {
    id,
    from: '"Acme" <invitations@example.com>',
    to: ['zoe@example.org', 'hidden@example.org'],
    subject: 'Einladung für Zoë',
    text: 'Hello (https://example.com/accept#abc).',
    html: /^<p><a href=/,
    headers: { 'message-id': '<first@example.com>', 'return-path': '<invitations@example.com>' },
    receivedAt: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
  });
  t.strictSame(message?.links, ['https://example.com/accept?a=1&b=2#abc', 'https://example.com/accept#abc']);
  t.ok(Math.abs(Date.now() - Date.parse(message?.receivedAt ?? '')) < 60_000, 'received just now');
});

t.test('mails are listed newest first, and found by recipient in any case', async (t) => {
  const inbox = await start(t);
  for (const [to, subject] of [
    ['ana@example.com', 'one'],
    ['Ben@Example.com', 'two'],
    ['ana@example.com', 'three'],
  ]) {
    await send(inbox, { to, subject });
  }

  t.strictSame(await subjects(inbox), ['three', 'two', 'one']);
  t.strictSame(await subjects(inbox, 'ANA@example.com'), ['three', 'one']);
  t.strictSame(await subjects(inbox, 'ben@example.com'), ['two']);
  t.strictSame(await subjects(inbox, 'example.com'), []);
});

t.test('mails sent at once over many connections are all kept, each under an id of its own', async (t) => {
  const inbox = await start(t);
  const transport = nodemailer.createTransport({ url: inbox.smtpUrl, pool: true, maxConnections: 5 });
  t.teardown(() => transport.close());
  const wanted = Array.from({ length: 60 }, (_, index) => `number ${index}`);
  await Promise.all(
    wanted.map((subject) => transport.sendMail({ from: 'a@example.com', to: 'b@example.com', subject })),
  );

  t.strictSame((await subjects(inbox)).sort(), wanted.sort());
  t.strictSame(inbox.ids(), inbox.ids().sort().reverse());
});

t.test('a restart keeps the mails, and what came later still comes later', async (t) => {
  const directory = t.testdir();
  const first = await start(t, { directory });
  await send(first, { to: 'ana@example.com', subject: 'before' });
  const before = await first.messages(first.ids());
  await first.close();

  const second = await start(t, { directory });

  t.strictSame(await second.messages(second.ids('ana@example.com')), before);
  await send(second, { to: 'ana@example.com', subject: 'after' });
  t.strictSame(await subjects(second, 'ana@example.com'), ['after', 'before']);
});

t.test('a clock that goes back does not put a new mail behind older ones', async (t) => {
  const directory = t.testdir({
    '29990101T000000000-0009.eml': 'Delivered-To: x@example.com\r\nSubject: future\r\n\r\n',
  });
  const inbox = await start(t, { directory });
  await send(inbox, { to: 'ana@example.com', subject: 'now' });

  t.strictSame(inbox.ids(), ['29990101T000000000-0010', '29990101T000000000-0009']);
});

t.test('every mail that was acknowledged before the process was killed is there after it', async (t) => {
  const directory = t.testdir();
  const service = spawn(process.execPath, [fileURLToPath(new URL('inbox-service.js', import.meta.url)), directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.teardown(() => service.kill('SIGKILL'));
  const transport = nodemailer.createTransport({ url: await firstLine(service), pool: true, maxConnections: 3 });
  t.teardown(() => transport.close());
  const acknowledged: string[] = [];
  const sent = Array.from({ length: 200 }, async (_, index) => {
    const subject = `number ${index}`;
    await transport.sendMail({ from: 'a@example.com', to: 'b@example.com', subject, text: 'x'.repeat(10_000) });
    acknowledged.push(subject);
    if (acknowledged.length === 40) service.kill('SIGKILL');
  });
  await Promise.allSettled(sent);

  const inbox = await start(t, { directory });
  const kept = new Map((await inbox.messages(inbox.ids())).map(({ subject, text }) => [subject, text.length]));

  t.strictSame(
    acknowledged.filter((subject) => (kept.get(subject) ?? 0) < 10_000),
    [],
  );
  t.ok(acknowledged.length < 200, 'it was killed while mails were on their way');
  t.strictSame(
    (await readdir(directory)).filter((name) => !name.endsWith('.eml')),
    [],
    'nothing half-written is left',
  );
});

t.test('only the newest are kept, in the folder too', async (t) => {
  const directory = t.testdir();
  const inbox = await start(t, { directory, capacity: 2 });
  for (const subject of ['one', 'two', 'three']) await send(inbox, { to: 'ana@example.com', subject });

  t.strictSame(await subjects(inbox), ['three', 'two']);
  t.strictSame((await readdir(directory)).length, 2);
});

t.test('deleting all leaves an empty folder', async (t) => {
  const directory = t.testdir();
  const inbox = await start(t, { directory });
  await send(inbox, { to: 'ana@example.com', subject: 'one' });

  await inbox.clear();

  t.strictSame(inbox.ids(), []);
  t.strictSame(await readdir(directory), []);
});

t.test('only mails are read, whatever the id says', async (t) => {
  const directory = t.testdir({ inbox: {}, 'secret.eml': 'secret' });
  const inbox = await start(t, { directory: join(directory, 'inbox') });

  t.equal(await inbox.raw('../secret'), undefined);
  t.equal(await inbox.message('../secret'), undefined);
});

t.test('a mail whose file somebody deleted is no longer there', async (t) => {
  const directory = t.testdir({ '20240131T235959123-0000.eml': 'Subject: x\r\n\r\n' });
  const inbox = await start(t, { directory });
  t.strictSame((await inbox.message('20240131T235959123-0000'))?.receivedAt, '2024-01-31T23:59:59.123Z');

  await rm(join(directory, '20240131T235959123-0000.eml'));

  t.strictSame(await inbox.messages(inbox.ids()), []);
});

t.test('an address beyond ASCII is taken', async (t) => {
  const inbox = await start(t);
  await send(inbox, { to: 'josé@exämple.org', subject: 'Olá' });

  const [message] = await inbox.messages(inbox.ids());
  t.strictSame(message?.to[0]?.split('@')[0], 'josé');
});

t.test('a mail that is too large is refused for good, and the connection goes on', async (t) => {
  const inbox = await start(t);
  const transport = nodemailer.createTransport({ url: inbox.smtpUrl, pool: true, maxConnections: 1 });
  t.teardown(() => transport.close());
  const mail = { from: 'a@example.com', to: 'b@example.com', subject: 'large' };

  const large = transport.sendMail({ ...mail, text: `${'x'.repeat(70)}\n`.repeat(160_000) });

  t.match(await large.catch((error: unknown) => error), { responseCode: 552 });
  const { response } = await transport.sendMail({ ...mail, subject: 'small' });
  t.match(response, /^250 2\.6\.0 kept as \S+$/, 'in one line, with one code of each kind');

  t.strictSame(await subjects(inbox), ['small']);
});

t.test('a mail that cannot be written is refused for now, not acknowledged', async (t) => {
  const directory = t.testdir({ inbox: {} });
  const inbox = await start(t, { directory: join(directory, 'inbox') });
  await rm(join(directory, 'inbox'), { recursive: true });

  const refused = send(inbox, { to: 'ana@example.com', subject: 'lost?' });

  t.match(await refused.catch((error: unknown) => error), { responseCode: 450 });
  t.strictSame(inbox.ids(), []);
});

t.test('a taken port is refused in words that name the port and the setting', async (t) => {
  const blocker = createServer().listen(0, '127.0.0.1');
  await once(blocker, 'listening');
  t.teardown(() => blocker.close());
  const address = blocker.address();
  const port = typeof address === 'object' && address ? address.port : 0;

  const error = await start(t, { port }).catch((reason: unknown) => reason);

  t.ok(error instanceof EmbeddedError);
  t.match(error, { code: 'port-taken', message: new RegExp(`Port ${port} .* INBOX_SMTP_PORT`) });
});

t.test('a folder that cannot be made is refused in words', async (t) => {
  const directory = t.testdir();
  await writeFile(join(directory, 'file'), '');

  await t.rejects(start(t, { directory: join(directory, 'file', 'inbox') }), { code: 'data-folder-not-writable' });
});

t.test('only this machine can hand in mails', async (t) => {
  const inbox = await start(t);

  t.equal(inbox.smtpUrl, `smtp://127.0.0.1:${inbox.port}`);
  for (const address of otherAddresses()) {
    await t.rejects(once(connect(inbox.port, address), 'connect'), { code: 'ECONNREFUSED' });
  }
});

async function start(t: Test, options: Partial<InboxOptions> = {}): Promise<Inbox> {
  const inbox = await startInbox({ directory: options.directory ?? t.testdir(), logger: silent, ...options });
  t.teardown(() => inbox.close());
  return inbox;
}

async function send(inbox: Inbox, mail: SendMailOptions): Promise<void> {
  const transport = nodemailer.createTransport(inbox.smtpUrl);
  await transport.sendMail({ from: 'sender@example.com', ...mail });
}

async function subjects(inbox: Inbox, to?: string): Promise<string[]> {
  return (await inbox.messages(inbox.ids(to))).map(({ subject }) => subject);
}

async function firstLine(service: ChildProcess): Promise<string> {
  if (!service.stdout) throw new Error('the service has no output');
  const [line] = await once(createInterface(service.stdout), 'line');
  return String(line);
}
