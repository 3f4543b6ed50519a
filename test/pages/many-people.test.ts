import type { Locator, Page } from 'playwright-core';

import { addPeople } from '../support/many-people.js';
import { until } from '../support/until.js';
import { accessibilityFaults, inBrowser, scrollPast, waitForCount, waitUntilTrue } from './support/browser.js';

const PEOPLE = 100_000;
const PAGES = 30;

/** Of the REST interface, as the users tab asks for them. */
const PAGE = 100;

/** Half a window each; she is within them. */
const STEPS_BACK = 60;

/** Rows in the document, however many have been loaded. */
const MOST = 300;

/** Whoever scrolls faster than rows come sees none of them. */
const ROW_IN_VIEW = 'Boolean(document.elementFromPoint(innerWidth / 2, innerHeight / 2)?.closest("[data-user]"))';

/** How many a locator finds, unless it is more. */
async function atMost(locator: Locator, most: number): Promise<number | undefined> {
  const count = await locator.count();
  return count <= most ? count : undefined;
}

/** A quarter of a row, in pixels. */
const NUDGE = 16;

/**
 * Faults that stay wherever one has scrolled to. What keeps its place meanwhile may leave too little of a name at one place, which is all
 * there or all covered at another.
 */
async function faultsWherever(page: Page): Promise<string[]> {
  let faults: string[] = [];
  for (let place = 0; place < 4; place++) {
    faults = await accessibilityFaults(page);
    if (faults.length === 0) break;
    await page.evaluate(`scrollBy(0, ${NUDGE})`);
  }
  return faults;
}

inBrowser(async (t, site) => {
  const as = await site.signIn('olivia@example.com', 'Olivia Owner');
  const workspaceId = await site.createWorkspace(as, 'Acme');
  await site.caughtUp();
  const { pool } = site.core;
  await addPeople(pool, workspaceId, PEOPLE);
  const ana = await site.invite(as, workspaceId, 'ana@elsewhere.example');
  await site.caughtUp();
  // Among those of the last page that is scrolled to.
  await pool.query(
    `update users_tab.users set invited_at = now() - $3 * interval '1 second' where workspace_id = $1 and user_id = $2`,
    [workspaceId, ana.id, PAGES * PAGE - 20],
  );
  await pool.query('vacuum analyze users_tab.users');
  const path = `/workspaces/${workspaceId}/users`;

  t.test(
    'who scrolls through thousands has a few rows in the document, and sees changes without losing the place',
    async (t) => {
      const page = await site.openAs(as.email, path);
      const rows = page.locator('[data-user]');
      await rows.first().waitFor();
      await page.getByText('100,002 people hold a seat').waitFor();
      const counts: number[] = [];
      for (let loaded = PAGE; loaded <= PAGES * PAGE; loaded += PAGE) {
        await scrollPast(page, loaded);
        // A browser that is behind says later what is out of sight.
        counts.push(await until(() => atMost(rows, MOST), `there are at most ${MOST} rows`));
      }
      t.comment(`rows in the document: ${counts}`);
      await waitUntilTrue(page, 'document.querySelector("table.users").getAttribute("aria-rowcount") === "-1"');

      const row = page.locator(`[data-user="${ana.id}"]`);
      let steps = 0;
      const isBack = async () => {
        // She is held on to where she is seen: a browser that is behind leaves her out right after.
        await row.evaluateAll(([element]) => element?.scrollIntoView({ block: 'center' }));
        await waitUntilTrue(page, ROW_IN_VIEW);
        if ((await row.count()) > 0) return true;
        // Whoever has gone by without seeing her begins at the end again.
        steps = (steps + 1) % STEPS_BACK;
        const end = 'scrollTo(0, document.documentElement.scrollHeight)';
        await page.evaluate(steps === 0 ? end : 'scrollBy(0, -innerHeight / 2)');
        await waitUntilTrue(page, ROW_IN_VIEW);
        return false;
      };
      // Each step waits until rows are drawn, which takes its time on a busy machine.
      await until(isBack, 'one has scrolled back to her', 240_000);
      await page.locator('table[aria-busy=false]').waitFor();
      const top = () => row.evaluate((element) => element.getBoundingClientRect().top);
      const before = await top();
      await site.call('POST /v1/invitations/accept', { body: { token: site.linkOf(ana), name: 'Ana Souza' } });
      await row.getByText('Active').waitFor();
      await site.invite(as, workspaceId, 'new@elsewhere.example');
      await page.getByRole('button', { name: 'Show 1 new person' }).waitFor({ state: 'attached' });
      const after = await top();
      t.ok(Math.abs(after - before) < 1, `from ${before} to ${after}`);
      t.strictSame(await faultsWherever(page), []);

      // The way back is as long as the way there: rows that are left out keep their room.
      const height = await page.evaluate<number>('document.documentElement.scrollHeight');
      t.ok(height > PAGES * PAGE * 40, `${height} pixels`);
      await page.evaluate('scrollTo(0, 0)');
      await page.locator('[data-user][aria-rowindex="2"]').waitFor();
      await until(async () => (await rows.count()) <= MOST / 2, 'what has been scrolled away from is left out');

      await page.getByRole('searchbox').fill('ana@elsewhere');
      await row.getByText('Ana Souza').waitFor();
      await waitForCount(rows, 1);
    },
  );

  t.test('a row that has the focus, or an open menu, stays wherever one scrolls', async (t) => {
    const page = await site.openAs(as.email, path);
    const first = page.locator('[data-user]').first();
    const id = await first.getAttribute('data-user');
    const row = page.locator(`[data-user="${id}"]`);
    const away = async (people: number) => {
      await scrollPast(page, people);
      // It would have gone with these.
      await page.locator('[data-user][aria-rowindex="151"]').waitFor({ state: 'detached' });
    };
    await row.locator('.menu-button').click();
    await page.getByRole('menuitem').first().waitFor();
    await away(300);
    t.equal(await row.count(), 1);
    await page.keyboard.press('Escape');
    await waitUntilTrue(page, 'document.activeElement.matches("[data-user] .menu-button")');
    await away(500);
    t.equal(await row.count(), 1);
    await page.evaluate('document.activeElement.blur()');
    await row.waitFor({ state: 'detached' });
  });

  t.test('on a phone there are few rows, too, and nothing for axe', async (t) => {
    const page = await site.openAs(as.email, path, { viewport: { width: 360, height: 740 }, colorScheme: 'dark' });
    await scrollPast(page, 500);
    await until(() => atMost(page.locator('[data-user]'), MOST), `there are at most ${MOST} rows`);
    t.strictSame(await faultsWherever(page), []);
  });
});
