import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { Client } from '../../src/demo/client.js';
import { startEmbeddedPostgres } from '../../src/embedded/postgres.js';
import { type MailTrap, trapMails } from '../support/mail-trap.js';
import { silent } from '../support/silent-logger.js';
import { temporaryFolder } from '../support/temporary-postgres.js';
import { until } from '../support/until.js';
import { type Running, startProgram } from './processes.js';

/** What every measurement stands on: a Postgres that flushes to disk, a mail server, secrets. */
export interface Setting {
  readonly trap: MailTrap;
  readonly env: Record<string, string>;
  readonly databaseUrl: string;
  close(): Promise<void>;
}

export async function openSetting(eventStore: string): Promise<Setting> {
  const folder = await temporaryFolder();
  const postgres = await startEmbeddedPostgres({ dataDirectory: join(folder, 'postgres'), logger: silent });
  const trap = await trapMails();
  const secret = () => randomBytes(32).toString('base64');
  return {
    trap,
    databaseUrl: postgres.url,
    env: {
      DATABASE_URL: postgres.url,
      EVENT_STORE: eventStore,
      SMTP_URL: trap.url,
      ADDRESS_KEY: secret(),
      TOKEN_KEYS: secret(),
      SIGN_IN_LINKS_PER_HOUR: '1000000',
      RESEND_PAUSE_SECONDS: '0',
      // Counted all the same, and never used up.
      INVITATIONS_PER_INVITER: '1000000000',
      INVITATIONS_PER_WORKSPACE: '1000000000',
      INVITATIONS_PER_NEW_WORKSPACE: '1000000000',
    },
    async close() {
      await trap.close();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A workspace of somebody who is signed in. */
export interface Owner {
  readonly client: Client;
  readonly accessToken: string;
  readonly workspaceId: string;
}

/** Signs somebody in and founds a workspace, which the read model shows then. Needs a service that mails and projects. */
export async function foundWorkspace(service: Running, trap: MailTrap): Promise<Owner> {
  const client = new Client(service.url);
  const email = `owner${randomBytes(4).toString('hex')}@example.com`;
  await client.request('POST', '/v1/sign-in-links', { body: { email } });
  const mail = await until(() => trap.mails.find(({ to }) => to === email), 'the sign-in mail has come');
  const session = await client.request<{ accessToken: string }>('POST', '/v1/sessions', {
    body: { token: await mail.token(), name: 'Owner' },
  });
  const { accessToken } = session.body;
  const created = await client.request<{ workspace: { id: string } }>('POST', '/v1/workspaces', {
    accessToken,
    body: { name: 'Example' },
  });
  const workspaceId = created.body.workspace.id;
  await client.request('GET', `/v1/workspaces/${workspaceId}/users`, { accessToken, position: created.position });
  return { client, accessToken, workspaceId };
}

export const MAIN = '../../src/main.js';

export function startService(setting: Setting, settings: Record<string, string> = {}): Promise<Running> {
  return startProgram(MAIN, { ...setting.env, ...settings });
}
