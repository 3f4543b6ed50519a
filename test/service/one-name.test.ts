import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import t, { type Test } from 'tap';

import { readConfig } from '../../src/config.js';
import { startService } from '../../src/service.js';
import { createDatabase } from '../support/postgres.js';
import { until } from '../support/until.js';

/** A service with its own inbox. */
async function started(t: Test, settings: Readonly<Record<string, string>>) {
  const { url: DATABASE_URL } = await createDatabase(t);
  const key = () => randomBytes(32).toString('base64');
  const DATA_DIR = await mkdtemp(join(tmpdir(), 'workspace-invitations-one-name-'));
  t.teardown(() => rm(DATA_DIR, { recursive: true, force: true }));
  const keys = { ADDRESS_KEY: key(), TOKEN_KEYS: key() };
  const config = readConfig({ DATABASE_URL, DATA_DIR, ...keys, PORT: '0', ...settings });
  const service = await startService(config, pino({ level: 'silent' }));
  t.teardown(() => service.stop());
  return service;
}

/** The link of a sign-in mail. */
async function mailedLink(url: string): Promise<string> {
  const body = JSON.stringify({ email: 'ana@example.com' });
  const headers = { 'content-type': 'application/json' };
  await fetch(`${url}/v1/sign-in-links`, { method: 'POST', headers, body });
  const text = await until(async () => {
    const answer = await fetch(`${url}/inbox/messages?to=ana@example.com`);
    const { items } = (await answer.json()) as { readonly items: readonly { readonly text: string }[] };
    return items[0]?.text;
  }, 'the mail is there');
  return /http\S+/.exec(text)?.[0] ?? '';
}

t.test('what is told at the start, where it listens, and links in mails have one name', async (t) => {
  const { url = '', publicUrl, inboxUrl } = await started(t, {});
  t.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
  t.strictSame([publicUrl, inboxUrl], [url, `${url}/inbox`]);
  t.ok((await mailedLink(url)).startsWith(`${url}/sign-in#`));
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as { readonly servers: unknown };
  t.strictSame(document.servers, [{ url }]);
});

t.test('a service that listens everywhere is found at this machine', async (t) => {
  const { url = '', publicUrl } = await started(t, { HOST: '0.0.0.0' });
  t.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
  t.equal(publicUrl, url);
  t.equal((await fetch(`${url}/health/live`)).status, 200);
});

const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));
t.test('an IPv6 address stands in brackets', { skip: hasIpv6 ? false : 'no ::1 here' }, async (t) => {
  const { url = '', publicUrl } = await started(t, { HOST: '::1' });
  t.match(url, /^http:\/\/\[::1\]:\d+$/);
  t.equal(publicUrl, url);
  t.equal((await fetch(`${url}/health/live`)).status, 200);
});

t.test('the name that is set goes before', async (t) => {
  const PUBLIC_URL = 'https://invitations.example.com/';
  const { url = '', publicUrl, inboxUrl } = await started(t, { PUBLIC_URL });
  t.strictSame([publicUrl, inboxUrl], ['https://invitations.example.com', 'https://invitations.example.com/inbox']);
  t.ok((await mailedLink(url)).startsWith('https://invitations.example.com/sign-in#'));
});
