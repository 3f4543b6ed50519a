import { contextOf } from '../support/core.js';
import { anyMail } from '../support/mail-content.js';
import { accessibilityFaults, inBrowser, waitForCount, waitForNoOverflow, waitUntilTrue } from './support/browser.js';
import { openUsersTab } from './support/users-tab.js';

inBrowser((t, site) => {
  const openTab = (owner: string, options = {}) => openUsersTab(site, owner, options);

  t.test('it shows who is in the workspace, with status, delivery and permission', async (t) => {
    const { page, row } = await openTab('o1@example.com');
    await waitForCount(page.locator('[data-user]'), 4);
    await row('ana@example.com')
      .filter({ hasText: /Waiting.*Queued.*Developer.*by Olivia Owner/ })
      .waitFor();
    await row('carla@example.com').filter({ hasText: 'Active' }).waitFor();
    await row('o1@example.com')
      .filter({ hasText: /Olivia Owner.*You.*Active.*Owner/ })
      .waitFor();
    await page.getByText('4 people hold a seat').waitFor();
    t.strictSame(await accessibilityFaults(page), []);
  });

  t.test('it is searched as one types, filtered and sorted, and the address bar keeps it', async (t) => {
    const { page, row } = await openTab('o2@example.com');
    await page.getByRole('searchbox').pressSequentially('ana');
    await row('ben@example.com').waitFor({ state: 'detached' });
    await row('ana@example.com').waitFor();
    await page.getByRole('searchbox').fill('nobody at all');
    await page.getByRole('heading', { name: 'Nobody fits' }).waitFor();
    await page.getByRole('button', { name: 'Clear search and filters' }).click();
    await row('ben@example.com').waitFor();
    await page.getByRole('button', { name: /^Waiting 2/ }).click();
    await row('carla@example.com').waitFor({ state: 'detached' });
    await page.getByLabel('Permission').selectOption('administrator');
    await row('ana@example.com').waitFor({ state: 'detached' });
    await page.reload();
    await row('ben@example.com').waitFor();
    await waitForCount(page.locator('[data-user]'), 1);
    await page.goto(page.url().split('?')[0] ?? '');
    await row('ana@example.com').waitFor();
    await page.getByRole('button', { name: 'Name and e-mail' }).click();
    await page.locator('th[aria-sort=ascending]').waitFor();
    await waitUntilTrue(page, 'document.querySelector("[data-user] .names").innerText.startsWith("ana")');
    t.pass();
  });

  t.test('no letter is lost that is typed while a search begins, on a slow machine', async (t) => {
    const { page } = await openTab('o2b@example.com');
    const devTools = await page.context().newCDPSession(page);
    await devTools.send('Emulation.setCPUThrottlingRate', { rate: 15 });
    const search = page.getByRole('searchbox');
    for (const delay of [150, 190, 200, 230, 250]) {
      await search.fill('');
      await search.pressSequentially('anabelle', { delay });
      t.equal(await search.inputValue(), 'anabelle');
    }
  });

  t.test('what became of a reminder is told as that', async (t) => {
    const { as, ana, row } = await openTab('o14@example.com');
    const link = { invitationId: ana.invitation.id, issue: 1 };
    await site.core.emails.begin(link, '<1@example.com>', anyMail, contextOf(as.id));
    const said = { attempt: 1, outcome: 'sent', reply: '250 queued', code: 250 } as const;
    await site.core.emails.record({ ...link, ...said }, contextOf(as.id));
    await site.core.emails.begin({ ...link, mail: 'reminder' }, '<1.reminder@example.com>', anyMail, contextOf(as.id));
    await row('ana@example.com').getByRole('button', { name: 'Sending' }).click();
    await row('ana@example.com').getByText('The newest e-mail is a reminder').waitFor();
    t.pass();
  });

  t.test('what others do shows at once, and takes neither the focus nor the place', async (t) => {
    const { as, workspaceId, ana, page, row } = await openTab('o8@example.com');
    const search = page.getByRole('searchbox');
    await search.focus();
    await site.call('POST /v1/invitations/accept', { body: { token: site.linkOf(ana), name: 'Ana Souza' } });
    await row('ana@example.com').getByText('Active').waitFor();
    await row('ana@example.com').getByText('Ana Souza').waitFor();
    await site.invite(as, workspaceId, 'new@example.com');
    await row('new@example.com').waitFor();
    await page.locator('input[type=search]:focus').waitFor();
    t.pass();
  });

  t.test('what happened while the connection was lost is caught up with', async (t) => {
    const { as, workspaceId, page, row } = await openTab('o9@example.com');
    await page.context().setOffline(true);
    await page.getByText('You are offline').waitFor();
    await site.invite(as, workspaceId, 'meanwhile@example.com');
    await page.context().setOffline(false);
    await row('meanwhile@example.com').waitFor();
    t.pass();
  });

  for (const locale of ['en-US', 'pt-BR', 'es']) {
    t.test(`${locale}: when an invitation expires stands in one line, however near or far that is`, async (t) => {
      const email = `expiry-${locale.toLowerCase()}@example.com`;
      const as = await site.signIn(email, 'Olivia Owner');
      const workspaceId = await site.createWorkspace(as, 'Acme');
      const hour = 3_600;
      const lifetimes = [hour, 20 * hour, 6.5 * 24 * hour, 30 * 24 * hour];
      for (const invitationLifetimeSeconds of lifetimes) {
        await site.call(`PATCH /v1/workspaces/${workspaceId}`, { as, body: { invitationLifetimeSeconds } });
        await site.invite(as, workspaceId, `lives-${invitationLifetimeSeconds}@example.com`);
      }
      await site.caughtUp();
      const page = await site.openAs(email, `/workspaces/${workspaceId}/users`, { locale });
      await waitForCount(page.locator('.expires'), lifetimes.length);
      for (const width of [1280, 1024, 768, 390]) {
        await page.setViewportSize({ width, height: 800 });
        const heights = await page.evaluate<number[]>(
          `[...document.querySelectorAll('.expires')].map((one) =>
            one.getBoundingClientRect().height / parseFloat(getComputedStyle(one).lineHeight))`,
        );
        t.ok(Math.max(...heights) < 1.5, `${width} pixels: ${await page.locator('.expires').allInnerTexts()}`);
        await waitForNoOverflow(page);
      }
      const isBelow = await page.evaluate<boolean[]>(
        `[...document.querySelectorAll('[data-user]')].map((row) => row.querySelector('.status').getBoundingClientRect().top
          >= row.querySelector('.person').getBoundingClientRect().bottom)`,
      );
      t.strictSame(
        new Set(isBelow),
        new Set([true]),
        'on a phone the status stands below, also of who cannot be selected',
      );
    });
  }

  t.test('a developer looks on, and may only leave', async (t) => {
    const { workspaceId } = await openTab('o10@example.com');
    const page = await site.openAs('carla@example.com', `/workspaces/${workspaceId}/users`);
    await page.locator('[data-user]').first().waitFor();
    await waitForCount(page.getByRole('checkbox'), 0);
    await waitForCount(page.getByRole('link', { name: 'Invite users' }), 0);
    const menu = async (who: string, last: string, count: number) => {
      await page.getByRole('button', { name: `Actions for ${who}` }).click();
      await page.getByRole('menuitem', { name: last }).waitFor();
      await waitForCount(page.getByRole('menuitem'), count);
      await page.keyboard.press('Escape');
    };
    await menu('ana@example.com', 'Timeline', 1);
    await menu('carla', 'Leave workspace', 2);
    t.pass();
  });

  t.test('who types is not disturbed when the name of the workspace arrives', async (t) => {
    const { page } = await openTab('o11@example.com');
    let answer = () => {};
    const isTyped = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route('**/v1/me', async (route) => {
      await isTyped;
      await route.continue();
    });
    await page.reload();
    await page.locator('[data-user]').first().waitFor();
    await page.locator('h1:focus').waitFor();
    const search = page.getByRole('searchbox');
    await search.pressSequentially('ana');
    answer();
    await page.getByRole('heading', { name: 'Acme' }).waitFor();
    await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 50)))');
    await page.keyboard.type('@');
    t.equal(await search.inputValue(), 'ana@');
    await page.locator('input[type=search]:focus').waitFor();
  });

  t.test('who is removed while looking is told, and so is who never was there', async (t) => {
    const { as, workspaceId } = await openTab('o12@example.com');
    const page = await site.openAs('carla@example.com', `/workspaces/${workspaceId}/users`);
    await page.locator('[data-user]').first().waitFor();
    await waitUntilTrue(page, '!document.querySelector(".status-line").innerText.includes("…")');
    await site.call(`DELETE /v1/workspaces/${workspaceId}/users/${site.person('carla@example.com')}`, { as });
    await page.getByRole('heading', { name: 'You are not in this workspace' }).waitFor();
    await page.getByText('You have been removed from it').waitFor();
    t.strictSame(await accessibilityFaults(page), []);
    const stranger = await site.openAs('stranger@example.com', `/workspaces/${workspaceId}/users`);
    await stranger.getByRole('heading', { name: 'You are not in this workspace' }).waitFor();
    await stranger.getByText('There is no such workspace').waitFor();
  });

  for (const locale of ['pt-BR', 'es']) {
    t.test(`axe finds nothing, on a phone in the dark, in ${locale}`, async (t) => {
      const viewport = { width: 360, height: 740 };
      const { page } = await openTab(`${locale}@example.com`, { locale, colorScheme: 'dark', viewport });
      t.strictSame(await accessibilityFaults(page), []);
      await waitForNoOverflow(page);
    });
  }
});
