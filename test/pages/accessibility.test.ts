import type { Page } from 'playwright-core';

import { signOperatorToken } from '../../src/tokens/operator-token.js';
import { accessibilityFaults, inBrowser, waitForNoOverflow } from './support/browser.js';

/** As narrow as WCAG asks for (1.4.10): a window of 1280 pixels, four times as large. */
const NARROWEST = { width: 320, height: 640 };

inBrowser(async (t, site) => {
  const owner = await site.signIn('olivia@example.com', 'Olivia Owner');
  const workspaceId = await site.createWorkspace(owner, 'A workspace with quite a long name');
  const workspace = `/workspaces/${workspaceId}`;
  const waiting = await site.invite(owner, workspaceId, 'somebody.with.a.long.address@subdomain.example.com');
  await site.join(owner, workspaceId, 'ben@example.com', 'administrator');
  await site.caughtUp();
  const operator = signOperatorToken(site.tokenKeys, 'ops@example.com', new Date(Date.now() + 3_600_000));

  for (const locale of ['en', 'pt-BR', 'es']) {
    const options = { locale, viewport: NARROWEST, reducedMotion: 'reduce' } as const;
    t.test(`axe finds nothing, and nothing is wider than a small phone: ${locale}`, async (t) => {
      const look = async (page: Page, state: string) => {
        await waitForNoOverflow(page);
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          t.strictSame(await accessibilityFaults(page), [], `${state}, ${colorScheme}`);
        }
      };

      const stranger = await (await site.openContext(options)).newPage();
      await stranger.goto('/sign-in');
      await stranger.locator('input[type=email]').waitFor();
      await look(stranger, 'sign in');
      await stranger.locator('input[type=email]').fill('new@example.com');
      await stranger.keyboard.press('Enter');
      await stranger.locator('.actions a[href="/inbox"]').waitFor();
      await look(stranger, 'link sent');
      await stranger.goto(`/accept#${site.linkOf(waiting)}`);
      await stranger.locator('.facts').waitFor();
      await look(stranger, 'accept');
      await stranger.goto('/accept#nonsense');
      await stranger.reload();
      await stranger.locator('.accept[aria-busy=false]').waitFor();
      await look(stranger, 'a link that is not good');
      await stranger.goto('/operations');
      await stranger.locator('input[name=operator-token]').fill(operator);
      await stranger.keyboard.press('Enter');
      await stranger.locator('[data-chart=outcomes]').waitFor();
      await look(stranger, 'operations');

      const page = await site.openAs(owner.email, '/workspaces/new', options);
      await page.locator('input[name=workspace]').waitFor();
      await look(page, 'new workspace');
      await page.goto('/preferences');
      await page.locator('.card[aria-busy=false]').waitFor();
      await look(page, 'preferences');
      await page.goto(`${workspace}/invite`);
      await page.locator('#recipients').fill(`invited-${locale}@example.com; nobody@, third@example.com`);
      await page.keyboard.press('Enter');
      await page.locator('.chip.bad').waitFor();
      await look(page, 'chips');
      await page.locator('button[type=submit]').click();
      await page.locator('.results li').nth(1).waitFor();
      await look(page, 'results');

      await page.goto(`${workspace}/users`);
      const row = page.locator(`[data-user="${waiting.id}"]`);
      await row.waitFor();
      await page.locator('a.primary').waitFor();
      await look(page, 'users');
      await row.locator('.menu-button').click();
      await page.locator('[role=menuitem]').first().waitFor();
      await look(page, 'menu');
      await page.locator('[role=menuitem].danger').click();
      await page.locator('dialog[open]').waitFor();
      await look(page, 'confirmation');
      await page.keyboard.press('Escape');
      await page.locator('dialog').waitFor({ state: 'detached' });
      await row.locator('input[type=checkbox]').check();
      await page.locator('.bulk').waitFor();
      await look(page, 'some are selected');
      await page.goto(`${workspace}/users?person=${waiting.id}`);
      await page.locator('dialog [data-type=invited]').waitFor();
      await look(page, 'timeline');
      await page.goto(`${workspace}/history`);
      await page.locator('.record').first().waitFor();
      await look(page, 'audit history');
      await page.goto(`${workspace}/settings`);
      await page.locator('.setting').first().waitFor();
      await look(page, 'settings');
      await page.goto(`${workspace}/users`);
      await row.waitFor();
      await page.locator('input[type=search]').fill('nobody at all');
      await page.locator('.empty').waitFor();
      await look(page, 'nobody fits');
      await page.route(/\/v1\/workspaces\/[^/]+\/users/, (route) => route.abort());
      await page.reload();
      await page.locator('.failed').waitFor();
      await look(page, 'an error');
      await page.goto('/workspaces/not-a-page');
      await page.locator('h1').waitFor();
      await look(page, 'no such page');
    });
  }
});
