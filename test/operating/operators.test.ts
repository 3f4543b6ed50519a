import { randomBytes } from 'node:crypto';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';

import { loadSecrets } from '../../src/secrets.js';
import { parseTokenKeys } from '../../src/tokens/keys.js';
import { tokenCodec } from '../../src/tokens/signed-token.js';
import { openTestCore } from '../support/core.js';
import { operate, startIn } from './operator.js';

const { url } = await openTestCore(t);
const [TOKEN_KEYS, ADDRESS_KEY] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];
const token = (...line: string[]) =>
  startIn({ DATABASE_URL: url, TOKEN_KEYS, ADDRESS_KEY }, 'operators', 'token', ...line).ended;

t.test('a token is signed with the key of the service, for somebody and for some hours', async (t) => {
  const before = Date.now();
  const { code, out } = await token('--for', 'ana@example.com', '--hours', '2', '--json');
  t.equal(code, 0);
  const made = JSON.parse(out);
  const { claims, expiresAt } = tokenCodec('access', parseTokenKeys(TOKEN_KEYS)).read(made.token);
  t.strictSame(claims, {
    sub: 'operator:ana@example.com',
    name: 'ana@example.com',
    email: '',
    scope: 'operator',
  });
  const hours = (expiresAt.getTime() - before) / 3_600_000;
  t.ok(hours > 1.99 && hours < 2.1, `it is good for ${hours} hours`);
});

t.test('it has to be said whom it is for, and not for ever', async (t) => {
  t.equal((await token()).code, 2);
  t.equal((await token('--for', 'two words')).code, 2);
  t.equal((await token('--for', 'ana', '--hours', '100000')).code, 2);
});

t.test('without the keys of the service there is none', async (t) => {
  const { code, err } = await operate(url, 'operators', 'token', '--for', 'ana');
  t.equal(code, 1);
  t.match(err, /set ADDRESS_KEY and TOKEN_KEYS/);
});

t.test('no command makes data or keys where the service is not', async (t) => {
  const DATA_DIR = join(t.testdir(), 'nothing');
  const looked = await startIn({ DATA_DIR }, 'projections', 'list', '--json').ended;
  t.match(JSON.parse(looked.out), { error: { code: 'data-folder-missing', message: /DATA_DIR.*DATABASE_URL/ } });
  const resumed = await startIn({ DATA_DIR }, 'projections', 'resume', 'users-tab').ended;
  t.match(resumed, { code: 1, err: `There is no data of the service in ${join(DATA_DIR, 'postgres')}. ` });
  const made = await startIn({ DATA_DIR }, 'operators', 'token', '--for', 'ana').ended;
  t.match(made, { code: 1, err: `There are no keys of the service in ${join(DATA_DIR, 'secrets.json')}. ` });
  await t.rejects(access(DATA_DIR), { code: 'ENOENT' });
});

t.test('a token needs the keys alone, and no database', async (t) => {
  const DATA_DIR = t.testdir();
  await loadSecrets({}, DATA_DIR);
  const { code, out } = await startIn({ DATA_DIR }, 'operators', 'token', '--for', 'ana').ended;
  t.equal(code, 0);
  const { tokenKeys } = await loadSecrets({}, DATA_DIR);
  t.match(tokenCodec('access', tokenKeys).read(out.trim()).claims, { sub: 'operator:ana' });
});
