import { connect } from 'node:net';
import t from 'tap';
import { messageId } from '../../src/mail/message-id.js';
import { aMail, aMailer } from './a-mail.js';
import { type ReceivedMail, startReceivingServer } from './receiving-server.js';
import { startScriptedServer } from './scripted-server.js';

t.test('a mail arrives as it was given, in two parts, marked as sent by a machine', async (t) => {
  const server = await startReceivingServer();
  t.teardown(server.close);
  const outcome = await aMailer(t, server.url).send(
    aMail({
      to: { address: 'jane@example.org', name: 'Jäne "JJ" Doe 🚀' },
      subject: 'Zoë lädt dich ein: 例子 🎉',
      html: '<p>Grüße &amp; 🎉</p>',
      text: 'Grüße & 🎉\n.\n..\nFrom here',
      messageId: '<abc.1@example.com>',
    }),
  );
  t.strictSame(outcome, { outcome: 'sent', reply: '250 2.0.0 taken', code: 250, enhancedCode: '2.0.0' });
  const [mail] = server.received;
  t.strictSame([mail?.from, mail?.to], ['invitations@example.com', ['jane@example.org']]);
  const { subject, html, text, messageId, from, to, headers, date } = (mail as ReceivedMail).parsed;
  t.strictSame(
    { subject, html, text: text?.trimEnd(), messageId },
    {
      subject: 'Zoë lädt dich ein: 例子 🎉',
      html: '<p>Grüße &amp; 🎉</p>',
      text: 'Grüße & 🎉\n.\n..\nFrom here',
      messageId: '<abc.1@example.com>',
    },
  );
  t.match(from, { value: [{ name: 'Workspace invitations', address: 'invitations@example.com' }] });
  t.match(to, { value: [{ name: 'Jäne "JJ" Doe 🚀', address: 'jane@example.org' }] });
  t.equal(headers.get('auto-submitted'), 'auto-generated');
  t.equal(headers.get('x-auto-response-suppress'), 'All');
  t.equal((headers.get('content-type') as { value: string }).value, 'multipart/alternative');
  t.ok(Math.abs(Date.now() - Number(date)) < 60_000, 'dated now');
  t.match(mail?.raw, /charset=utf-8/i);
});

t.test('a mail says where answers go, what it belongs to and where to turn it off', async (t) => {
  const server = await startReceivingServer();
  t.teardown(server.close);
  const mailer = aMailer(t, server.url);
  await mailer.send(
    aMail({
      replyTo: { address: 'olivia@example.org', name: 'Olívia "O" Owner' },
      list: { id: 'acme.invitations.example.com', name: 'Acme, Inc.' },
      unsubscribeUrl: 'https://app.example.com/preferences',
    }),
  );
  await mailer.send(aMail());
  const [full, plain] = server.received.map(({ parsed }) => parsed);
  t.match(full?.from, { value: [{ address: 'invitations@example.com' }] });
  t.match(full?.replyTo, { value: [{ address: 'olivia@example.org', name: 'Olívia "O" Owner' }] });
  t.match(full?.headers.get('list'), {
    id: { id: 'acme.invitations.example.com', name: 'Acme, Inc.' },
    unsubscribe: { url: 'https://app.example.com/preferences' },
  });
  t.match(server.received[0]?.raw, /^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m, 'RFC 8058');
  t.match(server.received[0]?.raw, /^List-ID: "?Acme, Inc\.?"? <acme\.invitations\.example\.com>\r$/im);
  t.notOk(plain?.headers.has('list-unsubscribe-post'));
  t.notOk(plain?.headers.has('list') || plain?.headers.has('reply-to'));
});

t.test('no text can add a header or a recipient', async (t) => {
  const server = await startReceivingServer();
  t.teardown(server.close);
  const mailer = aMailer(t, server.url);
  const smuggled = 'x\r\nBcc: eve@example.net\r\nX-Evil: yes\r\n\r\nbody';
  await mailer.send(aMail({ subject: smuggled }));
  await mailer.send(aMail({ to: { address: 'jane@example.org', name: smuggled } }));
  await mailer.send(aMail({ to: { address: 'jane@example.org', name: 'x" <eve@example.net>, "y' } }));
  await mailer.send(aMail({ messageId: '<1@example.com>\r\nX-Evil: yes' }));
  await mailer.send(aMail({ replyTo: { address: 'olivia@example.org', name: smuggled } }));
  await mailer.send(aMail({ list: { id: 'a.example.com', name: smuggled } }));
  await mailer.send(aMail({ text: 'x\r\n.\r\nRCPT TO:<eve@example.net>\r\n' }));
  t.equal(server.received.length, 7);
  for (const { to, parsed } of server.received) {
    t.strictSame(to, ['jane@example.org']);
    t.notOk(parsed.headers.has('x-evil') || parsed.headers.has('bcc'), 'no header more');
    t.match(parsed.to, { value: [{ address: 'jane@example.org' }] });
  }
});

