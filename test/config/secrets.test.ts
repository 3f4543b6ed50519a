import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';

import { loadSecrets } from '../../src/secrets.js';

const KEY = Buffer.alloc(32, 1).toString('base64');

t.test('secrets are made at the first start, kept, and readable by their owner only', async (t) => {
  const folder = join(t.testdir(), 'data');
  const first = await loadSecrets({}, folder);
  t.equal(first.addressKey.length, 32);
  t.notSame(first.addressKey, first.tokenKeys[0].secret);
  t.strictSame(await loadSecrets({}, folder), first);
  t.equal((await stat(join(folder, 'secrets.json'))).mode & 0o777, 0o600);
});

t.test('many that start at once agree, and leave no drafts behind', async (t) => {
  const folder = t.testdir();
  const [first, ...others] = await Promise.all(Array.from({ length: 10 }, () => loadSecrets({}, folder)));
  for (const other of others) t.strictSame(other, first);
  t.strictSame(await readdir(folder), ['secrets.json']);
});

t.test('what is set is used, and what is not comes from the folder', async (t) => {
  const folder = t.testdir();
  const kept = await loadSecrets({}, folder);
  const mixed = await loadSecrets({ addressKey: KEY }, folder);
  t.strictSame(mixed, { addressKey: Buffer.alloc(32, 1), tokenKeys: kept.tokenKeys });
});

t.test('with all of them set, no folder is touched', async (t) => {
  const folder = t.testdir();
  await loadSecrets({ addressKey: KEY, tokenKeys: KEY }, folder);
  t.strictSame(await readdir(folder), []);
});

t.test('a secret that is too short is refused by the name of its setting', async (t) => {
  const load = (addressKey: string, tokenKeys: string) => loadSecrets({ addressKey, tokenKeys }, t.testdirName);
  await t.rejects(load('c2hvcnQ=', KEY), { code: 'invalid-config', message: /^ADDRESS_KEY: .*openssl rand/ });
  await t.rejects(load(KEY, `${KEY},c2hvcnQ=`), { code: 'invalid-config', message: /^TOKEN_KEYS: .*openssl rand/ });
});
