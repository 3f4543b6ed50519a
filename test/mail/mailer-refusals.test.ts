import t from 'tap';
import { until } from '../support/until.js';
import { aMail, aMailer } from './a-mail.js';
import { type Refusal, startReceivingServer } from './receiving-server.js';
import { type Script, startScriptedServer } from './scripted-server.js';

const REFUSALS: readonly (readonly [Refusal['at'], string, object])[] = [
  ['RCPT', '421 4.3.2 Service closing', { outcome: 'deferred', code: 421, enhancedCode: '4.3.2' }],
  ['RCPT', '450 4.2.1 Greylisted, try again in 300 s', { outcome: 'deferred', code: 450, enhancedCode: '4.2.1' }],
  ['RCPT', '452 Too many', { outcome: 'deferred', code: 452 }],
  ['RCPT', '550 5.1.1 No such user', { outcome: 'failed', code: 550, enhancedCode: '5.1.1' }],
  ['RCPT', '552 5.2.2 Mailbox full', { outcome: 'failed', code: 552, enhancedCode: '5.2.2' }],
  ['RCPT', '503 5.5.1 Bad sequence', { outcome: 'deferred', code: 503, enhancedCode: '5.5.1' }],
  ['RCPT', '530 5.7.0 Authentication required', { outcome: 'deferred', code: 530, enhancedCode: '5.7.0' }],
  ['DATA', '421 4.3.2 Service closing', { outcome: 'deferred', code: 421, enhancedCode: '4.3.2' }],
  ['DATA', '450 4.7.1 Not now', { outcome: 'deferred', code: 450, enhancedCode: '4.7.1' }],
  ['DATA', '550 Not wanted', { outcome: 'failed', code: 550 }],
  ['DATA', '552 5.3.4 Too big', { outcome: 'failed', code: 552, enhancedCode: '5.3.4' }],
  ['DATA', '554 5.7.1 Spam', { outcome: 'failed', code: 554, enhancedCode: '5.7.1' }],
  ['MAIL', '451 4.7.1 Try later', { outcome: 'deferred', code: 451, enhancedCode: '4.7.1' }],
  ['MAIL', '550 5.7.1 We do not know your domain', { outcome: 'deferred', code: 550, enhancedCode: '5.7.1' }],
];

for (const [at, reply, expected] of REFUSALS) {
  t.test(`"${reply}" at ${at} tells what it means, and the next mail is not harmed`, async (t) => {
    const server = await startReceivingServer();
    t.teardown(server.close);
    const mailer = aMailer(t, server.url, { connections: 1 });
    server.refuse({ at, reply });
    t.strictSame(await mailer.send(aMail()), { reply, ...expected });
    server.refuse(undefined);
    t.match(await mailer.send(aMail()), { outcome: 'sent' });
    t.equal(server.received.length, 1);
  });
}

t.test('a refusal of this service, and not of the recipient, is told to the operator', async (t) => {
  const cases: Script[] = [
    { greeting: '554 5.7.1 Your address is on a list' },
    { answers: { EHLO: '550 no', HELO: '550 no' } },
    { answers: { MAIL: '553 5.1.8 Sender not allowed' } },
    { greeting: 'HTTP/1.1 400 Bad Request' },
  ];
  for (const script of cases) {
    const server = await startScriptedServer(script);
    t.teardown(server.close);
    const errors: object[] = [];
    const logger = { debug() {}, info() {}, warn() {}, error: (fields: object) => errors.push(fields) };
    t.match(await aMailer(t, server.url, { logger }).send(aMail()), { outcome: 'deferred' }, JSON.stringify(script));
    t.equal(errors.length, 1);
  }
});

t.test('a reply in several lines is told in one, with its codes once', async (t) => {
  const server = await startScriptedServer({
    answers: { RCPT: '550-5.1.1 No such user\r\n550-5.1.1 here,\r\n550 5.1.1 sorry \u0007' },
  });
  t.teardown(server.close);
  t.strictSame(await aMailer(t, server.url).send(aMail()), {
    outcome: 'failed',
    reply: '550 5.1.1 No such user here, sorry',
    code: 550,
    enhancedCode: '5.1.1',
  });
});

t.test('a very long reply is cut between characters', async (t) => {
  const server = await startScriptedServer({ answers: { RCPT: `550 ${'😀'.repeat(1000)}` } });
  t.teardown(server.close);
  const { reply } = await aMailer(t, server.url).send(aMail());
  t.equal([...reply].length, 500);
  t.ok(reply.endsWith('😀'));
});

