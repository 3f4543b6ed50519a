import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { type Browser, chromium, type Page } from 'playwright-core';
import t from 'tap';

import { compileTemplates } from '../../templates/compiler.js';
import { renderSamples } from './samples.js';

const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const skip = existsSync(CHROMIUM) ? false : `there is no browser at ${CHROMIUM}: set CHROMIUM_PATH`;

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** Landmarks are for pages: a mail is shown inside one. */
const CHECK = `axe.run({
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'],
  rules: { region: { enabled: false }, 'landmark-one-main': { enabled: false } },
})`;

/** A page that loads nothing, and so shows no image. */
async function openPage(browser: Browser, width: number): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height: 800 } });
  await page.route('**/*', (route) => route.abort());
  return page;
}

async function violationsOn(page: Page): Promise<string[]> {
  const { violations } = await page.evaluate<{ violations: readonly Violation[] }>(CHECK);
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

t.test('in a browser, with images off', { skip }, async (t) => {
  const folder = t.testdir();
  await compileTemplates({ output: folder });
  const samples = await renderSamples(folder);
  const axe = await readFile(AXE, 'utf8');
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  t.teardown(() => browser.close());
  const wide = await openPage(browser, 640);
  const narrow = await openPage(browser, 320);

  for (const { title, html } of samples.filter(({ locale }) => locale === 'en')) {
    t.test(`${title} can be read by everybody, in light colours and in dark ones`, async (t) => {
      await wide.setContent(html);
      await wide.evaluate(axe);
      for (const colorScheme of ['light', 'dark'] as const) {
        await wide.emulateMedia({ colorScheme });
        t.strictSame(await violationsOn(wide), [], colorScheme);
      }
    });
  }

  for (const { title, html } of samples) {
    t.test(`${title} fits a narrow telephone`, async (t) => {
      await narrow.setContent(html);
      t.equal(await narrow.evaluate('document.documentElement.scrollWidth'), 320);
    });
  }
});