t.test('an address with a line break or a second recipient goes to nobody', async (t) => {
  const server = await startReceivingServer();
  t.teardown(server.close);
  const mailer = aMailer(t, server.url);
  for (const address of ['', 'jane@example.org\r\nRCPT TO:<eve@example.net>', 'jane@example.org>,<eve@example.net']) {
    const { outcome } = await mailer.send(aMail({ to: { address } }));
    t.not(outcome, 'deferred', address);
  }
  t.notOk(server.received.some(({ to }) => to.includes('eve@example.net')));
});

t.test('two hundred mails go through a pool of connections, each once', async (t) => {
  const server = await startReceivingServer();
  t.teardown(server.close);
  const mailer = aMailer(t, server.url, { connections: 3 });
  const ids = Array.from({ length: 200 }, (_, index) => `<${index}@example.com>`);
  const outcomes = await Promise.all(ids.map((id) => mailer.send(aMail({ messageId: id }))));
  t.ok(outcomes.every(({ outcome }) => outcome === 'sent'));
  t.strictSame(new Set(server.received.map(({ parsed }) => parsed.messageId)), new Set(ids));
  t.equal(server.received.length, 200);
  t.ok(server.connections <= 3, `${server.connections} connections`);
});

t.test('closing lets the mails under way arrive, takes no more, and leaves no connection', async (t) => {
  const server = await startReceivingServer();
  t.teardown(server.close);
  const mailer = aMailer(t, server.url, { connections: 2 });
  const sending = Array.from({ length: 20 }, () => mailer.send(aMail()));
  await mailer.close();
  t.ok((await Promise.all(sending)).every(({ outcome }) => outcome === 'sent'));
  t.strictSame(await mailer.send(aMail()), { outcome: 'deferred', reply: 'this service is shutting down' });
  await mailer.close();
});

t.test('goes on after the server was away', async (t) => {
  const server = await startReceivingServer();
  const mailer = aMailer(t, server.url);
  t.match(await mailer.send(aMail()), { outcome: 'sent' });
  await server.close();
  t.strictSame(await mailer.send(aMail()), { outcome: 'deferred', reply: 'the mail server cannot be reached' });
  await t.rejects(mailer.verify());
  const again = await startReceivingServer({}, server.port);
  t.teardown(again.close);
  t.match(await mailer.send(aMail()), { outcome: 'sent' });
  await mailer.verify();
});

t.test('a mail that is tried again has the same Message-ID', async (t) => {
  const server = await startReceivingServer();
  t.teardown(server.close);
  const mailer = aMailer(t, server.url);
  const mail = aMail({ messageId: messageId(['invitation', 'i1', 1], 'example.com') });
  server.refuse({ at: 'DATA', reply: '451 4.3.0 try later' });
  t.match(await mailer.send(mail), { outcome: 'deferred' });
  server.refuse(undefined);
  t.match(await mailer.send(mail), { outcome: 'sent' });
  t.equal(server.received[0]?.parsed.messageId, messageId(['invitation', 'i1', 1], 'example.com'));
});

t.test('asks for a login only where it has one, and tells the operator when it is refused', async (t) => {
  const server = await startReceivingServer({
    authOptional: false,
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, done) =>
      password === 'p@ss word' ? done(null, { user: username }) : done(new Error('who are you')),
  });
  t.teardown(server.close);
  const errors: object[] = [];
  const logger = { debug() {}, info() {}, warn() {}, error: (fields: object) => errors.push(fields) };
  const urlWith = (login: string) => `smtp://${login}@127.0.0.1:${server.port}`;
  t.match(await aMailer(t, urlWith('jane:p%40ss%20word'), { logger }).send(aMail()), { outcome: 'sent' });
  t.strictSame(errors, []);
  const refused = aMailer(t, urlWith('jane:wrong'), { logger });
  t.strictSame(await refused.send(aMail()), {
    outcome: 'deferred',
    reply: 'the mail server does not let this service in',
    code: 535,
  });
  await t.rejects(refused.verify(), { code: 'EAUTH' });
  t.match(errors, [{ code: 'EAUTH' }]);
  t.match(await aMailer(t, server.url, { logger }).send(aMail()), { outcome: 'deferred', code: 530 });
  t.equal(errors.length, 2);
  t.notMatch(JSON.stringify(errors), /wrong|jane@example/);
});