t.test(
  'a connection dropped in the middle of a mail defers it, and it is not sent again behind our back',
  async (t) => {
    const server = await startScriptedServer({ inData: (_line, socket) => socket.destroy() });
    t.teardown(server.close);
    const { outcome, reply } = await aMailer(t, server.url).send(aMail());
    t.equal(outcome, 'deferred');
    t.match(reply, /^the mail server (closed the connection|cannot be reached)$/);
    t.equal(server.commands.filter((command) => command === 'DATA').length, 1);
  },
);

t.test('a connection dropped after the mail, before the answer, defers it: nobody knows', async (t) => {
  const server = await startScriptedServer({ inData: (line, socket) => line === '.' && socket.end() });
  t.teardown(server.close);
  t.match(await aMailer(t, server.url).send(aMail()), {
    outcome: 'deferred',
    reply: 'the mail server closed the connection',
  });
  t.equal(server.commands.filter((command) => command === 'DATA').length, 1);
});

t.test('a connection that the server closed while it was idle costs no mail', async (t) => {
  const server = await startReceivingServer();
  t.teardown(server.close);
  const mailer = aMailer(t, server.url, { connections: 1 });
  t.match(await mailer.send(aMail()), { outcome: 'sent' });
  server.hangUp();
  await until(() => server.open === 0, 'the server has closed the connection');
  t.match(await mailer.send(aMail()), { outcome: 'sent' });
});

t.test('a server that hangs is not waited for for ever, wherever it hangs', async (t) => {
  const hang = () => undefined;
  const hanging: [string, Script][] = [
    ['before the greeting', { greeting: hang }],
    ['after EHLO', { answers: { EHLO: hang } }],
    ['after RCPT', { answers: { RCPT: hang } }],
    ['after the mail', { inData: hang }],
  ];
  for (const [where, script] of hanging) {
    const server = await startScriptedServer(script);
    t.teardown(server.close);
    const mailer = aMailer(t, server.url, { patience: 50, silence: 50 });
    const { outcome, reply } = await mailer.send(aMail());
    t.strictSame([outcome, reply], ['deferred', 'the mail server did not answer in time'], where);
  }
});

t.test('a server that keeps trickling is left at the deadline', async (t) => {
  const server = await startScriptedServer({
    inData: (line, socket) => {
      if (line !== '.') return;
      const trickle = setInterval(() => socket.write('250-wait\r\n'), 5);
      socket.on('close', () => clearInterval(trickle));
    },
  });
  t.teardown(server.close);
  const mailer = aMailer(t, server.url, { deadline: 100 });
  t.strictSame(await mailer.send(aMail()), { outcome: 'deferred', reply: 'the mail server did not finish in time' });
});

t.test('closing gives up on a server that hangs', async (t) => {
  const server = await startScriptedServer({ inData: () => undefined });
  t.teardown(server.close);
  const mailer = aMailer(t, server.url, { drainTime: 50 });
  const sending = mailer.send(aMail());
  await until(() => server.commands.includes('DATA'), 'the mail is under way');
  await mailer.close();
  t.match(await sending, { outcome: 'deferred' });
});

t.test('nothing of a reply or of the network tells where the mail server is', async (t) => {
  const server = await startScriptedServer({});
  await server.close();
  const { reply } = await aMailer(t, server.url).send(aMail());
  t.notMatch(reply, /127|\d{4}/);
  const lost = await aMailer(t, 'smtp://mail.invalid:25', { patience: 5_000 }).send(aMail());
  t.match(lost, { outcome: 'deferred', reply: /^the mail server (cannot be found|did not answer in time)$/ });
});

t.test('an international local part needs a server that takes it', async (t) => {
  const able = await startReceivingServer();
  t.teardown(able.close);
  const jose = aMail({ to: { address: 'josé@xn--bcher-kva.example', name: 'José' } });
  t.match(await aMailer(t, able.url).send(jose), { outcome: 'sent' });
  t.match(able.received[0]?.to, [/^josé@/]);

  const unable = await startReceivingServer({ hideSMTPUTF8: true });
  t.teardown(unable.close);
  const mailer = aMailer(t, unable.url);
  t.match(await mailer.send(jose), { outcome: 'failed', code: 553, enhancedCode: '5.6.7', reply: /SMTPUTF8/ });
  t.match(await mailer.send(aMail({ to: { address: 'jane@xn--bcher-kva.example' } })), { outcome: 'sent' });
  t.equal(unable.received.length, 1);

  const away = await startScriptedServer({});
  await away.close();
  t.match(await aMailer(t, away.url).send(jose), { outcome: 'deferred' });
});
