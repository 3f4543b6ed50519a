import { accessibilityFaults, inBrowser, waitForCount, waitForNoOverflow } from './support/browser.js';
import { paste } from './support/paste.js';

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
    await page.getByRole('button', { name: 'Correct Souza, Ana ana@example.com' }).waitFor();
    t.strictSame(await accessibilityFaults(page), []);

    await page.getByRole('button', { name: 'Invite 2 people' }).click();
    await page.getByRole('heading', { name: 'What became of them' }).waitFor();
    await page.getByRole('button', { name: 'Correct @example.com' }).waitFor();
    await page.getByText('1 address to correct', { exact: true }).waitFor();
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
    t.match(await page.locator('.results li').first().innerText(), 'old@example.com', 'what is to be done comes first');
    await waitForCount(page.getByText('Invited: the e-mail is on its way'), 2);
    t.pass();
  });

  t.test('what still stands in the field is invited by one click', async (t) => {
    const owner = await site.signIn('sara@example.com');
    const workspaceId = await site.createWorkspace(owner);
    const page = await site.openAs('sara@example.com', `/workspaces/${workspaceId}/invite`);
    let answer = () => {};
    const isClicked = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route('**/v1/recipients/read', async (route) => {
      await isClicked;
      await route.continue();
    });
    const field = page.getByLabel('E-mail addresses');
    await field.pressSequentially('one@example.com, two@example.com');
    await page.getByRole('button', { name: /^Invite/ }).click();
    answer();
    await waitForCount(page.getByText('Invited: the e-mail is on its way'), 2);
    await field.fill('three@example.com');
    await page.getByRole('button', { name: /^Invite/ }).click();
    await page.locator('.results').getByText('three@example.com').waitFor();
    await site.caughtUp();
    const { body } = await site.call(`GET /v1/workspaces/${workspaceId}/users?status=waiting&sort=email`, {
      as: owner,
    });
    t.strictSame(
      body.items.map(({ email }: { email: string }) => email),
      ['one@example.com', 'three@example.com', 'two@example.com'],
    );
  });

  t.test('what is typed while the request is under way stays', async (t) => {
    const owner = await site.signIn('tina@example.com');
    const workspaceId = await site.createWorkspace(owner);
    const page = await site.openAs('tina@example.com', `/workspaces/${workspaceId}/invite`);
    let answer = () => {};
    const isTyped = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route('**/invitations/batch', async (route) => {
      await isTyped;
      await route.continue();
    });
    const field = page.getByLabel('E-mail addresses');
    await field.pressSequentially('one@example.com,');
    await page.getByRole('button', { name: 'Invite 1 person' }).click();
    await field.pressSequentially('later@example.com,');
    await page.getByRole('button', { name: 'Correct later@example.com' }).waitFor();
    answer();
    await page.locator('.results').getByText('one@example.com').waitFor();
    await page.getByText('1 person', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Correct later@example.com' }).waitFor();
    t.pass();
  });

  t.test('one workspace is made, however far behind what shows it is', async (t) => {
    const page = await site.openAs('ulla@example.com', '/workspaces/new');
    await page.getByLabel('Name of the workspace').fill('Only One');
    await page.getByLabel('Your name').fill('Ulla');
    await page.route('**/v1/me', async (route) => {
      if (route.request().method() === 'PATCH') return route.continue();
      return route.fulfill({ status: 409, json: { code: 'projection-behind' } });
    });
    await page.getByRole('button', { name: 'Create workspace' }).click();
    await page.getByLabel('E-mail addresses').waitFor();
    await page.unroute('**/v1/me');
    await page.reload();
    await page.getByRole('heading', { name: 'Invite people to Only One' }).waitFor();
    await page.getByRole('button', { name: 'Workspaces: Only One' }).click();
    await waitForCount(page.getByRole('menuitem', { name: 'Only One' }), 1);
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
