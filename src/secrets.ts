import { randomBytes } from 'node:crypto';
import { access, link, mkdir, open, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';

import { InvalidConfig } from './environment.js';
import { parseSecret, parseTokenKeys, type TokenKeys } from './tokens/keys.js';

export interface Secrets {
  /** Makes user ids out of addresses. For life: with another key, nobody would be found again. */
  readonly addressKey: Buffer;
  readonly tokenKeys: TokenKeys;
}

interface Kept {
  readonly addressKey: string;
  readonly tokenKeys: string;
}

/** What to do where no secrets are set, and none are kept: make some, as a service does, or fail. */
export type WhereNone = 'make' | 'fail';

/**
 * The secrets as set, or, where they are not, those that were made at the first start and kept in the data folder.
 *
 * @throws InvalidConfig naming the setting that is no secret, or saying that there are none
 */
export async function loadSecrets(
  set: Partial<Kept>,
  dataDirectory: string,
  whereNone: WhereNone = 'make',
): Promise<Secrets> {
  const kept = set.addressKey && set.tokenKeys ? undefined : await keptSecrets(dataDirectory, whereNone);
  return {
    addressKey: parsed('ADDRESS_KEY', parseSecret, set.addressKey ?? kept?.addressKey),
    tokenKeys: parsed('TOKEN_KEYS', parseTokenKeys, set.tokenKeys ?? kept?.tokenKeys),
  };
}

function parsed<T>(setting: string, parse: (text: string) => T, text = ''): T {
  try {
    return parse(text);
  } catch (error) {
    throw new InvalidConfig(`${setting}: ${error instanceof Error ? error.message : error}`);
  }
}

async function keptSecrets(dataDirectory: string, whereNone: WhereNone): Promise<Kept> {
  const path = join(dataDirectory, 'secrets.json');
  if (whereNone === 'fail' && !(await isThere(path))) {
    throw new InvalidConfig(
      `There are no keys of the service in ${path}. Run this in the folder of the service, or set DATA_DIR to its data folder, ` +
        'or ADDRESS_KEY and TOKEN_KEYS.',
    );
  }
  await mkdir(dataDirectory, { recursive: true });
  await makeOnce(path, () => {
    const secret = () => randomBytes(32).toString('base64');
    return `${JSON.stringify({ addressKey: secret(), tokenKeys: secret() } satisfies Kept, null, 2)}\n`;
  });
  return JSON.parse(await readFile(path, 'utf8')) as Kept;
}

/** Makes a file that is there whole or not at all; of two that make it at once, one wins. */
async function makeOnce(path: string, content: () => string): Promise<void> {
  if (await isThere(path)) return;
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(content());
    await file.sync();
    await link(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await file.close();
    await unlink(draft);
  }
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
