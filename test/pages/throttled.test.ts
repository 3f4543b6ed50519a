import { inBrowser } from './support/browser.js';

const options = { resendPauseSeconds: 300 };

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
      .getByText(/This invitation was sent a moment ago\. You can send it again in (?:4|5)[.\d]* minutes\./)
      .waitFor();
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await page.getByLabel('Select all that are shown').check();
    await page.getByRole('region').getByRole('button', { name: 'Resend invitation' }).click();
    await page
      .getByText(/^0 invitations are on their way\. 2 did not work: This invitation .* in (?:4|5)[.\d]* minutes\./)
      .waitFor();
    t.pass();
  });
}, options);
