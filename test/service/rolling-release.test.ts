import { randomUUID } from 'node:crypto';
import t from 'tap';

import { createPool } from '../../src/database/pool.js';
import { holding } from '../support/holding.js';
import { trapMails } from '../support/mail-trap.js';
import { createDatabase } from '../support/postgres.js';
import { silent } from '../support/silent-logger.js';
import { until } from '../support/until.js';
import { KilledService } from './killed-service.js';

const READERS = 3;
const INVITERS = 2;

t.test('a release with new versions of its read models takes over, and no client notices', async (t) => {
  const { url: databaseUrl } = await createDatabase(t, { mayHaveTables: true });
  const trap = await trapMails();
  t.teardown(() => trap.close());
  const stores = { DATABASE_URL: databaseUrl, SMTP_URL: trap.url };
  const old = await KilledService.prepare(stores);
  t.teardown(() => old.kill());
  await old.start();
  const { ADDRESS_KEY = '', TOKEN_KEYS = '' } = old.settings;
  const next = await KilledService.prepare({ ...stores, ADDRESS_KEY, TOKEN_KEYS }, 'the next release');
  t.teardown(() => next.kill());

  let token = '';
  async function call(base: string, request: string, body?: object) {
    const [method = '', path] = request.split(' ');
    const response = await fetch(base + path, {
      method,
      headers: {
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...(token ? { authorization: `Bearer ${token}` } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  }

  await call(old.url, 'POST /v1/sign-in-links', { email: 'owner@example.com' });
  const mail = await until(() => trap.mails[0], 'the sign-in mail has come');
  const session = await call(old.url, 'POST /v1/sessions', { token: await mail.token(), name: 'Owner' });
  token = session.body.accessToken;
  const created = await call(old.url, 'POST /v1/workspaces', { name: 'Acme' });
  const path = `/v1/workspaces/${created.body.workspace.id}`;
  const recipients = Array.from({ length: 200 }, (_, number) => `early-${number}@example.com`).join('\n');
  t.equal((await call(old.url, `POST ${path}/invitations/batch`, { recipients })).status, 200);

  // As a balancer does: requests go to the new release as soon as it says that it is ready.
  let target = old.url;
  let over = false;
  let invited = 200;
  const failures: string[] = [];
  const answers = { [old.url]: 0, [next.url]: 0 };
  async function client(request: () => [string, object?], expected: number): Promise<void> {
    while (!over) {
      const base = target;
      const [line, body] = request();
      const { status } = await call(base, line, body);
      answers[base] = (answers[base] ?? 0) + 1;
      if (status !== expected) failures.push(`${line} at ${base === old.url ? 'the old' : 'the next'}: ${status}`);
      else if (expected === 201) invited++;
    }
  }
  const clients = [
    ...Array.from({ length: READERS }, () => client(() => [`GET ${path}/users?limit=20`], 200)),
    ...Array.from({ length: INVITERS }, () =>
      client(() => [`POST ${path}/invitations`, { email: `${randomUUID()}@example.com`, role: 'developer' }], 201),
    ),
  ];
  const readiness = { [old.url]: [] as number[], [next.url]: [] as number[] };
  const look = async (base: string) => {
    const { status, body } = await call(base, 'GET /health/ready');
    if (readiness[base]?.at(-1) !== status) readiness[base]?.push(status);
    return { status, body };
  };
  await until(async () => (await look(old.url)).status === 200, 'the old release is ready');
  readiness[old.url] = [];

  const pool = createPool({ connectionString: databaseUrl, name: 'vacuum', logger: silent });
  t.teardown(() => pool.end());
  // As a vacuum does, which the switch waits for, and nobody else.
  const vacuum = 'lock table users_tab.users in share update exclusive mode';
  const detail = await holding(pool, vacuum, async () => {
    await next.start();
    return until(async () => (await look(next.url)).body.checks['users-tab']?.detail, 'the next release says why');
  });
  await until(
    async () => {
      await look(old.url);
      return (await look(next.url)).status === 200;
    },
    'the next release is ready',
    180_000,
  );
  target = next.url;
  await until(() => (answers[next.url] ?? 0) > 50, 'clients are served by the next release');
  await look(old.url);
  t.strictSame(readiness[old.url], [200], 'the old release was ready all the time');
  t.strictSame(readiness[next.url], [503, 200], 'the next one was not before its tables were live');
  t.match(detail, /^its tables are of version \d+, those of \d+ are being built/);
  await old.kill('SIGTERM');
  over = true;
  await Promise.all(clients);
  t.strictSame(failures, []);
  t.ok((answers[old.url] ?? 0) > 0);

  await until(async () => {
    const { body } = await call(next.url, `GET ${path}/users?limit=1`);
    return body.counts.waiting === invited;
  }, 'everybody who was invited is shown');
});
