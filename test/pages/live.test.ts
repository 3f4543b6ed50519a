import type { BrowserContextOptions } from 'playwright-core';

import { startTcpProxy } from '../support/tcp-proxy.js';
import { inBrowser, scrollPast, waitUntilTrue } from './support/browser.js';

inBrowser((t, site) => {
  /** A workspace with so many who are invited. */
  async function workspaceWith(owner: string, people: number) {
    const as = await site.signIn(owner, 'Olivia Owner');
    const workspaceId = await site.createWorkspace(as, 'Acme');
    const recipients = Array.from({ length: people }, (_, index) => ({ email: `p${index}@example.com` }));
    for (let from = 0; from < people; from += 100) {
      await site.call(`POST /v1/workspaces/${workspaceId}/invitations/batch`, {
        as,
        body: { recipients: recipients.slice(from, from + 100), role: 'developer' },
      });
    }
    await site.caughtUp();
    const open = async (email: string, options?: BrowserContextOptions) => {
      const page = await site.openAs(email, `/workspaces/${workspaceId}/users`, options);
      await page.locator('[data-user]').first().waitFor();
      return { page, row: (address: string) => page.locator(`[data-user="${site.person(address)}"]`) };
    };
    return { as, workspaceId, open };
  }

  t.test('two who look on see what an invitee does, and what each other does', async (t) => {
    const { as, workspaceId, open } = await workspaceWith('owner@example.com', 0);
    await site.join(as, workspaceId, 'admin@example.com', 'administrator');
    const ana = await site.invite(as, workspaceId, 'ana@example.com');
    await site.caughtUp();
    const owner = await open('owner@example.com');
    const administrator = await open('admin@example.com');
    for (const { row } of [owner, administrator]) {
      await row('ana@example.com').getByText('Waiting').waitFor();
      await row('ana@example.com').getByText('expires in 7 days').waitFor();
    }

    const invitee = await (await site.openContext()).newPage();
    await invitee.goto(`/accept#${site.linkOf(ana)}`);
    await invitee.getByLabel('Your name').fill('Ana Souza');
    await invitee.getByRole('button', { name: 'Accept invitation' }).click();
    for (const { row } of [owner, administrator]) {
      await row('ana@example.com').getByText('Active').waitFor();
      await row('ana@example.com').getByText('Ana Souza').waitFor();
    }

    await owner.row('ana@example.com').getByRole('button', { name: 'Actions for Ana Souza' }).click();
    await owner.page.getByRole('menuitem', { name: 'Make administrator' }).click();
    await administrator.row('ana@example.com').getByText('Administrator', { exact: true }).waitFor();
    t.pass();
  });

  t.test('what the workspace is called, and what one may do there, is as it is now', async (t) => {
    const { as, workspaceId, open } = await workspaceWith('renaming@example.com', 0);
    const { id } = await site.join(as, workspaceId, 'helping@example.com', 'administrator');
    await site.caughtUp();
    const { page } = await open('helping@example.com');
    await page.getByRole('heading', { name: 'Acme', exact: true }).waitFor();
    await page.getByRole('link', { name: 'Invite users' }).waitFor();
    await site.call(`PATCH /v1/workspaces/${workspaceId}`, { as, body: { name: 'Acme Two' } });
    await page.getByRole('heading', { name: 'Acme Two' }).waitFor();
    await site.call(`PATCH /v1/workspaces/${workspaceId}/users/${id}`, { as, body: { role: 'developer' } });
    await page.getByRole('link', { name: 'Invite users' }).waitFor({ state: 'detached' });
    t.match(await page.title(), /^Acme Two · /);
  });

  t.test('what happened while the connection was cut comes, and one goes on reading where one was', async (t) => {
    const { as, workspaceId, open } = await workspaceWith('reader@example.com', 230);
    const proxy = await startTcpProxy(Number(new URL(site.url).port));
    t.teardown(() => proxy.close());
    const { page, row } = await open('reader@example.com', { baseURL: `http://127.0.0.1:${proxy.port}` });
    await scrollPast(page, 231);
    const read = page.locator('[data-user][aria-rowindex="181"]');
    await read.scrollIntoViewIfNeeded();
    const id = await read.getAttribute('data-user');
    const top = () => page.locator(`[data-user="${id}"]`).evaluate((row) => row.getBoundingClientRect().top);
    const before = await top();

    proxy.swallow();
    await page.getByText('Reconnecting…').waitFor({ state: 'attached' });
    await page.getByText('You are offline, or the service cannot be reached.').waitFor({ state: 'attached' });
    const meanwhile = await top();
    await site.invite(as, workspaceId, 'new@example.com');
    proxy.pass();
    await page.getByRole('button', { name: 'Show 1 new person' }).waitFor();
    await page.getByText('You are offline').waitFor({ state: 'detached' });
    // To the pixel: the browser keeps the place to a part of one.
    for (const now of [meanwhile, await top()]) t.ok(Math.abs(now - before) < 2, `from ${before} to ${now}`);
    await page.getByRole('button', { name: 'Show 1 new person' }).click();
    await row('new@example.com').waitFor();
    await waitUntilTrue(page, 'scrollY === 0');
  });
});
