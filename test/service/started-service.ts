import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import type { Test } from 'tap';

import { parseAddress } from '../../src/addresses/parse-recipients.js';
import { readConfig } from '../../src/config.js';
import { addressStream, membershipStream } from '../../src/domain/streams.js';
import { readQueuedMails } from '../../src/reactor/queue.js';
import { startService } from '../../src/service.js';
import { contextOf } from '../support/core.js';
import { createDatabase } from '../support/postgres.js';

/** A service with these settings, and a workspace of its. */
export async function startedService(t: Test, settings: Readonly<Record<string, string>>) {
  const { url: DATABASE_URL } = await createDatabase(t);
  const key = () => randomBytes(32).toString('base64');
  const config = readConfig({ DATABASE_URL, ADDRESS_KEY: key(), TOKEN_KEYS: key(), PORT: '0', ...settings });
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
  return {
    core,
    databaseUrl: DATABASE_URL,
    stop: () => service.stop(),
    async invite(email: string) {
      const invitee = { userId: idOf(email), email, role: 'developer' as const };
      const { state } = await core.invitations.invite(workspaceId, ownerId, invitee, contextOf(ownerId));
      const mail = { invitationId: state.invitation?.id ?? '', issue: 1, attempt: 1 };
      const typesOf = async (stream: string) => (await core.store.readStream(stream)).events.map(({ type }) => type);
      const stream = membershipStream({ workspaceId, userId: invitee.userId });
      return {
        mail,
        stream,
        history: () => typesOf(stream),
        historyOfAddress: () => typesOf(addressStream(invitee.userId)),
      };
    },
    /** The row of a person in the users tab. */
    shown: (email: string) => core.usersTab.get(workspaceId, idOf(email)),
    waitingMails: () => readQueuedMails(core.db, 10),
    metrics: async () => (await fetch(`${url}/metrics`)).text(),
    async checks() {
      const ready = (await (await fetch(`${url}/health/ready`)).json()) as { readonly checks: Record<string, unknown> };
      return ready.checks;
    },
  };
}
