import type { Page } from 'playwright-core';

import { accessibilityFaults, inBrowser, waitForNoOverflow } from './support/browser.js';

const DAY = 86_400;

inBrowser(
  async (t, site) => {
    const owner = await site.signIn('olivia@example.com', 'Olivia Owner');

    /** A workspace of the owner, its settings opened, and how to read them as a client does. */
    async function opened(email = owner.email) {
      const workspaceId = await site.createWorkspace(owner, 'Acme');
      await site.caughtUp();
      const page = await site.openAs(email, `/workspaces/${workspaceId}/settings`);
      await page.getByRole('heading', { level: 2, name: 'Domains' }).waitFor();
      const read = async () => (await site.call(`GET /v1/workspaces/${workspaceId}`, { as: owner })).body;
      return { page, read, workspaceId };
    }
    const part = (page: Page, name: string) => page.getByRole('region', { name });
    const save = (page: Page, name: string) => part(page, name).getByRole('button', { name: 'Save' }).click();
    const saved = (page: Page, name: string) => part(page, name).getByText('Saved', { exact: true }).waitFor();

    t.test('a workspace is renamed, and the page says its new name', async (t) => {
      const { page, read } = await opened();
      await page.getByLabel('Name of the workspace').fill('  Acme & Sons ');
      await save(page, 'Name');
      await saved(page, 'Name');
      await page.getByRole('heading', { level: 1, name: 'Acme & Sons' }).waitFor();
      await part(page, 'Look of the e-mails').getByText('Join Acme & Sons').waitFor({ state: 'attached' });
      t.equal((await read()).name, 'Acme & Sons');
      await page.getByLabel('Name of the workspace').fill('Acme');
      t.equal(
        await part(page, 'Name').getByText('Saved', { exact: true }).count(),
        0,
        'what is typed is not saved yet',
      );
    });

    t.test('the look of the mails is shown while it is typed, saved, and taken away again', async (t) => {
      const { page, read } = await opened();
      const name = 'Look of the e-mails';
      await page.getByLabel('Brand name').fill('Acme Mail');
      await page.getByLabel('Address of the logo').fill('https://logos.example.com/acme.png');
      await page.getByRole('textbox', { name: 'Accent colour', exact: true }).fill('#0B6E4F');
      const preview = page.locator('.mail-preview');
      await preview.getByText('Acme Mail').waitFor();
      t.equal(
        await preview.locator('.mail-button').evaluate((button) => (button as unknown as Styled).style.background),
        'rgb(11, 110, 79)',
      );
      await save(page, name);
      await saved(page, name);
      t.strictSame((await read()).brand, {
        name: 'Acme Mail',
        logoUrl: 'https://logos.example.com/acme.png',
        accentColour: '#0b6e4f',
      });
      t.equal(await page.getByRole('textbox', { name: 'Accent colour', exact: true }).inputValue(), '#0b6e4f');

      await page.getByLabel('Brand name').fill('');
      await page.getByLabel('Address of the logo').fill('');
      await page.getByRole('textbox', { name: 'Accent colour', exact: true }).fill('');
      await save(page, name);
      await saved(page, name);
      t.strictSame((await read()).brand, { name: null, logoUrl: null, accentColour: null });
    });

    t.test('a colour that cannot be read is refused with its contrast, and one that can is a click away', async (t) => {
      const { page, read } = await opened();
      const name = 'Look of the e-mails';
      const colour = page.getByRole('textbox', { name: 'Accent colour', exact: true });
      await colour.fill('#ffcc00');
      await save(page, name);
      await part(page, name)
        .getByText(/its contrast is 1\.5\d?:1, and it takes 4\.5:1/)
        .waitFor();
      t.equal(await colour.inputValue(), '#ffcc00', 'what was typed stays');
      t.equal(await colour.getAttribute('aria-invalid'), 'true');
      t.equal((await read()).brand.accentColour, null);
      await part(page, name)
        .getByRole('button', { name: /^Use #/ })
        .click();
      const passing = await colour.inputValue();
      await save(page, name);
      await saved(page, name);
      t.equal((await read()).brand.accentColour, passing);

      await colour.fill('blue');
      await save(page, name);
      await part(page, name).getByText('Type the colour as #').waitFor();
      await page.getByLabel('Address of the logo').fill('https://elsewhere.example.com/acme.png');
      await save(page, name);
      await part(page, name)
        .getByText(/these hosts only, by https:\/\/: logos\.example\.com\./)
        .waitFor();
    });

    t.test('reminders are set to so many days, and turned off', async (t) => {
      const { page, read } = await opened();
      await page.getByLabel('Days after the invitation').fill('5');
      await save(page, 'Reminders');
      await saved(page, 'Reminders');
      t.strictSame((await read()).reminders, { enabled: true, afterSeconds: 5 * DAY });
      await page.getByLabel('Remind people of their invitation').uncheck();
      t.ok(await page.getByLabel('Days after the invitation').isDisabled());
      await save(page, 'Reminders');
      await saved(page, 'Reminders');
      t.strictSame((await read()).reminders, { enabled: false, afterSeconds: 5 * DAY });
      await page.reload();
      await page.getByLabel('Days after the invitation').waitFor();
      t.equal(await page.getByLabel('Remind people of their invitation').isChecked(), false);
    });

    t.test('domains are a line each; one that is none is named at its field, and what was typed stays', async (t) => {
      const { page, read } = await opened();
      const allowed = page.getByLabel('Allowed domains');
      const denied = page.getByLabel('Denied domains');
      await allowed.fill('Example.com\n*.example.com\nno_domain!');
      await denied.fill('bad.example.com');
      await save(page, 'Domains');
      await part(page, 'Domains').getByText('These are none: ').waitFor();
      t.match(await part(page, 'Domains').getByRole('alert').allTextContents(), [
        /These are none: no_domain!$/,
        '',
        '',
      ]);
      t.equal(await allowed.getAttribute('aria-invalid'), 'true');
      t.equal(await denied.getAttribute('aria-invalid'), 'false');
      t.equal(await allowed.inputValue(), 'Example.com\n*.example.com\nno_domain!');
      t.strictSame(await accessibilityFaults(page), []);
      t.strictSame((await read()).invitationDomains, { allowed: [], denied: [] });

      await allowed.fill('Example.com\n*.example.com');
      await save(page, 'Domains');
      await saved(page, 'Domains');
      t.strictSame((await read()).invitationDomains, {
        allowed: ['example.com', '*.example.com'],
        denied: ['bad.example.com'],
      });
      t.equal(await allowed.inputValue(), 'example.com\n*.example.com', 'as they are kept');
    });

    t.test('where the service cannot be reached it says so, and the next try saves', async (t) => {
      const { page, read, workspaceId } = await opened();
      await page.route(`**/v1/workspaces/${workspaceId}`, (route) => route.abort());
      await page.getByLabel('Name of the workspace').fill('Acme Ltd');
      await save(page, 'Name');
      await part(page, 'Name').getByText('The service cannot be reached.').waitFor();
      t.equal(await page.getByLabel('Name of the workspace').inputValue(), 'Acme Ltd');
      await page.unroute(`**/v1/workspaces/${workspaceId}`);
      await save(page, 'Name');
      await saved(page, 'Name');
      t.equal((await read()).name, 'Acme Ltd');
    });

    t.test('administrators reach it by its tab; developers have none, and are told why', async (t) => {
      const workspaceId = await site.createWorkspace(owner, 'Acme');
      await site.join(owner, workspaceId, 'ben@example.com', 'administrator');
      await site.join(owner, workspaceId, 'dora@example.com', 'developer');
      await site.caughtUp();
      const users = `/workspaces/${workspaceId}/users`;
      const ben = await site.openAs('ben@example.com', users);
      await ben.getByRole('link', { name: 'Settings' }).click();
      await ben.getByLabel('Name of the workspace').waitFor();

      const dora = await site.openAs('dora@example.com', users);
      await dora.getByRole('heading', { level: 1, name: 'Acme' }).waitFor();
      t.equal(await dora.getByRole('link', { name: 'Settings' }).count(), 0);
      await dora.goto(`/workspaces/${workspaceId}/settings`);
      await dora.getByRole('heading', { name: 'The settings are not open to you' }).waitFor();
      t.equal(await dora.locator('form').count(), 0);
      t.strictSame(await accessibilityFaults(dora), []);
      await dora.getByRole('link', { name: 'To the users' }).click();
      await dora.waitForURL(`**${users}`);
    });

    for (const locale of ['en', 'pt-BR', 'es']) {
      for (const colorScheme of ['light', 'dark'] as const) {
        t.test(`axe finds nothing, and it fits a phone: ${locale}, ${colorScheme}`, async (t) => {
          const { workspaceId } = await opened();
          const viewport = { width: 320, height: 640 };
          const path = `/workspaces/${workspaceId}/settings`;
          const page = await site.openAs(owner.email, path, { locale, colorScheme, viewport });
          await page.locator('.mail-preview').waitFor();
          t.strictSame(await accessibilityFaults(page), []);
          await waitForNoOverflow(page);
        });
      }
    }
  },
  { logoHosts: ['logos.example.com'] },
);

/** What of an element is looked at here: these tests know no DOM. */
interface Styled {
  readonly style: { readonly background: string };
}
