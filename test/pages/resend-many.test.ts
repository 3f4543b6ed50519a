import { membershipStream } from '../../src/domain/streams.js';
import { contextOf, linkOf } from '../support/core.js';
import { anyMail } from '../support/mail-content.js';
import { accessibilityFaults, inBrowser, waitForNoOverflow } from './support/browser.js';

const DAY = 86_400_000;

inBrowser(async (t, site) => {
  const { core } = site;
  const owner = await site.signIn('olivia@example.com', 'Olivia Owner');

  /** Somebody invited so many days ago. */
  async function invited(workspaceId: string, email: string, days: number) {
    const then = contextOf(owner.id, new Date(Date.now() - days * DAY).toISOString());
    const invitee = { ...site.invitee(email), lifetimeSeconds: 30 * 86_400 };
    return linkOf(await core.invitations.invite(workspaceId, owner.id, invitee, then));
  }
  t.test('all that have waited longer than a week are sent again, page by page', async (t) => {
    const workspaceId = await site.createWorkspace(owner);
    // One more than is sent by one request.
    for (let n = 0; n < 101; n++) await invited(workspaceId, `old-${n}@example.com`, 10);
    await invited(workspaceId, 'new@example.com', 1);
    await site.caughtUp();
    const page = await site.openAs(owner.email, `/workspaces/${workspaceId}/users`);
    await page.getByRole('button', { name: 'Resend many' }).click();
    await page.getByRole('menuitem', { name: 'All waiting longer than a week' }).click();
    await page.getByText(/^102 invitations are waiting\./).waitFor();
    t.strictSame(await accessibilityFaults(page), []);
    let pages = 0;
    await page.route('**/invitations/resend', async (route) => {
      pages++;
      if (pages === 2) await page.getByText('Resending: 100 so far').waitFor();
      await route.continue();
    });
    await page.getByRole('button', { name: 'Resend them' }).click();
    await page.getByText('101 invitations are on their way.').waitFor();
    t.equal(pages, 2);
    await page.getByRole('button', { name: 'Resend many' }).waitFor();
  });

  t.test('all that were not delivered are sent again, and which are blocked is told', async (t) => {
    const workspaceId = await site.createWorkspace(owner);
    const failed = await invited(workspaceId, 'failed@example.com', 2);
    await core.emails.begin(failed, '<failed@example.com>', anyMail, contextOf(owner.id));
    const outcome = { outcome: 'failed', reply: '550 5.1.1 No such user here' } as const;
    await core.emails.record({ ...failed, attempt: 1, ...outcome }, contextOf(owner.id));
    const gone = await invited(workspaceId, 'gone@example.com', 2);
    await core.emails.begin(gone, '<gone@example.com>', anyMail, contextOf(owner.id));
    const { commandId: _ofReport, ...context } = contextOf(owner.id);
    const bounce = { id: 'gone', reportedBy: 'dsn', isProven: true, kind: 'permanent', reply: '550 gone' } as const;
    await core.deliveryReports.record({ ...bounce, mail: gone }, context);
    await invited(workspaceId, 'queued@example.com', 2);
    await site.caughtUp();
    const page = await site.openAs(owner.email, `/workspaces/${workspaceId}/users`);
    await page.getByRole('button', { name: 'Resend many' }).click();
    await page.getByRole('menuitem', { name: 'All that were not delivered' }).click();
    await page.getByText(/^3 invitations are open\./).waitFor();
    await page.getByRole('button', { name: 'Resend them' }).click();
    await page.getByText(/^1 invitation is on its way\. 1 was not sent: e-mails to the address are blocked/).waitFor();
    const resent = async (email: string) =>
      (await site.eventTypes(membershipStream({ workspaceId, userId: site.person(email) }))).includes(
        'InvitationResent',
      );
    t.ok(await resent('failed@example.com'));
    t.notOk(await resent('queued@example.com'));
  });

  t.test('it is not begun unless it is confirmed, and a page that fails is told with what was sent', async (t) => {
    const workspaceId = await site.createWorkspace(owner);
    await invited(workspaceId, 'ana@example.com', 10);
    await site.caughtUp();
    const page = await site.openAs(owner.email, `/workspaces/${workspaceId}/users`);
    let requests = 0;
    await page.route('**/invitations/resend', (route) => {
      requests++;
      return route.abort();
    });
    const choose = async () => {
      await page.getByRole('button', { name: 'Resend many' }).click();
      await page.getByRole('menuitem', { name: 'All waiting longer than a week' }).click();
    };
    await choose();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    t.equal(requests, 0);
    await choose();
    await page.getByRole('button', { name: 'Resend them' }).click();
    await page.getByText(/^0 invitations are on their way\. The service cannot be reached\./).waitFor();
    t.equal(requests, 1);
  });

  t.test('only who may invite is offered it', async (t) => {
    const workspaceId = await site.createWorkspace(owner);
    await site.join(owner, workspaceId, 'dora@example.com', 'developer');
    await invited(workspaceId, 'ana@example.com', 10);
    await site.caughtUp();
    const page = await site.openAs('dora@example.com', `/workspaces/${workspaceId}/users`);
    await page.getByText('ana@example.com').waitFor();
    t.equal(await page.getByRole('button', { name: 'Resend many' }).count(), 0);
  });

  for (const locale of ['en', 'pt-BR', 'es']) {
    t.test(`its menu and its question fit a phone: ${locale}`, async (t) => {
      const workspaceId = await site.createWorkspace(owner);
      await invited(workspaceId, 'ana@example.com', 10);
      await site.caughtUp();
      const viewport = { width: 320, height: 640 };
      const page = await site.openAs(owner.email, `/workspaces/${workspaceId}/users`, { locale, viewport });
      await page.locator('.toolbar .menu-button').click();
      await page.locator('.toolbar [role=menuitem]').first().waitFor();
      t.strictSame(await accessibilityFaults(page), []);
      await waitForNoOverflow(page);
      await page.locator('.toolbar [role=menuitem]').first().click();
      await page.locator('dialog[open]').waitFor();
      t.strictSame(await accessibilityFaults(page), []);
      await waitForNoOverflow(page);
    });
  }
});
