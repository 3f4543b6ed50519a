import { accessibilityFaults, inBrowser, waitForNoOverflow } from './support/browser.js';
import { SCANNER } from './support/scanner.js';

inBrowser((t, site) => {
  const accountOf = async (email: string) => {
    const account = await site.core.accounts.read(site.person(email));
    return account.status === 'registered' ? { locale: account.locale, ...account.notifications } : undefined;
  };

  t.test('people reach it by the menu of their account, and choose which mails they get', async (t) => {
    const page = await site.openAs('ana@example.com', '/', { locale: 'es-AR' });
    // The start leads on; a menu of the page before goes with it.
    await page.getByRole('heading', { name: 'Crear un espacio de trabajo' }).waitFor();
    await page.getByRole('button', { name: 'Cuenta' }).click();
    await page.getByRole('menuitem', { name: 'Preferencias' }).click();
    await page.waitForURL('**/preferences');
    await page.getByLabel('Resúmenes de sus invitaciones').uncheck();
    await page.getByLabel('Idioma de los correos').selectOption('pt-BR');
    await page.getByRole('button', { name: 'Guardar' }).click();
    await page.getByText('Sus preferencias se han guardado.').waitFor();
    t.strictSame(await accountOf('ana@example.com'), { locale: 'pt-BR', digests: false, renewalRequests: true });

    await page.reload();
    await page.getByLabel('Peticiones de un enlace nuevo').waitFor();
    t.equal(await page.getByLabel('Resúmenes de sus invitaciones').isChecked(), false);
    t.equal(await page.getByLabel('Peticiones de un enlace nuevo').isChecked(), true);
    t.equal(await page.getByLabel('Idioma de los correos').inputValue(), 'pt-BR');
  });

  t.test('who is not signed in does so first, and comes back', async (t) => {
    const page = await (await site.openContext()).newPage();
    await page.goto('/preferences');
    await page.waitForURL('**/sign-in');
    await page.goto(site.signInPath('ben@example.com'));
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL('**/preferences');
    await page.getByText('For the e-mails to ben@example.com.').waitFor();
    t.pass();
  });

  t.test('that a choice could not be saved is told, and the choice stays', async (t) => {
    const page = await site.openAs('cleo@example.com', '/preferences');
    await page.getByLabel('Requests for a new link').uncheck();
    await page.route('**/v1/me', (route) => route.abort());
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The service cannot be reached.').first().waitFor();
    t.equal(await page.getByLabel('Requests for a new link').isChecked(), false);
    await page.unroute('**/v1/me');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Your preferences are saved.').waitFor();
    t.match(await accountOf('cleo@example.com'), { renewalRequests: false });
  });

  t.test('the link in a mail turns such mails off without signing in: on a click, and not before', async (t) => {
    const { id } = await site.signIn('eve@example.com');
    const token = site.core.unsubscribeTokens.sign({ userId: id, kind: 'digests' }, new Date());
    const page = await (await site.openContext()).newPage();
    await page.goto(`/v1/notifications/unsubscribe?token=${token}`);
    await page.waitForURL(`**/preferences#${token}`);
    await page.getByRole('heading', { name: 'Turn off these e-mails?' }).waitFor();
    t.strictSame(await accessibilityFaults(page), []);
    await page.evaluate(SCANNER);
    t.match(await accountOf('eve@example.com'), { digests: true });
    await page.getByRole('button', { name: 'Turn them off' }).click();
    await page.getByText('You will not get these any more: Summaries of your invitations.').waitFor();
    t.match(await accountOf('eve@example.com'), { digests: false, renewalRequests: true });
    t.strictSame(await accessibilityFaults(page), []);
    await page.getByRole('button', { name: 'Choose which e-mails you get' }).click();
    await page.waitForURL('**/sign-in');
  });

  t.test('a link that is none says so', async (t) => {
    const page = await (await site.openContext()).newPage();
    await page.goto('/preferences#no-token');
    await page.getByRole('button', { name: 'Turn them off' }).click();
    await page.getByText('This link has expired, or is not complete.').waitFor();
    t.pass();
  });

  for (const locale of ['en', 'pt-BR', 'es']) {
    for (const colorScheme of ['light', 'dark'] as const) {
      t.test(`axe finds nothing, and it fits a phone: ${locale}, ${colorScheme}`, async (t) => {
        const viewport = { width: 320, height: 640 };
        const page = await site.openAs('dora@example.com', '/preferences', { locale, colorScheme, viewport });
        await page.locator('input[name=digests]').waitFor();
        t.strictSame(await accessibilityFaults(page), []);
        await waitForNoOverflow(page);
      });
    }
  }
});
