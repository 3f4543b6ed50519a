import type { Page } from 'playwright-core';

import { signOperatorToken } from '../../src/tokens/operator-token.js';
import { holding } from '../support/holding.js';
import { until } from '../support/until.js';
import { accessibilityFaults, inBrowser, waitForCount, waitForNoOverflow } from './support/browser.js';

inBrowser(async (t, site) => {
  const owner = await site.signIn('owner@example.com', 'Olivia Owner');
  const workspaceId = await site.createWorkspace(owner, 'Acme');
  await site.join(owner, workspaceId, 'ana@example.com');
  await site.invite(owner, workspaceId, 'bob@example.com');
  await site.caughtUp();
  const token = signOperatorToken(site.tokenKeys, 'ops@example.com', new Date(Date.now() + 3_600_000));

  async function open(options = {}): Promise<Page> {
    const page = await (await site.openContext(options)).newPage();
    await page.goto('/operations');
    await page.locator('input[name=operator-token]').fill(token);
    await page.keyboard.press('Enter');
    await page.locator('.standing').first().waitFor();
    return page;
  }

  t.test('it takes an operator’s token, which stays in the tab', async (t) => {
    const context = await site.openContext();
    const page = await context.newPage();
    await page.goto('/operations');
    t.strictSame(await accessibilityFaults(page), []);
    await page.getByLabel('Operator’s token').fill(owner.token);
    await page.keyboard.press('Enter');
    await page.getByText('This is not an operator’s token.').waitFor();
    await page.getByLabel('Operator’s token').fill('nonsense');
    await page.keyboard.press('Enter');
    await page.getByText('This token is not good, or not any more.').waitFor();
    await page.getByLabel('Operator’s token').fill(token);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Projections' }).waitFor();
    t.strictSame(await context.cookies(), []);
    await page.reload();
    await page.getByRole('heading', { name: 'Projections' }).waitFor();
    const other = await context.newPage();
    await other.goto('/operations');
    await other.getByLabel('Operator’s token').waitFor();
    await page.getByRole('button', { name: 'Forget the token' }).click();
    await page.getByLabel('Operator’s token').waitFor();
  });

  t.test('it shows projections, the mail queue and charts that can be read aloud', async (t) => {
    const page = await open();
    for (const name of ['users-tab', 'user-history', 'workspaces', 'audit-history']) {
      await page.locator('.standing', { hasText: name }).getByText('Up to date').waitFor();
    }
    await waitForCount(page.getByRole('cell', { name: 'Invitation', exact: true }), 2);
    await page.getByText('2 e-mails wait. 2 reminders are planned.').waitFor();
    await page
      .getByRole('img', { name: 'By outcome: Accepted 1, Waiting 1, Declined 0, Expired 0, Withdrawn 0' })
      .waitFor();
    await page.getByRole('img', { name: 'up to 1 hour 1, up to 4 hours 0' }).waitFor();
    t.strictSame(await accessibilityFaults(page), []);
  });

  t.test('a rebuild shows how far it is, and that it has switched', async (t) => {
    const page = await open();
    await holding(site.core.pool, 'lock table users_tab.counts in access exclusive mode', async () => {
      await page.getByRole('button', { name: 'Rebuild users-tab' }).click();
      await page.getByRole('progressbar', { name: 'Rebuild of users-tab' }).waitFor();
      await page.getByText('Comparing').waitFor();
    });
    await page.getByText('Rebuilt, equal to the live tables, and switched.').waitFor();
    await page.getByRole('progressbar').waitFor({ state: 'detached' });
    const isKept = async () =>
      (await site.core.operations.list()).some(({ name, previous }) => name === 'users-tab' && previous);
    t.ok(await until(isKept, 'the tables of before are still there'));
  });

  t.test('while it makes indexes, it says which, and how far that is', async () => {
    const page = await open();
    const index = { phase: 'scanning', done: 256, total: 1_024, unit: 'blocks' };
    const progress = {
      phase: 'indexing',
      step: { number: 2, of: 5 },
      index,
      events: 9,
      total: 9,
      share: 1,
      rate: 0,
      eta: null,
    };
    await page.route('**/v1/operations/projections/workspaces/rebuild', (route) =>
      route.fulfill({ status: 202, json: {} }),
    );
    await page.route('**/v1/operations/projections/workspaces', (route) =>
      route.fulfill({ json: { work: { state: 'running', progress } } }),
    );
    await page.getByRole('button', { name: 'Rebuild workspaces' }).click();
    await page.getByText('Making index 2 of 5… · reading the table 25%').waitFor();

    const { body: standings } = await site.call('GET /v1/operations/projections', { as: { ...owner, token } });
    const [standing] = standings.items;
    const next = { ...standing, startedAt: standing.updatedAt, progress: { ...progress, step: null }, failure: null };
    await page.route('**/v1/operations/projections', (route) =>
      route.fulfill({ json: { items: [{ ...standing, next }] } }),
    );
    await page.reload();
    await page.getByText('Making indexes… · reading the table 25%').waitFor();
  });

  t.test('the tables of before are put back, and dropped, once that is confirmed', async (t) => {
    const page = await open();
    const operations = site.core.operations;
    const previous = async () => (await operations.list()).find(({ name }) => name === 'users-tab')?.previous;
    t.ok(await previous(), 'the rebuild has left some');
    await page.getByRole('button', { name: 'Rebuild users-tab' }).click();
    await page.getByText('still has the tables of before its last switch').waitFor();

    await page.getByRole('button', { name: 'Go back to the previous tables of users-tab' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Go back to them' }).click();
    await page.getByText('The previous tables are live again; those that were live are kept.').waitFor();
    t.match(await operations.journal('users-tab', 1), [{ act: 'switched-back', by: 'operator:ops@example.com' }]);

    const drop = page.getByRole('button', { name: 'Drop the previous tables of users-tab' });
    await drop.click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    t.ok(await previous(), 'nothing was dropped');
    await drop.click();
    t.strictSame(await accessibilityFaults(page), []);
    await page.getByRole('dialog').getByRole('button', { name: 'Drop them' }).click();
    await page.getByText('The previous tables are gone.').waitFor();
    await drop.waitFor({ state: 'detached' });
    t.equal(await previous(), null);
  });

  t.test('who paused a projection, and why, is shown until it is resumed', async (t) => {
    const operations = site.core.operations;
    await operations.pause('workspaces', { by: 'ops@example.com', reason: 'the disk is being replaced' });
    const page = await open();
    const standing = page.locator('.standing', { hasText: 'workspaces' });
    await standing.getByText(/^Paused by ops@example\.com .+: the disk is being replaced$/).waitFor();
    t.strictSame(await accessibilityFaults(page), []);
    await site.core.pool.query(`delete from following.journal where act = 'paused'`);
    await page.reload();
    await standing.getByText(/^Paused [^b]/).waitFor();
    await operations.resume('workspaces');
    await page.reload();
    await standing.getByText('Up to date').waitFor();
  });

  for (const locale of ['pt-BR', 'es']) {
    t.test(`axe finds nothing, on a phone in the dark, in ${locale}`, async (t) => {
      const page = await open({ locale, colorScheme: 'dark', viewport: { width: 360, height: 740 } });
      t.strictSame(await accessibilityFaults(page), []);
      await waitForNoOverflow(page);
    });
  }
});
