import { contextOf } from '../support/core.js';
import { anyMail } from '../support/mail-content.js';
import { accessibilityFaults, inBrowser } from './support/browser.js';
import { openUsersTab } from './support/users-tab.js';

inBrowser((t, site) => {
  const openTab = (owner: string, options = {}) => openUsersTab(site, owner, options);

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

  t.test('many are sent again, and deleted, at once', async (t) => {
    const { page, row, userOf } = await openTab('o7@example.com');
    const asked: string[] = [];
    page.on('request', (request) => {
      if (/\/v1\/workspaces\/.*\/(?:invitations|users\/)/.test(request.url())) {
        asked.push(`${request.method()} ${new URL(request.url()).pathname.replace(/^.*\/invitations/, '')}`);
      }
    });
    await page.getByLabel('Select all that are shown').check();
    await page.getByText('2 selected').waitFor();
    t.strictSame(await accessibilityFaults(page), []);
    await page.getByRole('region').getByRole('button', { name: 'Resend invitation' }).click();
    await page.getByText('2 invitations are on their way.').waitFor();
    t.equal((await userOf('ben@example.com')).invitation.issue, 2);
    await page.getByLabel('Select ana@example.com').check();
    await page.getByRole('region').getByRole('button', { name: 'Delete invitation' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete invitation' }).click();
    // It goes away by itself.
    await page.getByText('1 invitation deleted.').waitFor();
    await row('ana@example.com').getByText('Deleted').waitFor();
    t.equal((await userOf('ben@example.com')).status, 'waiting');
    t.equal((await userOf('ana@example.com')).status, 'revoked');
    t.strictSame(asked, ['POST /resend', 'POST /revoke'], 'one request for all of them');
  });

  t.test('very many are acted upon a thousand at a time, and those that a failure left are told of', async (t) => {
    const { page, workspaceId } = await openTab('o14@example.com');
    const sizes: number[] = [];
    await page.route('**/invitations/resend', async (route) => {
      const { invitationIds } = route.request().postDataJSON() as { invitationIds: string[] };
      sizes.push(invitationIds.length);
      if (sizes.length === 3) return route.abort();
      const results = invitationIds.map((invitationId) => ({ invitationId, outcome: 'resent' }));
      return route.fulfill({ status: 202, json: { results } });
    });
    const shown = await page.evaluate(`(async () => {
      const { src } = document.querySelector('script[type=module]');
      const { userActions } = await import(new URL('app/user-actions.js', src).href);
      let shown = 0;
      const users = Array.from({ length: 2_500 }, (_, id) => ({ id, invitation: { id: 'invitation-' + id } }));
      await userActions('${workspaceId}', () => shown++).resendAll(users);
      return shown;
    })()`);
    t.strictSame(sizes, [1_000, 1_000, 500]);
    t.equal(shown, 2_000);
    await page.getByText(/^2,?000 invitations are on their way\. 500/).waitFor();
  });
});
