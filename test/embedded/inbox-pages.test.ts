import { readFile } from 'node:fs/promises';
import helmet from '@fastify/helmet';
import Fastify, { type FastifyInstance } from 'fastify';
import nodemailer, { type SendMailOptions } from 'nodemailer';
import t, { type Test } from 'tap';
import { inboxPages } from '../../src/embedded/inbox/pages.js';
import { type Inbox, startInbox } from '../../src/embedded/inbox.js';
import { silent } from '../support/silent-logger.js';

t.test('an empty inbox says so', async (t) => {
  const { app } = await start(t);

  t.match((await app.inject('/inbox')).body, '<h2>No e-mails yet</h2>');
  t.match((await app.inject('/inbox?to=ana@example.com')).body, '<h2>No e-mail for ana@example.com yet</h2>');
});

t.test('the list shows recipient and subject, newest first, and leads to each mail', async (t) => {
  const { app, inbox, send } = await start(t);
  await send({ to: 'ana@example.com', subject: 'The first' });
  await send({ to: 'ben@example.com', subject: 'The second' });
  const [second, first] = inbox.ids();

  const { body, headers } = await app.inject('/inbox');

  t.equal(headers['content-type'], 'text/html; charset=utf-8');
  t.strictSame(hrefs(body), [`/inbox/mails/${second}`, `/inbox/mails/${first}`]);
  t.ok(body.indexOf('The second') < body.indexOf('The first'));
  t.match(body, 'To ana@example.com');
  t.strictSame(hrefs((await app.inject('/inbox?to=ANA@example.com')).body), [`/inbox/mails/${first}`]);
});

t.test('a long list goes on with older mails', async (t) => {
  const { app, inbox, send } = await start(t);
  for (const subject of ['one', 'two', 'three']) await send({ to: 'a+b@example.com', subject });
  const [three, two, one] = inbox.ids();

  const { body } = await app.inject('/inbox?to=a%2Bb@example.com&limit=2');
  const older =
    /href="([^"]+)">Older e-mails/.exec(body)?.[1]?.replaceAll('&amp;', '&').replaceAll('&#x3D;', '=') ?? '';
  const next = (await app.inject(older)).body;

  t.strictSame(hrefs(body), [`/inbox/mails/${three}`, `/inbox/mails/${two}`]);
  t.strictSame(hrefs(next), [`/inbox/mails/${one}`]);
  t.notMatch(next, 'Older e-mails');
  t.match(body, '3 e-mails');
});

t.test('the pages are in the language that was chosen, else in that of the browser', async (t) => {
  const { app, inbox, send } = await start(t);
  const title = async (headers: Record<string, string>, path = '') => {
    const { body } = await app.inject({ url: `/inbox${path}`, headers });
    return [/<html lang="([\w-]+)"/.exec(body)?.[1], /<title>(.*)<\/title>/.exec(body)?.[1]];
  };

  t.strictSame(await title({}), ['en', 'Inbox']);
  t.strictSame(await title({ 'accept-language': 'de, es;q=0.5, en;q=0.1' }), ['es', 'Bandeja de entrada']);
  const chosen = { cookie: 'a=b; language=pt-BR', 'accept-language': 'es' };
  t.strictSame(await title(chosen), ['pt-BR', 'Caixa de entrada']);
  t.strictSame(await title(chosen, '/mails/1'), ['pt-BR', 'Este e-mail não existe']);
  t.strictSame(await title(chosen, '/mails/1/html'), ['pt-BR', 'Este e-mail não existe']);
  await send({ to: 'ana@example.com', text: 'x' });
  t.strictSame(await title(chosen, `/mails/${inbox.ids()[0]}`), ['pt-BR', '(sem assunto)']);
});

