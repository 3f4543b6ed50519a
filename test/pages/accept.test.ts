import type { Page } from 'playwright-core';

import { membershipStream } from '../../src/domain/streams.js';
import { contextOf, linkOf } from '../support/core.js';
import { accessibilityFaults, inBrowser, waitForCount, waitForNoOverflow } from './support/browser.js';
import { SCANNER } from './support/scanner.js';

inBrowser(async (t, site) => {
  const owner = await site.signIn('owner@example.com', 'Olivia Owner');
  const workspaceId = await site.createWorkspace(owner, 'Acme');
  const ofUser = (userId: string) => site.eventTypes(membershipStream({ workspaceId, userId }));
  const statusOf = async (userId: string) => {
    await site.caughtUp();
    return (await site.call(`GET /v1/workspaces/${workspaceId}/users/${userId}`, { as: owner })).body.status;
  };

  /** An invitation, and where its mail leads. */
  async function invite(email: string) {
    const user = await site.invite(owner, workspaceId, email);
    await site.caughtUp();
    return { user, path: `/accept#${site.linkOf(user)}` };
  }
  async function open(path: string): Promise<Page> {
    const page = await (await site.openContext()).newPage();
    await page.goto(path);
    return page;
  }
  const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name }).waitFor();

  t.test('who is new says what they are called, accepts, and is signed in', async (t) => {
    const { user, path } = await invite('ana@example.com');
    const page = await open(path);
    await heading(page, 'Olivia Owner invites you to Acme');
    await page.getByText('ana@example.com').waitFor();
    t.strictSame(await accessibilityFaults(page), []);

    await page.getByRole('button', { name: 'Accept invitation' }).click();
    await page.getByText('Type your name').waitFor();
    await page.locator('input[name=name]:focus').waitFor();
    await page.keyboard.type('Ana Souza');
    await page.keyboard.press('Enter');
    await heading(page, 'Welcome to Acme');
    t.equal(await statusOf(user.id), 'active');
    t.match(await page.context().cookies(), [{ name: 'session', httpOnly: true }]);
    t.notMatch(page.url(), '#', 'the link is gone from the address');
    t.strictSame(await accessibilityFaults(page), []);
    await page.locator(`a[href="/workspaces/${workspaceId}/users"]`, { hasText: 'Go on' }).waitFor();
  });

  t.test('a scanner that runs scripts, presses buttons and submits forms changes nothing', async (t) => {
    const { user, path } = await invite('scanned@example.com');
    const before = await ofUser(user.id);
    const page = await open(path);
    await heading(page, 'Olivia Owner invites you to Acme');
    const changing: string[] = [];
    page.on('request', (request) => {
      if (/accept|decline|renewal|session/.test(new URL(request.url()).pathname)) changing.push(request.url());
    });
    for (let round = 0; round < 3; round += 1) await page.evaluate(SCANNER);
    await page.evaluate('new Promise((resolve) => setTimeout(resolve, 100))');
    t.strictSame(changing, []);
    t.strictSame(await ofUser(user.id), before);
    t.equal(await statusOf(user.id), 'waiting');
  });

  t.test('declining takes a click, and is told', async (t) => {
    const { user, path } = await invite('bob@example.com');
    const page = await open(path);
    await page.getByRole('button', { name: 'Decline' }).click();
    await heading(page, 'You declined the invitation');
    t.equal(await statusOf(user.id), 'declined');
    await page.goto('about:blank');
    await page.goto(path);
    await heading(page, 'This invitation was declined');
  });

  t.test('who has an account signs in first, and is led back', async (t) => {
    await site.signIn('carol@example.com', 'Carol');
    const { user, path } = await invite('carol@example.com');
    const page = await open(path);
    await page.getByRole('button', { name: 'E-mail me a link' }).click();
    await heading(page, 'Look into your inbox');
    t.strictSame(await accessibilityFaults(page), []);
    // The link of the mail opens in another tab of the same browser.
    const other = await page.context().newPage();
    await other.goto(site.signInPath('carol@example.com'));
    await other.getByRole('button', { name: 'Sign in' }).click();
    await heading(other, 'Olivia Owner invites you to Acme');
    await waitForCount(other.getByLabel('Your name'), 0);
    await other.getByRole('button', { name: 'Accept invitation' }).click();
    await heading(other, 'Welcome to Acme');
    t.equal(await statusOf(user.id), 'active');
  });

  t.test('who is signed in as somebody else switches, and keeps the invitation', async (t) => {
    const { user, path } = await invite('dora@example.com');
    const page = await site.openAs('somebody@example.com', path);
    await heading(page, 'You are signed in with another address');
    await page.getByText('You are signed in as somebody@example.com').waitFor();
    t.strictSame(await accessibilityFaults(page), []);
    t.notOk((await ofUser(user.id)).includes('InvitationAcceptanceRefused'), 'nothing was tried with that account');
    await page.getByRole('button', { name: 'Sign out and go on with the invitation' }).click();
    await page.getByLabel('Your name').fill('Dora');
    await page.getByRole('button', { name: 'Accept invitation' }).click();
    await heading(page, 'Welcome to Acme');
    t.equal(await statusOf(user.id), 'active');
  });

  t.test('an expired link lets ask for a new one, by a click', async (t) => {
    const userId = site.person('late@example.com');
    const context = contextOf(owner.id, new Date(Date.now() - 60 * 24 * 60 * 60 * 1000).toISOString());
    const { state } = await site.core.invitations.invite(
      workspaceId,
      owner.id,
      site.invitee('late@example.com'),
      context,
    );
    const token = site.core.invitationTokens.sign(linkOf({ state }), state.invitation?.expiresAt ?? '');
    const page = await open(`/accept#${token}`);
    await heading(page, 'This invitation has expired');
    t.strictSame(await accessibilityFaults(page), []);
    await page.evaluate(SCANNER);
    t.notOk((await ofUser(userId)).includes('InvitationRenewalRequested'));
    await page.getByRole('button', { name: 'Ask for a new link' }).click();
    await heading(page, 'A new link was asked for');
    t.ok((await ofUser(userId)).includes('InvitationRenewalRequested'));
    t.notOk((await ofUser(userId)).includes('InvitationAccepted'));
  });

  t.test('whatever else became of an invitation is said', async (t) => {
    const of = (user: { invitation: { id: string } }) =>
      `/v1/workspaces/${workspaceId}/invitations/${user.invitation.id}`;
    const resent = await invite('resent@example.com');
    await site.call(`POST ${of(resent.user)}/resend`, { as: owner });
    await heading(await open(resent.path), 'There is a newer link');

    const revoked = await invite('revoked@example.com');
    const page = await open(revoked.path);
    await page.getByLabel('Your name').fill('Too Late');
    await site.call(`DELETE ${of(revoked.user)}`, { as: owner });
    await page.getByRole('button', { name: 'Accept invitation' }).click();
    await heading(page, 'This invitation was withdrawn');

    const used = await invite('used@example.com');
    await site.call('POST /v1/invitations/accept', { body: { token: site.linkOf(used.user), name: 'Used' } });
    await heading(await open(used.path), 'This invitation has been accepted');

    const broken = await open('/accept#nonsense');
    await heading(broken, 'This link is not complete');
    t.strictSame(await accessibilityFaults(broken), []);
    await heading(await open('/accept'), 'This link is not complete');
    await broken.evaluate(`location.hash = ${JSON.stringify(revoked.path.split('#')[1])}`);
    await heading(broken, 'This invitation was withdrawn');
  });

  t.test('without a connection the page says so, and tries again', async () => {
    const { path } = await invite('offline@example.com');
    const page = await (await site.openContext()).newPage();
    await page.route('**/v1/invitations/lookup', (route) => route.abort());
    await page.goto(path);
    await heading(page, 'The invitation could not be loaded');
    await page.unroute('**/v1/invitations/lookup');
    await page.getByRole('button', { name: 'Try again' }).click();
    await heading(page, 'Olivia Owner invites you to Acme');
  });

  for (const locale of ['pt-BR', 'es']) {
    t.test(`axe finds nothing, on a phone in the dark, in ${locale}`, async (t) => {
      const { path } = await invite(`axe-${locale}@example.com`);
      const context = await site.openContext({ locale, colorScheme: 'dark', viewport: { width: 320, height: 640 } });
      const page = await context.newPage();
      await page.goto(path);
      await page.locator('.facts').waitFor();
      t.strictSame(await accessibilityFaults(page), []);
      await waitForNoOverflow(page);
    });
  }
});
