import { contextOf } from '../support/core.js';
import { anyMail } from '../support/mail-content.js';
import { accessibilityFaults, inBrowser, waitForCount, waitForNoOverflow, waitUntilTrue } from './support/browser.js';

inBrowser((t, site) => {
  /** A workspace with somebody of each kind, and its tab as the owner has it before them. */
  async function openTab(owner: string, options = {}) {
    const as = await site.signIn(owner, 'Olivia Owner');
    const workspaceId = await site.createWorkspace(as, 'Acme');
    const ana = await site.invite(as, workspaceId, 'ana@example.com');
    await site.invite(as, workspaceId, 'ben@example.com', 'administrator');
    const carla = await site.signIn('carla@example.com');
    const { invitation } = await site.invite(as, workspaceId, carla.email);
    await site.call(`POST /v1/me/invitations/${invitation.id}/accept`, { as: carla });
    await site.caughtUp();
    const page = await site.openAs(owner, `/workspaces/${workspaceId}/users`, options);
    await page.locator('[data-user]').first().waitFor();
    const row = (email: string) => page.locator(`[data-user="${site.person(email)}"]`);
    const act = async (email: string, action: string) => {
      await row(email)
        .getByRole('button', { name: /^Actions for/ })
        .click();
      await page.getByRole('menuitem', { name: action }).click();
    };
    const userOf = async (email: string) => {
      await site.caughtUp();
      return (await site.call(`GET /v1/workspaces/${workspaceId}/users/${site.person(email)}`, { as })).body;
    };
    return { as, workspaceId, ana, page, row, act, userOf };
  }

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

  t.test('an invitation is sent again from its row, by the keyboard', async (t) => {
    const { page, row, userOf } = await openTab('o3@example.com');
    await row('ana@example.com').getByRole('button', { name: 'Actions for ana@example.com' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Resend invitation' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('Invitation to ana@example.com is on its way').waitFor();
    t.equal((await userOf('ana@example.com')).invitation.issue, 2);
  });

  t.test('deleting asks first; no means no', async (t) => {
    const { page, row, act, userOf } = await openTab('o4@example.com');
    await act('ana@example.com', 'Delete invitation');
    const dialog = page.getByRole('dialog', { name: 'Delete this invitation?' });
    t.strictSame(await accessibilityFaults(page), []);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    t.equal((await userOf('ana@example.com')).status, 'waiting');
    await act('ana@example.com', 'Delete invitation');
    await dialog.getByRole('button', { name: 'Delete invitation' }).click();
    await row('ana@example.com').getByText('Deleted').waitFor();
    t.equal((await userOf('ana@example.com')).status, 'revoked');
  });

  t.test('a permission is changed, and somebody removed', async (t) => {
    const { page, row, act, userOf } = await openTab('o5@example.com');
    await act('carla@example.com', 'Make administrator');
    await row('carla@example.com').getByText('Administrator', { exact: true }).waitFor();
    t.equal((await userOf('carla@example.com')).role, 'administrator');
    await act('carla@example.com', 'Remove from workspace');
    await page.getByRole('dialog').getByRole('button', { name: 'Remove from workspace' }).click();
    await row('carla@example.com').getByText('Removed').waitFor();
    t.equal((await userOf('carla@example.com')).status, 'removed');
  });

  t.test('the link of an invitation is copied, and its address corrected', async (t) => {
    const { page, row, act, userOf } = await openTab('o6@example.com', {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await act('ana@example.com', 'Copy link');
    await page.getByText('The link for ana@example.com is in the clipboard').waitFor();
    t.match(await page.evaluate('navigator.clipboard.readText()'), /\/accept#[\w.-]+$/);
    // A page that came without https has no clipboard.
    await page.evaluate('Object.defineProperty(navigator, "clipboard", { value: undefined })');
    await act('ana@example.com', 'Copy link');
    const byHand = page.getByRole('dialog').getByLabel('The link for ana@example.com');
    t.match(await byHand.inputValue(), /\/accept#[\w.-]+$/);
    t.strictSame(await accessibilityFaults(page), []);
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    await act('ana@example.com', 'Correct address');
    await page.getByLabel('New e-mail address').fill('ana.souza@example.com');
    await page.getByRole('dialog').getByRole('button', { name: 'Correct address' }).click();
    await row('ana.souza@example.com').waitFor();
    t.equal((await userOf('ana.souza@example.com')).status, 'waiting');
  });

  t.test('mails to an address that they came back from are allowed again, with a reason', async (t) => {
    const { as, ana, page, row, act } = await openTab('o13@example.com');
    const link = { invitationId: ana.invitation.id, issue: 1 };
    await site.core.emails.begin(link, '<1@example.com>', anyMail, contextOf(as.id));
    const reply = '550 5.1.1 There is no such mailbox';
    const report = { id: 'r1', reportedBy: 'dsn', isProven: true, kind: 'permanent', reply, mail: link } as const;
    const { commandId: _ofReport, ...context } = contextOf(as.id);
    await site.core.deliveryReports.record(report, context);
    await row('ana@example.com').getByRole('button', { name: 'Bounced' }).click();
    await page.getByText(reply).waitFor();
    await page.keyboard.press('Escape');
    await row('ana@example.com')
      .getByText(/^expires /)
      .waitFor();

    const invite = await site.openAs(as.email, `/workspaces/${await site.createWorkspace(as, 'Other')}/invite`);
    await invite.getByLabel('E-mail addresses').fill('ana@example.com');
    await invite.getByRole('button', { name: /^Invite/ }).click();
    await invite.getByText('Invited, but no e-mail goes out').waitFor();
    await invite.close();

    await act('ana@example.com', 'Allow mails again');
    const dialog = page.getByRole('dialog', { name: 'Allow mails to this address again?' });
    await dialog.getByLabel('Why they will arrive now').fill('Ana says so');
    t.strictSame(await accessibilityFaults(page), []);
    await page.keyboard.press('Enter');
    await page.getByText('Mails to ana@example.com are allowed again').waitFor();
    await act('ana@example.com', 'Resend invitation');
    await page.getByText('Invitation to ana@example.com is on its way').waitFor();
    await row('ana@example.com').getByText('Queued').waitFor();
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

  t.test('many are sent again, and deleted, at once', async (t) => {
    const { page, row, userOf } = await openTab('o7@example.com');
    await page.getByLabel('Select all that are shown').check();
    await page.getByText('2 selected').waitFor();
    t.strictSame(await accessibilityFaults(page), []);
    await page.getByRole('region').getByRole('button', { name: 'Resend invitation' }).click();
    await page.getByText('2 invitations are on their way.').waitFor();
    t.equal((await userOf('ben@example.com')).invitation.issue, 2);
    await page.getByLabel('Select ana@example.com').check();
    await page.getByRole('region').getByRole('button', { name: 'Delete invitation' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete invitation' }).click();
    await row('ana@example.com').getByText('Deleted').waitFor();
    await page.getByText('1 invitation deleted.').waitFor();
    t.equal((await userOf('ben@example.com')).status, 'waiting');
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
    await row('meanwhile@example.com').waitFor({ timeout: 15_000 });
    t.pass();
  });

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