t.test('without the script a time is that of UTC, and says so', async (t) => {
  const { app, inbox, send } = await start(t);
  await send({ to: 'ana@example.com', subject: 'Hi' });
  const [message] = await inbox.messages(inbox.ids());
  const { body } = await app.inject('/inbox');
  const [, instant, words] = /<time class="[^"]*" datetime="([^"]+)">([^<]+)</.exec(body) ?? [];
  t.equal(instant, message?.receivedAt);
  t.match(words, new RegExp(`${instant?.slice(14, 19)} .*UTC$`));
});

t.test('the look of the inbox is made of what that of the pages is made of', async (t) => {
  const { app } = await start(t);
  const tokens = await readFile(new URL('../../../src/pages/static/styles/tokens.css', import.meta.url), 'utf8');
  const [light, dark] = tokensOf(tokens);
  const [ownLight, ownDark] = tokensOf((await app.inject('/inbox/inbox.css')).body);
  t.ok(ownLight && Object.keys(ownLight).length > 5);
  t.match(light, ownLight ?? {});
  t.match(dark, ownDark ?? {});
});

t.test('a mail is shown with its text, links and headers', async (t) => {
  const { app, inbox, send } = await start(t);
  const html = '<p><a href="https://example.com/accept#abc">Accept</a></p>';
  await send({ to: 'ana@example.com', subject: 'Hi', text: 'Plain words', html, messageId: '<one@example.com>' });

  const { body } = await app.inject(`/inbox/mails/${inbox.ids()[0]}`);

  t.match(body, '<h1>Hi</h1>');
  t.match(body, '<pre>Plain words');
  t.match(body, '<a href="https://example.com/accept#abc" target="_blank" rel="noopener noreferrer">');
  t.match(body, 'message-id: &lt;one@example.com&gt;');
  t.match(body, `<iframe class="body" src="/inbox/mails/${inbox.ids()[0]}/html"`);
});

t.test('a mail without an HTML part has no frame for it', async (t) => {
  const { app, inbox, send } = await start(t);
  await send({ to: 'ana@example.com', subject: 'Hi', text: 'Plain words' });

  t.notMatch((await app.inject(`/inbox/mails/${inbox.ids()[0]}`)).body, '<iframe');
  t.equal((await app.inject(`/inbox/mails/${inbox.ids()[0]}/html`)).statusCode, 404);
});

t.test('whatever a mail says is text on the pages, not markup', async (t) => {
  const { app, inbox, send } = await start(t);
  const evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>';
  await send({ from: { name: evil, address: 'a@example.com' }, to: 'ana@example.com', subject: evil, text: evil });
  const [id] = inbox.ids();

  const pages = [
    '/inbox',
    `/inbox?to=${encodeURIComponent(evil)}`,
    `/inbox/mails/${id}`,
    `/inbox/mails/${encodeURIComponent(evil)}`,
  ];
  for (const url of pages) {
    const { body } = await app.inject(url);
    t.notMatch(body, /<script>|<img/, url);
  }
  t.match((await app.inject('/inbox')).body, '&quot;&gt;&lt;script&gt;');
});

t.test("a mail's HTML is sandboxed, whatever policy the service has, and its links open in new tabs", async (t) => {
  const { app, inbox, send } = await start(t);
  const document =
    '<!doctype html><html><HEAD lang="en"><title>x</title></head><body><script>alert(1)</script></body></html>';
  await send({ to: 'ana@example.com', subject: 'Hi', html: document });

  const { body, headers } = await app.inject(`/inbox/mails/${inbox.ids()[0]}/html`);

  const policy = String(headers['content-security-policy']).split('; ');
  t.equal(policy[0], 'sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation');
  t.ok(
    policy.includes("default-src 'none'") && !policy.some((part) => part.startsWith('script-src')),
    'it runs no script',
  );
  t.match(body, '<HEAD lang="en"><base target="_blank">');

  await send({ to: 'ana@example.com', subject: 'Hi', html: '<p>no head</p>' });
  t.match((await app.inject(`/inbox/mails/${inbox.ids()[0]}/html`)).body, /^<base target="_blank"><p>no head<\/p>/);
});

t.test('the pages load only their own style and script, and both are there', async (t) => {
  const { app } = await start(t);

  const { body, headers } = await app.inject('/inbox');
  const style = await app.inject('/inbox/inbox.css');
  const script = await app.inject('/inbox/inbox.js');

  t.match(headers['content-security-policy'], /^default-src 'none'; style-src 'self'; script-src 'self'; /);
  t.match(body, '<link rel="stylesheet" href="/inbox/inbox.css">');
  t.match(body, '<script type="module" src="/inbox/inbox.js"></script>');
  t.notMatch(body, / style=| on\w+=|<style/);
  t.equal(style.headers['content-type'], 'text/css; charset=utf-8');
  t.match(style.body, 'prefers-color-scheme: dark');
  t.equal(script.headers['content-type'], 'text/javascript; charset=utf-8');
});

t.test('the state that the list watches changes with every mail that comes or goes', async (t) => {
  const { app, inbox, send } = await start(t);
  const states = [(await app.inject('/inbox/state')).body];
  await send({ to: 'ana@example.com', subject: 'one' });
  states.push((await app.inject('/inbox/state')).body);
  await inbox.clear();
  await send({ to: 'ana@example.com', subject: 'two' });
  states.push((await app.inject('/inbox/state')).body);

  t.equal(new Set(states).size, 3);
  t.match((await app.inject('/inbox')).body, `data-state="${states[2]}"`);
});

t.test('programs get the mails as JSON', async (t) => {
  const { app, inbox, send } = await start(t);
  await send({ to: 'ana@example.com', subject: 'one', text: 'https://example.com/a' });
  await send({ to: 'ben@example.com', subject: 'two', text: 'x' });
  await send({ to: 'ana@example.com', subject: 'three', text: 'x' });
  const [three, two, one] = await inbox.messages(inbox.ids());

  t.strictSame((await app.inject('/inbox/messages')).json(), { items: [three, two, one] });
  t.strictSame((await app.inject('/inbox/messages?to=ana@example.com')).json(), { items: [three, one] });
  t.strictSame((await app.inject('/inbox/messages?limit=1')).json(), { items: [three] });
  t.strictSame((await app.inject(`/inbox/messages?before=${three?.id}`)).json(), { items: [two, one] });
  t.strictSame((await app.inject(`/inbox/messages/${one?.id}`)).json(), one);
  t.strictSame(one?.links, ['https://example.com/a']);
});

t.test('the mail as it arrived can be downloaded', async (t) => {
  const { app, inbox, send } = await start(t);
  await send({ to: 'ana@example.com', subject: 'one', text: 'x' });

  const { body, headers } = await app.inject(`/inbox/mails/${inbox.ids()[0]}/raw`);

  t.equal(headers['content-type'], 'message/rfc822');
  t.match(body, /^Return-Path: <sender@example\.com>\r\nDelivered-To: ana@example\.com\r\nFrom: /);
});

t.test('a mail that is not there is 404, for people and for programs', async (t) => {
  const { app } = await start(t);

  for (const url of ['/inbox/mails/1', '/inbox/mails/1/html', '/inbox/mails/1/raw', '/inbox/mails/..%2F1']) {
    const { statusCode, body } = await app.inject(url);
    t.strictSame([statusCode, body.includes('<h1>No such e-mail</h1>')], [404, true], url);
  }
  const { statusCode, headers, body } = await app.inject('/inbox/messages/1');
  t.strictSame(
    [statusCode, headers['content-type'], JSON.parse(body).code],
    [404, 'application/problem+json; charset=utf-8', 'mail-not-found'],
  );
});

t.test('all mails can be deleted, by a form or a program, but not from a page of another site', async (t) => {
  const { app, inbox, send } = await start(t);
  const form = {
    method: 'POST',
    url: '/inbox/delete',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  } as const;

  await send({ to: 'ana@example.com', subject: 'one' });
  const foreign = await app.inject({ ...form, headers: { ...form.headers, 'sec-fetch-site': 'cross-site' } });
  t.strictSame([foreign.statusCode, inbox.ids().length], [403, 1]);

  const own = await app.inject({ ...form, payload: '', headers: { ...form.headers, 'sec-fetch-site': 'same-origin' } });
  t.strictSame([own.statusCode, own.headers.location, inbox.ids().length], [303, '/inbox', 0]);

  await send({ to: 'ana@example.com', subject: 'two' });
  t.equal((await app.inject({ method: 'DELETE', url: '/inbox/messages' })).statusCode, 204);
  t.strictSame(inbox.ids(), []);
});

interface Started {
  readonly app: FastifyInstance;
  readonly inbox: Inbox;
  send(mail: SendMailOptions): Promise<void>;
}

/** An inbox, and a service with security headers of its own that shows it. */
async function start(t: Test): Promise<Started> {
  const inbox = await startInbox({ directory: t.testdir(), logger: silent });
  t.teardown(() => inbox.close());
  const app = Fastify();
  t.teardown(() => app.close());
  await app.register(helmet);
  await app.register(inboxPages, { prefix: '/inbox', inbox });
  const transport = nodemailer.createTransport(inbox.smtpUrl);
  return {
    app,
    inbox,
    async send(mail) {
      await transport.sendMail({ from: 'sender@example.com', ...mail });
    },
  };
}

/** The values of the custom properties of a style sheet, by name: the usual ones, and those in the dark. */
function tokensOf(css: string): Record<string, string>[] {
  return [...css.matchAll(/:root \{([^}]*)\}/g)].map(([, body = '']) =>
    Object.fromEntries([...body.matchAll(/(--[\w-]+): ([^;]+);/g)].map(([, name = '', value = '']) => [name, value])),
  );
}

function hrefs(body: string): string[] {
  return [...body.matchAll(/<li><a href="([^"]+)"/g)].map(([, href]) => href ?? '');
}
