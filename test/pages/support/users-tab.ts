import type { Site } from './site.js';

/** A workspace with somebody of each kind, and its tab as the owner has it before them. */
export async function openUsersTab(site: Site, owner: string, options = {}) {
  const as = await site.signIn(owner, 'Olivia Owner');
  const workspaceId = await site.createWorkspace(as, 'Acme');
  const ana = await site.invite(as, workspaceId, 'ana@example.com');
  await site.invite(as, workspaceId, 'ben@example.com', 'administrator');
  const carla = await site.signIn('carla@example.com');
  const { invitation } = await site.invite(as, workspaceId, carla.email);
  await site.call(`POST /v1/me/invitations/${invitation.id}/accept`, { as: carla });
  await site.caughtUp();
  const page = await site.openAs(owner, `/workspaces/${workspaceId}/users`, options);
  await page.locator('[data-user]').first().waitFor();
  const row = (email: string) => page.locator(`[data-user="${site.person(email)}"]`);
  const act = async (email: string, action: string) => {
    await row(email)
      .getByRole('button', { name: /^Actions for/ })
      .click();
    await page.getByRole('menuitem', { name: action }).click();
  };
  const userOf = async (email: string) => {
    await site.caughtUp();
    return (await site.call(`GET /v1/workspaces/${workspaceId}/users/${site.person(email)}`, { as })).body;
  };
  return { as, workspaceId, ana, page, row, act, userOf };
}
