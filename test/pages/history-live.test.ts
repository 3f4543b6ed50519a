import type { BrowserContextOptions, Locator } from 'playwright-core';

import { startTcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';
import { accessibilityFaults, inBrowser, waitForCount, waitForFocus, waitUntilTrue } from './support/browser.js';

inBrowser((t, site) => {
  /** The audit history of a workspace with so many who are invited, as its owner has it before them. */
  async function openHistory(
    owner: string,
    { people = 0, search = '', ...options }: { people?: number; search?: string } & BrowserContextOptions = {},
  ) {
    const as = await site.signIn(owner, 'Olivia Owner');
    const workspaceId = await site.createWorkspace(as, 'Acme');
    const base = `/v1/workspaces/${workspaceId}`;
    if (people > 0) {
      const recipients = Array.from({ length: people }, (_, index) => ({ email: `p${index}@example.com` }));
      await site.call(`POST ${base}/invitations/batch`, { as, body: { recipients } });
    }
    await site.caughtUp();
    const followed = `/v1/workspaces/${workspaceId}/audit-events/changes`;
    const page = await site.openAs(owner, '/preferences', options);
    const isFollowed = page.waitForResponse((response) => response.url().includes(followed));
    await page.goto(`/workspaces/${workspaceId}/history${search}`);
    await isFollowed;
    const of = (type: string) => page.locator(`.record[data-type="${type}"]`);
    const rename = (name: string) => site.call(`PATCH ${base}`, { as, body: { name } });
    return { as, workspaceId, base, page, of, rename, records: page.locator('.record') };
  }

  const topOf = (locator: Locator) => locator.evaluate((element) => element.getBoundingClientRect().top);

  t.test('what happens comes by itself, and is said to a screen reader', async (t) => {
    const { as, workspaceId, base, page, of, rename } = await openHistory('o1@example.com');
    const status = page.locator('.arrivals').getByRole('status');
    await page.getByText('2 records, newest hash').waitFor();
    await rename('Ajax');
    await of('WorkspaceRenamed').waitFor();
    await until(async () => (await status.textContent()) === '1 new record', 'it is said');
    await page.getByText('3 records, newest hash').waitFor();

    const dev = await site.join(as, workspaceId, 'dev1@example.com');
    await site.call(`POST ${base}/invitations`, { as: dev, body: { email: 'x@example.com', role: 'developer' } });
    await of('RequestRefused').waitFor();
    await until(async () => (await status.textContent()) === '4 new records', 'all of them are said');
    const types = await page.locator('.record').evaluateAll((all) => all.map((one) => one.getAttribute('data-type')));
    const expected = ['RequestRefused', 'InvitationAccepted', 'UserInvited', 'WorkspaceRenamed'];
    t.strictSame(types, [...expected, 'WorkspaceCreated', 'FounderJoined']);
    await waitForCount(page.locator('.unseen'), 0);
    t.strictSame(await accessibilityFaults(page), []);
  });

  t.test('who has scrolled down stays where they are, and is offered what is new', async (t) => {
    const { page, of, rename, records } = await openHistory('o2@example.com', { people: 70 });
    await page.locator('.load-more').scrollIntoViewIfNeeded();
    await waitForCount(records, 72);
    const read = page.locator('.record[data-sequence="30"]');
    await read.scrollIntoViewIfNeeded();
    const before = await topOf(read);
    await rename('Ajax');
    const offer = page.getByRole('button', { name: 'Show 1 new record' });
    await offer.waitFor();
    t.ok(Math.abs((await topOf(read)) - before) < 2, 'to the pixel');
    await rename('Apex');
    await page.getByRole('button', { name: 'Show 2 new records' }).click();
    await waitForCount(of('WorkspaceRenamed'), 2);
    await waitUntilTrue(page, 'scrollY === 0');
    await waitForCount(page.locator('.unseen'), 0);
    t.equal(await records.count(), 74, 'what has been read is still there');
    // It is not lost with the button.
    await waitForFocus(page.locator('main'));
  });

  t.test('a record that is open is not moved, not even at the top of the page', async (t) => {
    const { page, of, rename } = await openHistory('o3@example.com');
    const created = of('WorkspaceCreated');
    await created.getByText('Details').click();
    const before = await topOf(created);
    await rename('Ajax');
    const offer = page.getByRole('button', { name: 'Show 1 new record' });
    await offer.waitFor();
    t.equal(await topOf(created), before);
    t.strictSame(await accessibilityFaults(page), []);
    await offer.click();
    await of('WorkspaceRenamed').waitFor();
    t.ok(await created.locator('dl').isVisible(), 'what was opened stays open');
  });

  t.test('more than a page of them is offered as that, and then read from the newest on', async (t) => {
    const { as, base, page, of, records } = await openHistory('o4@example.com');
    await of('WorkspaceCreated').getByText('Details').click();
    const recipients = Array.from({ length: 60 }, (_, index) => ({ email: `n${index}@example.com` }));
    await site.call(`POST ${base}/invitations/batch`, { as, body: { recipients } });
    await page.getByRole('button', { name: 'Show more than 50 new records' }).click();
    await until(async () => (await records.first().getAttribute('data-sequence')) === '62', 'the newest is the first');
    await page.locator('.load-more').scrollIntoViewIfNeeded();
    await waitForCount(records, 62);
    t.pass();
  });

  t.test('only what is filtered', async (t) => {
    const { as, workspaceId, base, page, rename, records } = await openHistory('o5@example.com', {
      search: '?group=refusals',
    });
    await page.getByRole('heading', { name: 'Nothing fits' }).waitFor();
    const dev = await site.join(as, workspaceId, 'dev5@example.com');
    await rename('Ajax');
    await site.call(`POST ${base}/invitations`, { as: dev, body: { email: 'x@example.com', role: 'developer' } });
    await records.first().waitFor();
    t.strictSame(await records.evaluateAll((all) => all.map((one) => one.getAttribute('data-type'))), [
      'RequestRefused',
    ]);
  });

  t.test('what happened while the connection was cut comes as well', async (t) => {
    const proxy = await startTcpProxy(Number(new URL(site.url).port));
    t.teardown(() => proxy.close());
    const { page, of, rename } = await openHistory('o6@example.com', { baseURL: `http://127.0.0.1:${proxy.port}` });
    proxy.swallow();
    await page.locator('.arrivals').getByText('Reconnecting…').waitFor();
    await rename('Ajax');
    proxy.pass();
    await of('WorkspaceRenamed').waitFor();
    await page.getByText('Reconnecting…').waitFor({ state: 'detached' });
    t.pass();
  });

  t.test('who may no longer see it is told so', async (t) => {
    const { as, workspaceId, base } = await openHistory('o7@example.com');
    const admin = await site.join(as, workspaceId, 'admin7@example.com', 'administrator');
    const page = await site.openAs(admin.email, `/workspaces/${workspaceId}/history`);
    await page.locator('.record').first().waitFor();
    await site.call(`PATCH ${base}/users/${admin.id}`, { as, body: { role: 'developer' } });
    await page.getByRole('heading', { name: 'The audit history is for those who run the workspace' }).waitFor();
    t.pass();
  });
});
