import { contextOf } from '../support/core.js';
import { anyMail } from '../support/mail-content.js';
import { accessibilityFaults, inBrowser, waitForCount, waitForFocus } from './support/browser.js';

inBrowser((t, site) => {
  const reply = { reply: '250 2.0.0 queued as 4F2A', code: 250, enhancedCode: '2.0.0' };

  /** A workspace where Ana has been invited and the mail to her taken, and its tab as the owner has it before them. */
  async function openTab(
    owner: string,
    { search = '', ...options }: { search?: string; [option: string]: unknown } = {},
  ) {
    const as = await site.signIn(owner, 'Olivia Owner');
    const workspaceId = await site.createWorkspace(as, 'Acme');
    const ana = await site.invite(as, workspaceId, 'ana@example.com');
    const first = { invitationId: ana.invitation.id, issue: 1 };
    const service = () => ({ ...contextOf(as.id), actor: { type: 'service', id: 'worker' } as const });
    await site.core.emails.begin(first, '<1@example.com>', anyMail, service());
    await site.core.emails.record({ ...first, attempt: 1, outcome: 'sent', ...reply }, service());
    await site.caughtUp();
    const page = await site.openAs(owner, `/workspaces/${workspaceId}/users${search}`, options);
    await page.locator('[data-user]').first().waitFor();
    const row = page.locator(`[data-user="${ana.id}"]`);
    const drawer = page.locator('dialog.drawer');
    const entry = (type: string) => drawer.locator(`[data-type="${type}"]`).first();
    return { as, workspaceId, ana, page, row, drawer, entry };
  }

  t.test('a click on a name tells all that happened, the newest first, and Escape leads back', async (t) => {
    const { page, row, drawer, entry } = await openTab('o1@example.com');
    const name = row.getByRole('button', { name: 'ana@example.com', exact: true });
    await name.click();
    await page.getByRole('dialog', { name: 'ana@example.com' }).waitFor();
    await entry('invited').waitFor();
    const types = await drawer
      .locator('[data-type]')
      .evaluateAll((all) => all.map((one) => one.getAttribute('data-type')));
    t.strictSame(types, ['mail-sent', 'mail-attempted', 'invited']);
    t.match(
      await entry('invited').innerText(),
      /^Olivia Owner invited ana@example\.com as developer[\s\S]*(?:now|ago) · Olivia Owner/,
    );
    t.match(await entry('mail-sent').innerText(), /The mail server took mail 1[\s\S]*The service/);
    t.match(await drawer.locator('header').innerText(), /ana@example\.com[\s\S]*Waiting[\s\S]*Developer/);
    t.strictSame(await accessibilityFaults(page), []);
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });
    await page.waitForURL(/users$/);
    await waitForFocus(name);
  });

  t.test('the server’s reply, its code, the attempt and the Message-ID are told on demand', async (t) => {
    const { page, row, drawer, entry } = await openTab('o2@example.com');
    await row.getByRole('button', { name: 'ana@example.com', exact: true }).click();
    await entry('mail-sent').getByText('Details').click();
    const facts = await entry('mail-sent').locator('dl').innerText();
    t.match(facts, /250 2\.0\.0 queued as 4F2A[\s\S]*Code\s+250 2\.0\.0[\s\S]*Attempt\s+1, of e-mail 1/);
    await entry('mail-attempted').getByText('Details').click();
    t.match(await entry('mail-attempted').locator('dl').innerText(), '<1@example.com>');
    t.strictSame(await accessibilityFaults(page), []);
    await drawer.getByRole('button', { name: 'Close' }).click();
    await drawer.waitFor({ state: 'detached' });
  });

  t.test('by the keyboard alone, from the row’s menu', async (t) => {
    const { page, row, drawer, entry } = await openTab('o3@example.com');
    const menu = row.getByRole('button', { name: 'Actions for ana@example.com' });
    await menu.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Timeline' }).waitFor();
    // It stands before what is dangerous, which is the last.
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await entry('mail-sent').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await entry('mail-sent').locator('dl').waitFor();
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });
    await waitForFocus(menu);
    t.pass();
  });

  t.test('what happens while it is open shows at once', async (t) => {
    const { as, workspaceId, ana, row, drawer, entry } = await openTab('o4@example.com');
    await row.getByRole('button', { name: 'ana@example.com', exact: true }).click();
    await entry('mail-sent').waitFor();
    await entry('mail-sent').getByText('Details').click();
    await site.call('POST /v1/invitations/accept', { body: { token: site.linkOf(ana), name: 'Ana Souza' } });
    await entry('accepted').waitFor();
    await drawer.getByRole('heading', { name: 'Ana Souza' }).waitFor();
    t.ok(await entry('mail-sent').locator('dl').isVisible(), 'what was opened stays open');
    await site.call(`PATCH /v1/workspaces/${workspaceId}/users/${ana.id}`, { as, body: { role: 'administrator' } });
    await entry('role-changed').waitFor();
    t.equal(await drawer.locator('[data-type]').first().getAttribute('data-type'), 'role-changed');
    await waitForCount(drawer.locator('[data-type]'), 5);
  });

  t.test(
    'its address can be passed on, also of somebody whom the list does not show, and going back closes it',
    async (t) => {
      const { as, workspaceId, ana, page, row, drawer, entry } = await openTab('o5@example.com', {
        search: '?status=waiting',
      });
      await row.getByRole('button', { name: 'ana@example.com', exact: true }).click();
      await entry('invited').waitFor();
      const address = page.url();
      t.match(address, `?status=waiting&person=${ana.id}`);
      await page.goBack();
      await drawer.waitFor({ state: 'detached' });
      t.match(page.url(), /\?status=waiting$/);
      await site.call(`DELETE /v1/workspaces/${workspaceId}/invitations/${ana.invitation.id}`, { as });
      await page.goto(address);
      await page.getByRole('dialog', { name: 'ana@example.com' }).waitFor();
      await entry('revoked').waitFor();
      await page.keyboard.press('Escape');
      await page.waitForURL(/\?status=waiting$/);
      await page.goto(address.replace(ana.id, site.person('nobody@example.com')));
      await drawer.getByText('This person is not in the workspace any more.').waitFor();
      await waitForCount(drawer.getByRole('button', { name: 'Try again' }), 0);
    },
  );

  t.test('it comes in pages, and again after a failure', async (t) => {
    const { page, row, drawer, entry } = await openTab('o6@example.com');
    let failing = true;
    await page.route('**/timeline?**', (route) =>
      failing ? route.abort() : route.continue({ url: `${route.request().url()}&limit=2` }),
    );
    await row.getByRole('button', { name: 'ana@example.com', exact: true }).click();
    await drawer.getByText('The service cannot be reached.').waitFor();
    failing = false;
    await drawer.getByRole('button', { name: 'Try again' }).click();
    await entry('mail-attempted').waitFor();
    await waitForCount(entry('invited'), 0);
    await drawer.getByRole('button', { name: 'Show earlier' }).click();
    await entry('invited').waitFor();
    await waitForCount(drawer.locator('[data-type]'), 3);
    await waitForCount(drawer.getByRole('button', { name: 'Show earlier' }), 0);
    t.pass();
  });

  t.test('a developer may look as well', async (t) => {
    const { as, workspaceId } = await openTab('o7@example.com');
    const dev = await site.signIn('dev7@example.com', 'Dev');
    const { invitation } = await site.invite(as, workspaceId, dev.email);
    await site.call(`POST /v1/me/invitations/${invitation.id}/accept`, { as: dev });
    const page = await site.openAs(dev.email, `/workspaces/${workspaceId}/users`);
    await page.getByRole('button', { name: 'Actions for ana@example.com' }).click();
    await page.getByRole('menuitem', { name: 'Timeline' }).click();
    await page.locator('dialog [data-type="invited"]').waitFor();
    t.pass();
  });

  const inWords = {
    en: /^Olivia Owner invited ana@example\.com as developer, until/,
    'pt-BR': /^Olivia Owner convidou ana@example\.com como desenvolvedor, até/,
    es: /^Olivia Owner invitó a ana@example\.com como desarrollador, hasta el/,
  };
  for (const [locale, words] of Object.entries(inWords)) {
    t.test(`${locale}: in words, by the reader’s clock, on the smallest phone in the dark`, async (t) => {
      const timezoneId = 'Asia/Kathmandu';
      const viewport = { width: 320, height: 640 };
      const { ana, page, drawer, entry, row } = await openTab(`words-${locale}@example.com`, {
        ...{ locale, timezoneId, viewport, colorScheme: 'dark' },
      });
      await row.getByRole('button', { name: 'ana@example.com', exact: true }).click();
      await entry('invited').waitFor();
      const clock = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: timezoneId });
      const text = (await entry('invited').innerText()).replace(/\s/g, ' ');
      t.match(text, words);
      for (const instant of [ana.invitation.invitedAt, ana.invitation.expiresAt]) {
        t.ok(text.includes(clock.format(new Date(instant)).replace(/\s/g, ' ')), `${text} has ${instant}`);
      }
      await entry('mail-sent').locator('summary').click();
      t.strictSame(await accessibilityFaults(page), []);
      const { width } = (await drawer.boundingBox()) ?? {};
      t.equal(width, 320);
      t.equal(await drawer.evaluate((element) => element.scrollWidth - element.clientWidth), 0);
    });
  }
});
