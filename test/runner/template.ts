import { randomBytes } from 'node:crypto';

import { Closing } from '../../src/closing.js';
import { openCore } from '../../src/core.js';
import { parseTokenKeys } from '../../src/tokens/keys.js';
import { addDatabase } from '../support/postgres.js';
import { silent } from '../support/silent-logger.js';

/** A database with all tables of the service, for tests to copy. */
export interface Template {
  readonly name: string;
  drop(): Promise<void>;
}

export async function addTemplate(cluster: string): Promise<Template> {
  const { name, url: databaseUrl, drop } = await addDatabase(cluster);
  const closing = new Closing((what, error) => {
    throw new Error(`could not close the ${what}`, { cause: error });
  });
  const secrets = { addressKey: randomBytes(32), tokenKeys: parseTokenKeys(randomBytes(32).toString('base64')) };
  await openCore({ databaseUrl, eventStore: 'postgres', secrets, logger: silent, closing });
  await closing.close();
  return { name, drop };
}
