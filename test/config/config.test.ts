import { resolve } from 'node:path';
import t from 'tap';

import { readConfig } from '../../src/config.js';

const KEY = Buffer.alloc(32, 1).toString('base64');

t.test('with nothing set, everything has a value', async (t) => {
  const { parts, ...rest } = readConfig({});
  t.strictSame([...parts], ['api', 'projector', 'reactor', 'worker']);
  t.strictSame(rest.limits, {
    perRecipient: 10,
    perRecipientInWorkspace: 4,
    perInviter: 5_000,
    perWorkspace: 10_000,
    perNewWorkspace: 250,
    newWorkspaceDays: 7,
  });
  t.match(rest, { host: '127.0.0.1', port: 3000, dataDirectory: resolve('.data'), eventStore: 'postgres' });
  for (const absent of [
    'databaseUrl',
    'smtpUrl',
    'addressKey',
    'tokenKeys',
    'identityProvider',
    'mailRate',
    'mailRatePerDomain',
  ]) {
    t.notOk(absent in rest, absent);
  }
});

t.test('what is set is taken as meant', async (t) => {
  const config = readConfig({
    ROLES: 'api, worker',
    PORT: '0',
    PUBLIC_URL: 'https://invitations.example.com//',
    DATABASE_URL: 'postgres://db.example.com/invitations',
    ADDRESS_KEY: KEY,
    TOKEN_KEYS: KEY,
    LOGO_HOSTS: 'logos.example.com, CDN.example.com:8443,',
    IDENTITY_PROVIDER_ISSUER: 'https://id.example.com',
    IDENTITY_PROVIDER_AUDIENCE: 'invitations',
    MAIL_RATE: '50',
    MAIL_RATE_PER_DOMAIN: '0.2',
    INVITATIONS_PER_INVITER: '0',
    INVITATIONS_PER_WORKSPACE: '300',
  });
  t.match(config.limits, { perInviter: undefined, perWorkspace: 300 });
  t.strictSame([...config.parts], ['api', 'worker']);
  t.match(config, {
    port: 0,
    mailRate: 50,
    mailRatePerDomain: 0.2,
    publicUrl: 'https://invitations.example.com',
    databaseUrl: 'postgres://db.example.com/invitations',
    identityProvider: { issuer: 'https://id.example.com', audience: 'invitations' },
    logoHosts: ['logos.example.com', 'cdn.example.com:8443'],
  });
});

t.test('origins are listed, and none is allowed where none is', async (t) => {
  t.strictSame(readConfig({}).corsOrigins, []);
  const { corsOrigins } = readConfig({ CORS_ORIGINS: 'https://app.example.com, http://localhost:5173' });
  t.strictSame(corsOrigins, ['https://app.example.com', 'http://localhost:5173']);
});

t.test('what cannot be is refused by a sentence that names the setting', async (t) => {
  const refused: [NodeJS.ProcessEnv, RegExp][] = [
    [{ PORT: 'http' }, /^PORT must be integer; see \.env\.example/],
    [{ PORT: '70000' }, /^PORT must be <= 65535/],
    [{ LOG_LEVEL: 'loud' }, /^LOG_LEVEL must be equal to one of the allowed values/],
    [{ MAIL_RATE: '-1' }, /^MAIL_RATE must be >= 0/],
    [{ WORKER_CONCURRENCY: '0' }, /^WORKER_CONCURRENCY must be >= 1/],
    [{ ROLES: 'api,cook' }, /^ROLES knows api, projector, reactor, worker.*"cook"/],
    [{ CORS_ORIGINS: '*' }, /^CORS_ORIGINS takes origins such as .*"\*" is none/],
    [{ CORS_ORIGINS: 'https://app.example.com/,https://b.example.com' }, /"https:\/\/app\.example\.com\/" is none/],
    [{ ROLES: '' }, /^ROLES knows/],
    [{ LOGO_HOSTS: 'https://logos.example.com/' }, /^LOGO_HOSTS has hosts/],
    [{ LOGO_HOSTS: 'two words' }, /^LOGO_HOSTS has hosts/],
    [{ IDENTITY_PROVIDER_ISSUER: 'https://id.example.com' }, /set both or neither/],
    [{ DATABASE_URL: 'postgres://db.example.com/x' }, /set ADDRESS_KEY and TOKEN_KEYS.*openssl rand -base64 32/],
  ];
  for (const [env, message] of refused) {
    t.throws(() => readConfig(env), { code: 'invalid-config', message }, JSON.stringify(env));
  }
});
