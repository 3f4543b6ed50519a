import { inBrowser, waitUntilTrue } from './support/browser.js';

inBrowser(async (t, site) => {
  const as = await site.signIn('olivia@example.com', 'Olivia Owner');
  const workspaceId = await site.createWorkspace(as, 'Acme');
  await site.invite(as, workspaceId, 'ana@example.com');
  await site.caughtUp();
  const loaded = (name: string) =>
    `performance.getEntriesByType('resource').some(({ name }) => name.endsWith('${name}'))`;

  t.test(
    'what a click opens is loaded by it; where that fails it is told, and the next click tries again',
    async (t) => {
      const page = await site.openAs(as.email, `/workspaces/${workspaceId}/users`);
      const name = page.getByRole('button', { name: 'ana@example.com', exact: true });
      await name.waitFor();
      t.notOk(await page.evaluate(loaded('/users/timeline.js')));

      await page.route('**/parts/users/timeline.js', (route) => route.abort());
      await name.click();
      await page.getByText('This part of the page could not be loaded.').waitFor();
      await page.waitForURL(/users$/);
      await waitUntilTrue(page, 'document.activeElement.innerText === "ana@example.com"');

      await page.unroute('**/parts/users/timeline.js');
      await name.click();
      await page.getByRole('dialog', { name: 'ana@example.com' }).waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await waitUntilTrue(page, 'document.activeElement.innerText === "ana@example.com"');
    },
  );

  t.test('a page that cannot be drawn without what is missing offers to load it anew', async (t) => {
    const page = await site.openAs(as.email, '/workspaces/new');
    await page.route('**/parts/users/users-then.js', (route) => route.abort());
    await page.goto(`/workspaces/${workspaceId}/users?asOf=${new Date().toISOString()}`);
    await page.getByRole('heading', { name: 'Something went wrong on this page' }).waitFor();
    await page.unroute('**/parts/users/users-then.js');
    await page.getByRole('button', { name: 'Load again' }).click();
    await page.getByText('ana@example.com').waitFor();
    t.pass();
  });
});
