import t from 'tap';

import { appOn, openTestApi } from './support/api.js';

const api = await openTestApi(t);
const HTML = { accept: 'text/html,application/xhtml+xml' };

/** Where a browser is sent that opens a page by this name. */
async function sentTo(publicUrl: string, host: string, { url = '/problems/invalid-request', headers = HTML } = {}) {
  const app = await appOn(api, api.tokenKeys, { config: { publicUrl } });
  const { statusCode, headers: answered } = await app.inject({ url, headers: { ...headers, host } });
  await app.close();
  return statusCode === 302 ? answered.location : undefined;
}

t.test('another name of this machine leads to the one that links begin with', async (t) => {
  const page = '/problems/invalid-request';
  t.equal(await sentTo('http://127.0.0.1:3000', 'localhost:3000'), `http://127.0.0.1:3000${page}`);
  t.equal(await sentTo('http://127.0.0.1:3000', '[::1]:3000'), `http://127.0.0.1:3000${page}`);
  t.equal(await sentTo('http://localhost:3000', '127.0.0.1:3000'), `http://localhost:3000${page}`);
  t.equal(await sentTo('http://127.0.0.1', 'localhost'), `http://127.0.0.1${page}`);
  const url = '//elsewhere.example.com/a?b=c';
  t.equal(await sentTo('http://127.0.0.1:3000', 'localhost:3000', { url }), `http://127.0.0.1:3000${url}`);
});

t.test('nothing else does', async (t) => {
  t.equal(await sentTo('http://127.0.0.1:3000', '127.0.0.1:3000'), undefined);
  t.equal(
    await sentTo('http://127.0.0.1:3000', 'localhost:8080'),
    undefined,
    'a port that is passed on from elsewhere',
  );
  t.equal(await sentTo('http://127.0.0.1:3000', 'invitations.example.com:3000'), undefined);
  t.equal(await sentTo('https://invitations.example.com', 'localhost'), undefined, 'a proxy that asks by its own name');
  t.equal(await sentTo('http://127.0.0.1:3000', 'local host:3000'), undefined);
  const headers = { accept: 'application/json' };
  t.equal(await sentTo('http://127.0.0.1:3000', 'localhost:3000', { headers }), undefined, 'a program');
});
