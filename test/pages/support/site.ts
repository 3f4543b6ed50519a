import { randomBytes } from 'node:crypto';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';

import { freePort } from '../../../src/free-port.js';
import { pages } from '../../../src/pages/pages.js';
import { openTestApi, type TestApiOptions } from '../../http/support/api.js';

/** What a test of pages is given: the service over HTTP, and browsers to open it with. */
export type Site = Awaited<ReturnType<typeof openSite>>;

/** Whoever opens a site: a tap test, or a program. */
export interface Host {
  teardown(action: () => unknown): void;
  /** Something went wrong in a page. */
  fail(message: string): unknown;
}

export type SiteOptions = Pick<TestApiOptions, 'resendPauseSeconds' | 'limits' | 'replace'> & {
  /** The time of the links that are signed; of the whole service it is set by `replace`. */
  readonly now?: () => Date;
  /** That logos of workspaces may come from; none where it is absent. */
  readonly logoHosts?: readonly string[];
};

/** The service as a browser finds it, on a port of its own. */
export async function openSite(
  test: Host,
  browser: Browser,
  { now = () => new Date(), logoHosts = [], ...options }: SiteOptions,
) {
  const port = await freePort('127.0.0.1');
  const url = `http://127.0.0.1:${port}`;
  const api = await openTestApi(test, { ...options, config: { publicUrl: url, logoHosts } });
  await api.app.register(pages, { publicUrl: url, inboxPath: '/inbox' });
  await api.app.listen({ host: '127.0.0.1', port });

  /** A browser of somebody's own, with nothing in it. What goes wrong in its pages fails the test. */
  async function openContext(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    const context = await browser.newContext({ baseURL: url, locale: 'en-GB', ...options });
    context.setDefaultTimeout(60_000);
    context.on('weberror', (error) => test.fail(`error in a page: ${error.error().stack}`));
    context.on('console', (message) => {
      if (/Content Security Policy/i.test(message.text())) test.fail(message.text());
    });
    test.teardown(() => context.close());
    return context;
  }

  /** A link as it would be mailed. */
  function signInPath(email: string): string {
    return `/sign-in#${api.core.signInTokens.sign({ id: randomBytes(8).toString('hex'), email }, now())}`;
  }

  /** A page of somebody who is signed in. */
  async function openAs(email: string, path: string, options?: BrowserContextOptions): Promise<Page> {
    const context = await openContext(options);
    const token = signInPath(email).split('#')[1];
    const answer = await context.request.post('/v1/sessions', {
      data: { token, cookie: true },
      headers: { 'x-csrf': '1', origin: url },
    });
    if (!answer.ok()) throw new Error(`could not sign in: ${await answer.text()}`);
    const page = await context.newPage();
    await page.goto(path);
    return page;
  }

  return { ...api, url, openContext, openAs, signInPath };
}
