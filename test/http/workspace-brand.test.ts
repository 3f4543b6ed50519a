import t from 'tap';

import { openTestApi } from './support/api.js';

const api = await openTestApi(t, { config: { logoHosts: ['logos.example.com'] } });
const { call } = api;
const owner = await api.signIn('owner@example.com', 'Olivia Owner');
const BRAND = { name: 'Acme & Sons', logoUrl: 'https://logos.example.com/acme.png', accentColour: '#0b6e4f' };

const found = async () => (await call('POST /v1/workspaces', { as: owner, body: { name: 'Acme' } })).body.workspace.id;
const change = (id: string, body: object, as = owner) => call(`PATCH /v1/workspaces/${id}/brand`, { as, body });

t.test('a workspace has the brand that its owner gives it, until it is taken away', async (t) => {
  const id = await found();
  const { status, headers, body } = await change(id, BRAND);
  t.equal(status, 200);
  t.equal(headers['event-position'], await api.core.store.head());
  t.strictSame(body.brand, BRAND);
  t.strictSame((await call(`GET /v1/workspaces/${id}`, { as: owner })).body.brand, BRAND);
  t.strictSame((await change(id, { logoUrl: null })).body.brand, { ...BRAND, logoUrl: null });
});

t.test('whoever has the link of an invitation sees the brand', async (t) => {
  const id = await found();
  const invited = await call(`POST /v1/workspaces/${id}/invitations`, {
    as: owner,
    body: { email: 'ana@example.com', role: 'developer' },
  });
  await change(id, BRAND);
  const { invitation } = invited.body;
  const token = api.core.invitationTokens.sign({ invitationId: invitation.id, issue: 1 }, invitation.expiresAt);
  const seen = await call('POST /v1/invitations/lookup', { body: { token } });
  t.strictSame(seen.body.workspace, { id, name: 'Acme', brand: BRAND });
});

t.test('a colour that cannot be read is refused with its contrast and one that passes', async (t) => {
  const { status, body } = await change(await found(), { accentColour: '#ffcc00' });
  t.equal(status, 400);
  t.equal(body.code, 'invalid-colour');
  t.match(body.detail, /a contrast of 1\.5\d:1, and at least 4\.5:1 can be read; #[0-9a-f]{6} passes/);
  t.match(body, { contrast: /^1\.5\d$/, leastContrast: '4.5', passingColour: /^#[0-9a-f]{6}$/ });
});

t.test('a logo from elsewhere is refused with the hosts that are allowed', async (t) => {
  const { status, body } = await change(await found(), { logoUrl: 'https://evil.example.com/acme.png' });
  t.equal(status, 400);
  t.equal(body.code, 'invalid-logo');
  t.match(body.detail, 'logos.example.com');
  t.strictSame(body.logoHosts, ['logos.example.com']);
});

t.test('a stranger does not learn that there is a workspace', async (t) => {
  const stranger = await api.signIn('stranger@example.com');
  t.equal((await change(await found(), BRAND, stranger)).body.code, 'workspace-not-found');
});

t.test('who changed the brand is in the audit history', async (t) => {
  const id = await found();
  const { headers } = await change(id, BRAND);
  const { body } = await call(`GET /v1/workspaces/${id}/audit-events?type=WorkspaceBrandChanged`, {
    as: owner,
    headers: { 'min-event-position': headers['event-position'] as string },
  });
  t.equal(body.items.length, 1);
  t.match(JSON.stringify(body.items[0]), 'Olivia Owner changed how the workspace looks to those it invites.');
  t.match(JSON.stringify(body.items[0]), BRAND.accentColour);
});
