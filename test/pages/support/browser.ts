import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { chromium, type Locator, type Page } from 'playwright-core';
import t from 'tap';

import { until } from '../../support/until.js';
import { findChromium, LAUNCH } from './chromium.js';
import { openSite, type Site, type SiteOptions } from './site.js';

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The conformance that every page is held to, and what the makers of axe count as good practice. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/**
 * A file of tests in a real browser. Where there is none all of it is skipped, loudly; `REQUIRE_CHROMIUM` makes that a
 * failure, so that it cannot go unseen where everything has to hold.
 */
export function inBrowser(
  tests: (test: typeof t, site: Site) => Promise<void> | void,
  options: SiteOptions = {},
): void {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    const reason = 'THERE IS NO CHROMIUM: the pages go untested. Install it, or name it by CHROMIUM_PATH.';
    process.stderr.write(`${reason}\n`);
    if (process.env['REQUIRE_CHROMIUM']) t.fail(reason);
    else t.test('the pages in a browser', { skip: reason }, async () => {});
    return;
  }
  // A browser beside everything else on a small machine is slow; each step has a limit of its own.
  t.setTimeout(900_000);
  t.test('in a browser', async (test) => {
    const browser = await chromium.launch({ executablePath, ...LAUNCH });
    test.teardown(() => browser.close());
    test.jobs = 1;
    // What one test leaves open would take memory and time from the next.
    test.afterEach(async () => {
      await Promise.all(browser.contexts().map((context) => context.close()));
    });
    await tests(test as typeof t, await openSite(test as typeof t, browser, options));
  });
}

/** What axe finds wrong with a page once it is drawn, one line each. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  let faults: string[] = [];
  // A page that is still being drawn, or fades, lacks things for a moment; a fault is what stays.
  const giveUpAt = Date.now() + 20_000;
  do faults = await faultsNow(page);
  while (faults.length > 0 && Date.now() < giveUpAt);
  return faults;
}

async function faultsNow(page: Page): Promise<string[]> {
  await page.locator('h1').first().waitFor();
  // The pages let no script in that is not theirs; what a debugger evaluates is not loaded by the page.
  if (!(await page.evaluate('"axe" in globalThis'))) await page.evaluate(AXE);
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

/**
 * Waits until an expression holds in a page. (`waitForFunction` has the page evaluate it, which its policy forbids.) It may be about
 * what is not there yet.
 */
export async function waitUntilTrue(page: Page, expression: string): Promise<void> {
  await until(() => page.evaluate(expression).catch(() => false), expression);
}

/** Scrolls to the end of the users tab, again and again while it grows, until so many have been loaded and the last are drawn. */
export async function scrollPast(page: Page, people: number): Promise<void> {
  const last = `Number([...document.querySelectorAll('[data-user]')].at(-1)?.getAttribute('aria-rowindex'))`;
  const isPast = async () => {
    await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
    return (await page.evaluate<number>(last)) > people;
  };
  await until(isPast, `${people} people are there`);
}

/** Waits until what a locator finds has the focus. */
export async function waitForFocus(locator: Locator): Promise<void> {
  await until(() => locator.evaluate((element) => element.matches(':focus')), `${locator} has the focus`);
}

/** Waits until nothing of a page is wider than its window. */
export async function waitForNoOverflow(page: Page): Promise<void> {
  await waitUntilTrue(page, 'document.documentElement.scrollWidth <= document.documentElement.clientWidth');
}

/** What of axe is used here. */
interface Axe {
  run(options: object): Promise<{
    violations: readonly { id: string; nodes: readonly { html: string; failureSummary: string }[] }[];
  }>;
}
