import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import t from 'tap';

import { parseAddress } from '../../src/addresses/parse-recipients.js';
import { readConfig } from '../../src/config.js';
import { startService } from '../../src/service.js';
import { contextOf } from '../support/core.js';
import { startMoodyServer } from '../support/moody-server.js';
import { createDatabase } from '../support/postgres.js';
import { until } from '../support/until.js';

t.test('the service keeps to the rates that are set, and tells how it gets on with the mail server', async (t) => {
  const { url: DATABASE_URL } = await createDatabase(t);
  const server = await startMoodyServer(() => 'takes');
  t.teardown(() => server.close());
  const key = () => randomBytes(32).toString('base64');
  const config = readConfig({
    DATABASE_URL,
    ADDRESS_KEY: key(),
    TOKEN_KEYS: key(),
    SMTP_URL: server.url,
    MAIL_RATE_PER_DOMAIN: '0.001',
    PORT: '0',
  });
  const service = await startService(config, pino({ level: 'silent' }));
  t.teardown(() => service.stop());
  const { core, url } = service;
  const idOf = (email: string) => {
    const parsed = parseAddress(email);
    if (!parsed.ok) throw new TypeError(`${email} is no address`);
    return core.digest(parsed.address);
  };
  const owner = { email: 'owner@example.com', name: 'Owner' };
  const ownerId = idOf(owner.email);
  const workspaceId = core.newId();
  await core.accounts.register(ownerId, owner, contextOf(ownerId));
  await core.workspaces.create(workspaceId, 'Acme', { userId: ownerId, ...owner }, contextOf(ownerId));
  for (const email of ['a@slow.example', 'b@slow.example', 'c@slow.example', 'd@quick.example']) {
    const invitee = { userId: idOf(email), email, role: 'developer' as const };
    await core.invitations.invite(workspaceId, ownerId, invitee, contextOf(ownerId));
  }
  const metrics = async () => (await fetch(`${url}/metrics`)).text();
  const putOff = 'mails_put_off_total{kind="invitation",reason="rate"} 2\n';
  await until(async () => (await metrics()).includes(putOff), 'two mails are put off');
  await until(() => server.copies.length === 2, 'the others have come');
  t.match(await metrics(), /\nmail_circuit_open 0\n/);
  const ready = (await (await fetch(`${url}/health/ready`)).json()) as { readonly checks: Record<string, unknown> };
  t.strictSame(ready.checks['mail'], { ok: true });
});
