import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Locator,
  type Page,
} from 'playwright-core';
import t from 'tap';

import { freePort } from '../../../src/free-port.js';
import { pages } from '../../../src/pages/pages.js';
import { openTestApi, type TestApiOptions } from '../../http/support/api.js';
import { until } from '../../support/until.js';
import { findChromium } from './chromium.js';

/** What a test of pages is given: the service over HTTP, and browsers to open it with. */
export type Site = Awaited<ReturnType<typeof openSite>>;

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** The conformance that every page is held to, and what the makers of axe count as good practice. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/**
 * A file of tests in a real browser. Where there is none all of it is skipped, loudly; `REQUIRE_CHROMIUM` makes that a
 * failure, so that it cannot go unseen where everything has to hold.
 */
export function inBrowser(
  tests: (test: typeof t, site: Site) => Promise<void> | void,
  options: Pick<TestApiOptions, 'resendPauseSeconds' | 'limits'> = {},
): void {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    const reason = 'THERE IS NO CHROMIUM: the pages go untested. Install it, or name it by CHROMIUM_PATH.';
    process.stderr.write(`${reason}\n`);
    if (process.env['REQUIRE_CHROMIUM']) t.fail(reason);
    else t.test('the pages in a browser', { skip: reason }, async () => {});
    return;
  }
  t.test('in a browser', async (test) => {
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
    test.teardown(() => browser.close());
    test.jobs = 1;
    await tests(test as typeof t, await openSite(test as typeof t, browser, options));
  });
}

async function openSite(
  test: typeof t,
  browser: Browser,
  options: Pick<TestApiOptions, 'resendPauseSeconds' | 'limits'>,
) {
  const port = await freePort('127.0.0.1');
  const url = `http://127.0.0.1:${port}`;
  const api = await openTestApi(test, { ...options, config: { publicUrl: url } });
  await api.app.register(pages, { inboxPath: '/inbox' });
  await api.app.listen({ host: '127.0.0.1', port });

  /** A browser of somebody's own, with nothing in it. What goes wrong in its pages fails the test. */
  async function openContext(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    const context = await browser.newContext({ baseURL: url, locale: 'en-GB', ...options });
    context.setDefaultTimeout(20_000);
    context.on('weberror', (error) => test.fail(`error in a page: ${error.error().stack}`));
    context.on('console', (message) => {
      if (/Content Security Policy/i.test(message.text())) test.fail(message.text());
    });
    test.teardown(() => context.close());
    return context;
  }

  /** A link as it would be mailed. */
  function signInPath(email: string): string {
    return `/sign-in#${api.core.signInTokens.sign({ id: randomBytes(8).toString('hex'), email }, new Date())}`;
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

/** What axe finds wrong with a page once it is drawn, one line each. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  let faults: string[] = [];
  const giveUpAt = Date.now() + 5_000;
  // A page that is still being drawn, or fades, lacks things for a moment; a fault is what stays.
  do faults = await faultsNow(page);
  while (faults.length > 0 && Date.now() < giveUpAt);
  return faults;
}

async function faultsNow(page: Page): Promise<string[]> {
  await page.locator('h1').first().waitFor();
  // The pages let no script in that is not theirs; what a debugger evaluates is not loaded by the page.
  await page.evaluate(await readFile(AXE, 'utf8'));
  const violations = await page.evaluate(async (values) => {
    const { axe } = globalThis as unknown as { axe: Axe };
    return (await axe.run({ runOnly: { type: 'tag', values } })).violations;
  }, RULES);
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join(' | ')}`,
  );
}

/** Waits until so many elements fit a locator. */
export async function waitForCount(locator: Locator, count: number): Promise<void> {
  await until(async () => (await locator.count()) === count, `there are ${count} of ${locator}`);
}

/** Waits until nothing of a page is wider than its window. */
export async function waitForNoOverflow(page: Page): Promise<void> {
  await page.waitForFunction('document.documentElement.scrollWidth <= document.documentElement.clientWidth');
}

/** Pastes a text into what has the focus. */
export async function paste(page: Page, text: string): Promise<void> {
  await page.evaluate(`{
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', ${JSON.stringify(text)});
    const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
    document.activeElement.dispatchEvent(event);
  }`);
}

/** What of axe is used here. */
interface Axe {
  run(options: object): Promise<{
    violations: readonly { id: string; nodes: readonly { html: string; failureSummary: string }[] }[];
  }>;
}
