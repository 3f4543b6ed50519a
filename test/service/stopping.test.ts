import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import t from 'tap';

import { parseAddress } from '../../src/addresses/parse-recipients.js';
import { readConfig } from '../../src/config.js';
import { membershipStream } from '../../src/domain/streams.js';
import { openPostgresEventStore } from '../../src/event-store/postgres.js';
import { startService } from '../../src/service.js';
import { contextOf } from '../support/core.js';
import { startMoodyServer } from '../support/moody-server.js';
import { createDatabase } from '../support/postgres.js';
import { silent } from '../support/silent-logger.js';
import { until } from '../support/until.js';

/** What `main.ts` gives a stop before it cuts it short. */
const PATIENCE = 15_000;

t.test('a mail server that does not answer does not keep the service from stopping, and the log tells', async (t) => {
  const server = await startMoodyServer(() => 'takes-and-hangs');
  t.teardown(() => server.close());
  const { url: DATABASE_URL } = await createDatabase(t);
  const key = () => randomBytes(32).toString('base64');
  const settings = { DATABASE_URL, ADDRESS_KEY: key(), TOKEN_KEYS: key(), PORT: '0', SMTP_URL: server.url };
  const service = await startService(readConfig(settings), pino({ level: 'silent' }));
  t.teardown(() => service.stop());
  const { core } = service;
  const idOf = (email: string) => {
    const parsed = parseAddress(email);
    if (!parsed.ok) throw new TypeError(`${email} is no address`);
    return core.digest(parsed.address);
  };
  const [owner, email] = [{ email: 'owner@example.com', name: 'Owner' }, 'ana@example.com'];
  const [ownerId, userId, workspaceId] = [idOf(owner.email), idOf(email), core.newId()];
  await core.accounts.register(ownerId, owner, contextOf(ownerId));
  await core.workspaces.create(workspaceId, 'Acme', { userId: ownerId, ...owner }, contextOf(ownerId));
  await core.invitations.invite(workspaceId, ownerId, { userId, email, role: 'developer' }, contextOf(ownerId));
  await until(() => server.copies.length === 1, 'the mail is handed over');

  const begun = performance.now();
  await service.stop();
  t.ok(performance.now() - begun < PATIENCE, `it took ${performance.now() - begun} ms`);
  const store = await openPostgresEventStore({ connectionString: DATABASE_URL, logger: silent });
  t.teardown(() => store.close());
  const { events } = await store.readStream(membershipStream({ workspaceId, userId }));
  t.strictSame(
    events.map(({ type }) => type),
    ['UserInvited', 'InvitationEmailAttempted', 'InvitationEmailDeferred'],
  );
});
