import t from 'tap';

import { openPostgresEventStore } from '../../src/event-store/postgres.js';
import { startMoodyServer } from '../support/moody-server.js';
import { silent } from '../support/silent-logger.js';
import { until } from '../support/until.js';
import { startedService } from './started-service.js';

/**
 * In milliseconds: four times what `main.ts` gives a stop before it cuts it short, as the machine may be busy. Whoever waited for the
 * server would wait for two minutes.
 */
const LONGEST = 60_000;

t.test('a mail server that does not answer does not keep the service from stopping, and the log tells', async (t) => {
  const server = await startMoodyServer(() => 'takes-and-hangs');
  t.teardown(() => server.close());
  const { invite, stop, databaseUrl } = await startedService(t, { SMTP_URL: server.url });
  const { stream } = await invite('ana@example.com');
  await until(() => server.copies.length === 1, 'the mail is handed over');

  const begun = performance.now();
  await stop();
  const took = performance.now() - begun;
  t.ok(took < LONGEST, `it took ${took} ms`);
  const store = await openPostgresEventStore({ connectionString: databaseUrl, logger: silent });
  t.teardown(() => store.close());
  t.strictSame(
    (await store.readStream(stream)).events.map(({ type }) => type),
    ['UserInvited', 'InvitationEmailAttempted', 'InvitationEmailDeferred'],
  );
});