t.test(
  'speaks TLS where the server offers it, and defers a mail rather than trust a certificate it does not know',
  async (t) => {
    let isSecure: boolean | undefined;
    const server = await startReceivingServer({
      disabledCommands: [],
      onMailFrom: (_address, session, done) => {
        isSecure = session.secure;
        done();
      },
    });
    t.teardown(server.close);
    const errors: object[] = [];
    const logger = { debug() {}, info() {}, warn() {}, error: (fields: object) => errors.push(fields) };
    t.match(await aMailer(t, server.url, { logger }).send(aMail()), {
      outcome: 'deferred',
      reply: 'no secure connection to the mail server could be made',
    });
    t.match(errors, [{ reason: /certificate/ }]);
    t.match(await aMailer(t, `${server.url}?tls.rejectUnauthorized=false`).send(aMail()), { outcome: 'sent' });
    t.equal(isSecure, true);
    const plain = await startReceivingServer();
    t.teardown(plain.close);
    t.match(await aMailer(t, `${plain.url}?requireTLS=true`).send(aMail()), { outcome: 'deferred' });
    t.equal(plain.received.length, 0);
  },
);

t.test('a server is reached by an IPv6 address', { skip: !(await hasIpv6()) }, async (t) => {
  const server = await startReceivingServer();
  t.teardown(server.close);
  const mailer = aMailer(t, `smtp://[::ffff:127.0.0.1]:${server.port}`);
  t.match(await mailer.send(aMail()), { outcome: 'sent' });
});

/** Containers may be without. */
function hasIpv6(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '::1', port: 9 });
    socket
      .on('connect', () => resolve(true))
      .on('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED'));
  });
}

t.test('an attempt is named in a header, and in the envelope where the server can report on it', async (t) => {
  const attemptId = `${'w'.repeat(26)}.${'p'.repeat(26)}.1.1.2`;
  for (const [offers, dsn] of [
    ['250-localhost\r\n250-DSN\r\n250 8BITMIME', ` RET=HDRS ENVID=${attemptId}`],
    ['250-localhost\r\n250 8BITMIME', ''],
  ] as const) {
    const lines: string[] = [];
    const server = await startScriptedServer({
      answers: { EHLO: offers },
      inData: (line, socket) => {
        lines.push(line);
        if (line === '.') socket.write('250 2.0.0 taken\r\n');
      },
    });
    t.teardown(server.close);
    await aMailer(t, server.url).send(aMail({ attemptId }));
    t.equal(
      server.commands.find((line) => line.startsWith('MAIL')),
      `MAIL FROM:<invitations@example.com>${dsn}`,
    );
    const notify = dsn === '' ? '' : ' NOTIFY=FAILURE,DELAY';
    t.match(
      server.commands.find((line) => line.startsWith('RCPT')),
      new RegExp(`^RCPT TO:<jane@example.org>${notify}`),
    );
    const unfolded = lines.join('\n').replace(/\n(?=\s)/g, '');
    t.match(unfolded.toLowerCase(), `\nx-attempt-id: ${attemptId}\n`);
  }
});

t.test('bounces come back to the sender of the envelope, who is not the one that people see', async (t) => {
  const server = await startReceivingServer();
  t.teardown(server.close);
  const attemptHeaders = ['X-Attempt-Id', 'X-PM-Metadata-attempt'];
  const mailer = aMailer(t, server.url, { attemptHeaders });
  await mailer.send(aMail({ returnPath: 'bounces+token@example.com', attemptId: 'a.1.1' }));
  const [mail] = server.received;
  t.equal(mail?.from, 'bounces+token@example.com');
  t.equal(mail?.parsed.from?.value[0]?.address, 'invitations@example.com');
  for (const name of attemptHeaders) t.equal(mail?.parsed.headers.get(name.toLowerCase()), 'a.1.1');
});
