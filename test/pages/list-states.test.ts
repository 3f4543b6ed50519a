import type { Page, Route } from 'playwright-core';

import { accessibilityFaults, inBrowser, waitForFocus } from './support/browser.js';

inBrowser(async (t, site) => {
  const as = await site.signIn('olivia@example.com', 'Olivia Owner');
  const workspaceId = await site.createWorkspace(as, 'Acme');
  await site.invite(as, workspaceId, 'ana@example.com');
  await site.caughtUp();
  const lists = [
    { tab: 'users', item: '[data-user]', requests: /\/v1\/workspaces\/[^/]+\/users\b/ },
    { tab: 'history', item: '.record', requests: /\/v1\/workspaces\/[^/]+\/audit-events\b/ },
  ];

  for (const { tab, item, requests } of lists) {
    /** The tab, with its requests dealt with by `handle`. What follows the changes is left out: it would load anew. */
    const open = async (handle: (route: Route) => Promise<void>): Promise<Page> => {
      const page = await site.openAs(as.email, '/preferences');
      await page.route('**/changes**', (route) => route.abort());
      await page.route(requests, handle);
      await page.goto(`/workspaces/${workspaceId}/${tab}`);
      return page;
    };
    const status = (page: Page) => page.getByRole('status').filter({ hasText: 'Loading…' });

    t.test(`${tab}: rows stand in for those that are on their way`, async (t) => {
      let answer = () => {};
      const isTime = new Promise<void>((resolve) => {
        answer = resolve;
      });
      const page = await open(async (route) => {
        await isTime;
        await route.continue();
      });
      await status(page).waitFor();
      await page.locator('.skeleton-row').nth(7).waitFor();
      t.strictSame(await accessibilityFaults(page), []);
      answer();
      await page.locator(item).first().waitFor();
      await page.locator('.skeleton').waitFor({ state: 'detached' });
    });

    t.test(`${tab}: a failure says why, and offers another try`, async (t) => {
      let failing = true;
      const page = await open((route) =>
        failing ? route.fulfill({ status: 500, json: { code: 'internal-error' } }) : route.continue(),
      );
      await page.getByRole('alert').getByRole('heading', { name: 'The list could not be loaded' }).waitFor();
      t.strictSame(await accessibilityFaults(page), []);
      failing = false;
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.locator(item).first().waitFor();
      // It is not lost with the button.
      await waitForFocus(page.locator('main'));
    });

    t.test(`${tab}: without a network it says so, and comes by itself when there is one`, async (t) => {
      let failing = true;
      const page = await open((route) => (failing ? route.abort() : route.continue()));
      await page.getByRole('alert').getByRole('heading', { name: 'No connection' }).waitFor();
      await page.context().setOffline(true);
      await page.getByText('You are offline').waitFor();
      t.strictSame(await accessibilityFaults(page), []);
      failing = false;
      await page.context().setOffline(false);
      await page.locator(item).first().waitFor();
    });
  }
});
