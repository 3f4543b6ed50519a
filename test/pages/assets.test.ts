import fastify from 'fastify';
import t from 'tap';

import { pages } from '../../src/pages/pages.js';

const app = fastify();
await app.register(pages, { publicUrl: 'http://127.0.0.1:3000' });
t.teardown(() => app.close());

async function open(headers: Record<string, string> = {}) {
  const answer = await app.inject({ url: '/sign-in', headers });
  const files = [...answer.body.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, path]) => path ?? '');
  return { answer, files: [...new Set(files)] };
}

t.test('a page lets nothing run or load that is not its own, and is asked for anew each time', async (t) => {
  const { answer } = await open();
  t.match(answer.headers['content-security-policy'], /default-src 'none'.*script-src 'self'/);
  t.notMatch(answer.headers['content-security-policy'], /unsafe/);
  t.equal(answer.headers['cache-control'], 'private, no-cache');
  t.notMatch(answer.body, /<script>|style="|<style/);
});

t.test('what a page loads is kept for ever, and is all named in the page', async (t) => {
  const { files } = await open();
  t.ok(files.some((file) => file.endsWith('/library.js')));
  t.ok(files.some((file) => file.endsWith('/words/en/all.js')));
  t.equal(
    files.filter((file) => file.endsWith('.css')).length,
    1,
    'what each style sheet would cost by itself is saved',
  );
  for (const file of files) {
    const answer = await app.inject(file);
    t.equal(answer.statusCode, 200, file);
    t.equal(answer.headers['cache-control'], 'public, max-age=31536000, immutable');
  }
});

t.test('a page and all that it loads at first are less than 100 KB', async (t) => {
  const headers = { 'accept-encoding': 'gzip, deflate, br' };
  const { answer, files } = await open(headers);
  let bytes = answer.rawPayload.length;
  for (const file of files) bytes += (await app.inject({ url: file, headers })).rawPayload.length;
  t.comment(`${bytes} bytes in ${files.length} files`);
  t.ok(bytes < 100_000, `${bytes} bytes`);
});

t.test('files come compressed to whoever takes that, and are the same', async (t) => {
  const { files } = await open();
  const file = files.find((path) => path.endsWith('.css')) ?? '';
  const plain = await app.inject(file);
  t.equal(plain.headers['content-encoding'], undefined);
  for (const encoding of ['br', 'gzip']) {
    const packed = await app.inject({ url: file, headers: { 'accept-encoding': encoding } });
    t.equal(packed.headers['content-encoding'], encoding);
    t.equal(packed.headers['vary'], 'accept-encoding');
    t.ok(packed.rawPayload.length < plain.rawPayload.length);
  }
});

t.test('an address without a page is told to people in a page, and to programs as ever', async (t) => {
  const inBrowser = await app.inject({ url: '/nothing/here', headers: { accept: 'text/html,*/*;q=0.8' } });
  t.equal(inBrowser.statusCode, 404);
  t.match(inBrowser.headers, { 'content-type': /text\/html/, 'content-security-policy': /script-src 'self'/ });
  for (const [url, accept] of [
    ['/nothing/here', 'application/json'],
    ['/nothing/here', '*/*'],
    ['/v1/nothing', 'text/html'],
  ] as const) {
    const answer = await app.inject({ url, headers: { accept } });
    t.equal(answer.statusCode, 404);
    t.match(answer.headers['content-type'], /json/);
  }
});

t.test('a file of another version is not there', async (t) => {
  t.equal((await app.inject('/assets/0123456789abcdef/main.js')).statusCode, 404);
});

t.test('the language is the one that was chosen, else the browser’s', async (t) => {
  const languageOf = async (headers: Record<string, string>) =>
    /<html lang="([^"]+)"/.exec((await open(headers)).answer.body)?.[1];
  t.equal(await languageOf({ 'accept-language': 'de, pt;q=0.8, en;q=0.5' }), 'pt-BR');
  t.equal(await languageOf({ 'accept-language': 'es-MX' }), 'es');
  t.equal(await languageOf({ 'accept-language': 'fr' }), 'en');
  t.equal(await languageOf({ 'accept-language': 'es', cookie: 'a=b; language=pt-BR' }), 'pt-BR');
  t.equal(await languageOf({ cookie: 'language=<script>' }), 'en');
});
