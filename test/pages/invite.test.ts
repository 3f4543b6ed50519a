import { accessibilityFaults, inBrowser, paste, waitForCount, waitForNoOverflow } from './support/browser.js';

inBrowser((t, site) => {
  t.test('who is new creates a workspace and invites people at once', async (t) => {
    const page = await site.openAs('olivia@example.com', '/');
    await page.getByLabel('Name of the workspace').fill('Acme');
    await page.getByLabel('Your name').fill('Olivia Owner');
    await page.getByRole('button', { name: 'Create workspace' }).click();
    await page.getByRole('heading', { name: 'Invite people to Acme' }).waitFor();
    await page.getByRole('link', { name: 'Skip for now' }).waitFor();

    const field = page.getByLabel('E-mail addresses');
    await field.pressSequentially('ana@example.com, bob ');
    await page.keyboard.press('Enter');
    await page.getByText('1 person · 1 address to correct').waitFor();
    await page.getByText('There is no @ in it. Write the whole address.').waitFor();
    await page.getByRole('button', { name: 'Correct bob' }).click();
    await field.pressSequentially('@example.com ');
    await page.getByText('2 people', { exact: true }).waitFor();

    await page.getByLabel('Administrator').check();
    await page.getByRole('button', { name: 'Invite 2 people' }).click();
    await page.getByRole('heading', { name: 'What became of them' }).waitFor();
    await waitForCount(page.getByText('Invited: the e-mail is on its way'), 2);
    await waitForCount(page.getByRole('button', { name: /^Correct/ }), 0);
    t.strictSame(await accessibilityFaults(page), []);
  });

  t.test('what is pasted becomes chips: names are kept, duplicates merged', async (t) => {
    const owner = await site.signIn('petra@example.com');
    const workspaceId = await site.createWorkspace(owner, 'Petra’s');
    const page = await site.openAs('petra@example.com', `/workspaces/${workspaceId}/invite`);
    const field = page.getByLabel('E-mail addresses');
    await field.waitFor();
    await field.focus();
    await paste(page, '"Souza, Ana" <ana@example.com>; ben@example.com\nANA@example.com; @example.com');
    await page.getByText('2 people · 1 address to correct · 1 duplicate merged').waitFor();
    await page.getByRole('button', { name: 'Correct Souza, Ana' }).waitFor();
    t.strictSame(await accessibilityFaults(page), []);

    await page.getByRole('button', { name: 'Invite 2 people' }).click();
    await page.getByRole('heading', { name: 'What became of them' }).waitFor();
    await page.getByRole('button', { name: 'Correct @example.com' }).waitFor();
    await site.caughtUp();
    const ana = await site.call(`GET /v1/workspaces/${workspaceId}/users/${site.person('ana@example.com')}`, {
      as: owner,
    });
    t.match(ana.body, { name: 'Souza, Ana', role: 'developer', status: 'waiting' });
  });

  t.test('whoever was invited before is told of, and costs nobody else', async (t) => {
    const owner = await site.signIn('rita@example.com');
    const workspaceId = await site.createWorkspace(owner);
    await site.invite(owner, workspaceId, 'old@example.com');
    const page = await site.openAs('rita@example.com', `/workspaces/${workspaceId}/invite`);
    await page.getByLabel('E-mail addresses').pressSequentially('old@example.com,new@example.com,other@example.com,');
    await page.getByRole('button', { name: 'Invite 3 people' }).click();
    await page.getByText('Was invited before').waitFor();
    await waitForCount(page.getByText('Invited: the e-mail is on its way'), 2);
    t.pass();
  });

  for (const locale of ['pt-BR', 'es']) {
    t.test(`axe finds nothing, on a phone in the dark, in ${locale}`, async (t) => {
      const owner = await site.signIn('olivia@example.com');
      const workspaceId = await site.createWorkspace(owner);
      const page = await site.openAs('olivia@example.com', `/workspaces/${workspaceId}/invite`, {
        locale,
        colorScheme: 'dark',
        viewport: { width: 360, height: 740 },
      });
      await page.locator('#recipients').pressSequentially('ana@example.com,nobody@');
      await page.keyboard.press('Enter');
      await page.locator('.chip.bad').waitFor();
      t.strictSame(await accessibilityFaults(page), []);
      await waitForNoOverflow(page);
    });
  }
});
