import t from 'tap';

import { loadStatic } from '../../src/pages/asset-files.js';
import { inBrowser } from './support/browser.js';

const { underOneName } = await loadStatic<{
  underOneName(origin: string, shown: URL): string | undefined;
}>('app/one-name.js');
const PATH = '/workspaces/1/users?search=ana&x=//elsewhere.example.com#42';

t.test('another name of this machine leads to the one that links begin with', async (t) => {
  const led = (origin: string, from: string) =>
    t.equal(underOneName(origin, new URL(from + PATH)), origin + PATH, from);
  led('http://127.0.0.1:3000', 'http://localhost:3000');
  led('http://127.0.0.1:3000', 'http://[::1]:3000');
  led('http://localhost:3000', 'http://127.0.0.1:3000');
  led('http://localhost:3000', 'http://127.0.0.2:3000');
  led('http://127.0.0.1', 'http://localhost');
});

t.test('nothing else does', async (t) => {
  const stays = (origin: string, from: string) => t.equal(underOneName(origin, new URL(from + PATH)), undefined, from);
  stays('http://127.0.0.1:3000', 'http://127.0.0.1:3000');
  stays('http://127.0.0.1:3000', 'http://localhost:8080');
  stays('http://127.0.0.1:3000', 'http://invitations.example.com:3000');
  stays('http://127.0.0.1:3000', 'http://127.example.com:3000');
  stays('https://invitations.example.com', 'http://localhost');
});

inBrowser((t, site) => {
  t.test(
    'who opens a link under another name of this machine sees it under the one that links begin with',
    async (t) => {
      const page = await (await site.openContext()).newPage();
      const documents: string[] = [];
      page.on('request', (request) => {
        if (request.isNavigationRequest()) documents.push(request.url());
      });
      const path = site.signInPath('lena@example.com');
      await page.goto(site.url.replace('127.0.0.1', 'localhost') + path);
      await page.waitForURL(site.url + path);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.waitForURL(`${site.url}/workspaces/new`);
      const [found] = path.split('#');
      t.strictSame(documents, [`${site.url.replace('127.0.0.1', 'localhost')}${found}`, `${site.url}${found}`]);
    },
  );

  t.test('under whatever name a proxy hands a request on, the answer is a page', async (t) => {
    for (const host of ['localhost', '127.0.0.2', 'invitations.example.com']) {
      const headers = { accept: 'text/html', host: `${host}:${new URL(site.url).port}` };
      t.equal((await site.app.inject({ url: '/sign-in', headers })).statusCode, 200, host);
    }
  });
});
