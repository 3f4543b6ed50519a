import { contextOf } from '../support/core.js';
import { inBrowser, waitForCount, waitUntilTrue } from './support/browser.js';

const options = { resendPauseSeconds: 300, limits: { perNewWorkspace: 3, newWorkspaceDays: 7 } };

inBrowser((t, site) => {
  t.test('sending again too soon is told, with the time to wait', async (t) => {
    const owner = await site.signIn('olivia@example.com', 'Olivia Owner');
    const workspaceId = await site.createWorkspace(owner);
    for (const email of ['ana@example.com', 'ben@example.com']) await site.invite(owner, workspaceId, email);
    await site.caughtUp();
    const page = await site.openAs(owner.email, `/workspaces/${workspaceId}/users`);
    await page.getByRole('button', { name: 'Actions for ana@example.com' }).click();
    await page.getByRole('menuitem', { name: 'Resend invitation' }).click();
    await page
      .getByText(/This invitation was sent a moment ago\. You can send it again in [1-5][.\d]* minutes\./)
      .waitFor();
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await page.getByLabel('Select all that are shown').check();
    await page.getByRole('region').getByRole('button', { name: 'Resend invitation' }).click();
    await page
      .getByText(/^0 invitations are on their way\. 2 did not work: This invitation .* in [1-5][.\d]* minutes\./)
      .waitFor();
    t.pass();
  });

  t.test('what is told covers nothing that can be done, on a phone', async (t) => {
    const owner = await site.signIn('nora@example.com', 'Nora Owner');
    const workspaceId = await site.createWorkspace(owner);
    for (const email of ['ana@example.com', 'ben@example.com']) await site.invite(owner, workspaceId, email);
    await site.caughtUp();
    const viewport = { width: 390, height: 560 };
    const page = await site.openAs(owner.email, `/workspaces/${workspaceId}/users`, { viewport });
    await page.getByRole('button', { name: 'Actions for ana@example.com' }).click();
    await page.getByRole('menuitem', { name: 'Resend invitation' }).click();
    await page.getByRole('button', { name: 'Dismiss' }).waitFor();
    await page.getByLabel('Select all that are shown').check();
    await page.getByRole('region').getByRole('button', { name: 'Resend invitation' }).waitFor();
    await page.evaluate('scrollTo(0, 0)');
    const edgeOf = (selector: string, edge: 'top' | 'bottom') =>
      `document.querySelector('${selector}').getBoundingClientRect().${edge}`;
    await waitUntilTrue(page, `${edgeOf('.notice', 'bottom')} <= ${edgeOf('.bulk', 'top')}`);
    t.pass();
  });

  t.test('whoever is one too many is told when it is possible, and stays in the field', async (t) => {
    const owner = await site.signIn('petra@example.com', 'Petra Owner');
    const workspaceId = await site.createWorkspace(owner);
    const page = await site.openAs(owner.email, `/workspaces/${workspaceId}/invite`);
    const four = ['a', 'b', 'c', 'late'].map((name) => `${name}@example.com,`).join('');
    await page.getByLabel('E-mail addresses').pressSequentially(four);
    await page.getByRole('button', { name: 'Invite 4 people' }).click();
    await page.getByText(/^Too many invitations for now\. Try again in (?:1 day|2[34][.\d]* hours)\.$/).waitFor();
    await waitForCount(page.getByText('Invited: the e-mail is on its way'), 3);
    await page.getByRole('button', { name: 'Invite 1 person' }).waitFor();
    await page.getByRole('button', { name: 'Correct late@example.com' }).waitFor();
    t.pass();
  });

  t.test('of many that are sent again, those past a limit are told with when they can be', async (t) => {
    const owner = await site.signIn('rosa@example.com', 'Rosa Owner');
    const workspaceId = await site.createWorkspace(owner);
    const then = () => contextOf(owner.id, new Date(Date.now() - 10 * 86_400_000).toISOString());
    for (const email of ['ana@example.com', 'ben@example.com']) {
      const invitee = { ...site.invitee(email), lifetimeSeconds: 30 * 86_400 };
      await site.core.invitations.invite(workspaceId, owner.id, invitee, then());
    }
    await site.caughtUp();
    const page = await site.openAs(owner.email, `/workspaces/${workspaceId}/users`);
    await page.getByRole('button', { name: 'Resend many' }).click();
    await page.getByRole('menuitem', { name: 'All waiting longer than a week' }).click();
    await page.getByRole('button', { name: 'Resend them' }).click();
    await page
      .getByText(/^1 invitation is on its way\. 1 did not work: Too many invitations for now\. Try again in /)
      .waitFor();
    t.pass();
  });
}, options);
