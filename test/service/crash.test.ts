import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import t from 'tap';

import { UsersTabQueries } from '../../projections/users-tab/queries.js';
import { createDatabase as createQueryBuilder } from '../../src/database/database.js';
import { createPool } from '../../src/database/pool.js';
import type { MembershipEvent } from '../../src/domain/membership/events.js';
import type { RecordedEvent } from '../../src/event-store/event-store.js';
import { openPostgresEventStore } from '../../src/event-store/postgres.js';
import { trapMails } from '../support/mail-trap.js';
import { createDatabase } from '../support/postgres.js';
import { silent } from '../support/silent-logger.js';
import { until } from '../support/until.js';
import { KilledService } from './killed-service.js';

const ROUNDS = 50;
const CLIENTS = 6;

interface Invited {
  readonly email: string;
  readonly invitationId: string;
}

/** A request that is repeated with its key until it is answered, however often the service dies over it. */
interface Intent {
  readonly key: string;
  readonly method: 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: object;
}

t.setTimeout(900_000);

t.test(`killed ${ROUNDS} times under load, the service loses nothing and mails nobody in vain`, async (t) => {
  const { url: databaseUrl } = await createDatabase(t);
  const trap = await trapMails();
  t.teardown(() => trap.close());
  const service = await KilledService.prepare({ DATABASE_URL: databaseUrl, SMTP_URL: trap.url });
  t.teardown(() => service.kill());
  await service.start();

  const send = async ({ key, method, path, body }: Intent, accessToken?: string) => {
    const response = await fetch(service.url + path, {
      method,
      headers: {
        'idempotency-key': key,
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...(accessToken ? { authorization: `Bearer ${accessToken}` } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  };

  const owner = 'owner@example.com';
  await send({ key: randomUUID(), method: 'POST', path: '/v1/sign-in-links', body: { email: owner } });
  const signIn = await until(() => trap.mails.find(({ to }) => to === owner), 'the sign-in mail has come');
  const session = await send({
    key: randomUUID(),
    method: 'POST',
    path: '/v1/sessions',
    body: { token: await signIn.token(), name: 'Owner' },
  });
  const accessToken: string = session.body.accessToken;
  const created = await send(
    { key: randomUUID(), method: 'POST', path: '/v1/workspaces', body: { name: 'Example' } },
    accessToken,
  );
  const workspaceId: string = created.body.workspace.id;

  const invited: Invited[] = [];
  const unanswered: Intent[] = [];
  let people = 0;
  let answered = 0;
  const nextIntent = (): Intent => {
    const path = `/v1/workspaces/${workspaceId}/invitations`;
    const other = invited.length > 0 ? invited[randomInt(invited.length)] : undefined;
    const dice = randomInt(10);
    const key = randomUUID();
    if (other && dice < 2) return { key, method: 'DELETE', path: `${path}/${other.invitationId}` };
    if (other && dice < 3) return { key, method: 'POST', path: `${path}/${other.invitationId}/resend` };
    return { key, method: 'POST', path, body: { email: `person${people++}@example.com`, role: 'developer' } };
  };
  const expected = new Set([200, 201, 202, 204, 409, 410]);
  /** Sends requests one after another until the service stops answering. */
  const client = async () => {
    for (;;) {
      const intent = unanswered.pop() ?? nextIntent();
      try {
        const { status, body } = await send(intent, accessToken);
        answered++;
        if (!expected.has(status)) t.fail(`${intent.method} answered ${status} ${JSON.stringify(body)}`);
        if (body?.code === 'request-in-flight') unanswered.push(intent);
        if (status === 201) invited.push({ email: body.email, invitationId: body.invitation.id });
      } catch {
        unanswered.push(intent);
        return;
      }
    }
  };

  for (let round = 0; round < ROUNDS; round++) {
    const clients = Array.from({ length: CLIENTS }, client);
    // After some answers, so that every round gets somewhere, and then at any moment of what follows them.
    const enough = answered + randomInt(1, 40);
    await until(() => answered >= enough, 'the service has answered in this round');
    await delay(randomInt(0, 30));
    await service.kill();
    await Promise.all(clients);
    await service.start();
  }
  for (let intent = unanswered.pop(); intent; intent = unanswered.pop()) {
    const { status, body } = await send(intent, accessToken);
    if (body?.code === 'request-in-flight') unanswered.push(intent);
    else if (status === 201) invited.push({ email: body.email, invitationId: body.invitation.id });
  }

  const pool = createPool({ connectionString: databaseUrl, name: 'test', logger: silent });
  t.teardown(() => pool.end());
  const jobs = async () => {
    const { rows } = await pool.query(
      `select count(*) as jobs from graphile_worker._private_jobs where run_at < now() + interval '1 minute'`,
    );
    return rows[0].jobs as number;
  };
  await until(async () => (await jobs()) === 0, 'every mail is dealt with', 180_000);
  const store = await openPostgresEventStore({ pool, logger: silent });
  t.teardown(() => store.close());
  const head = await store.head();
  await until(async () => {
    const { rows } = await pool.query(`select min(position) as position from following.checkpoints`);
    return rows[0].position >= head;
  }, 'the read models have caught up');

  const streams = new Map<string, RecordedEvent[]>();
  const ending = new AbortController();
  for await (const batch of store.subscribe({
    after: '' as never,
    streamPrefixes: ['membership-'],
    signal: ending.signal,
  })) {
    for (const event of batch.events) streams.set(event.stream, [...(streams.get(event.stream) ?? []), event]);
    if (batch.caughtUp) ending.abort();
  }

  const histories = [...streams.values()].map((events) => events as unknown as (RecordedEvent & MembershipEvent)[]);
  t.ok(invited.length > ROUNDS, `${invited.length} people were invited while the service was killed ${ROUNDS} times`);
  const byAddress = new Map(
    histories.map((history) => {
      const first = history[0];
      return [
        first?.type === 'UserInvited' || first?.type === 'FounderJoined' ? first.data.email : '',
        history,
      ] as const;
    }),
  );
  t.strictSame(
    invited.filter(({ email }) => !byAddress.has(email)),
    [],
    'every invitation that was answered is in the log',
  );
  t.strictSame(
    histories.filter((history) => history.filter(({ type }) => type === 'UserInvited').length > 1).length,
    0,
    'no request that was repeated with its key invited anybody twice',
  );

  for (const [address, history] of byAddress) {
    const last = history.findLast(({ type }) => type === 'UserInvited' || type === 'InvitationResent');
    if (!last) continue;
    const revokedAt = history.findIndex(({ type }) => type === 'InvitationRevoked');
    const attempts = history.filter((event) => event.type === 'InvitationEmailAttempted');
    const attempted = new Set(attempts.map((event) => event.data.messageId));
    const received = new Set(trap.mails.filter(({ to }) => to === address).map(({ messageId }) => messageId));
    if (revokedAt === -1) {
      const issue = last.type === 'InvitationResent' ? last.data.issue : 1;
      const messageId = attempts.findLast((event) => event.data.issue === issue)?.data.messageId;
      t.ok(messageId !== undefined && received.has(messageId), `the newest mail reached ${address}`);
    }
    t.ok(
      [...received].every((messageId) => attempted.has(messageId)),
      `every mail to ${address} was recorded first`,
    );
    t.ok(
      attempts.every((event) => revokedAt === -1 || event.revision < revokedAt),
      `no mail to ${address} was begun after it was withdrawn`,
    );
    const idsOfIssues = new Set(attempts.map((event) => `${event.data.issue} ${event.data.messageId}`));
    t.equal(idsOfIssues.size, new Set(attempts.map((event) => event.data.issue)).size, `one Message-ID for each issue`);
  }

  const queries = new UsersTabQueries(createQueryBuilder(pool));
  for (const history of streams.values()) {
    const folded = queries.fold(history);
    const shown = await queries.get(folded?.workspace_id ?? '', folded?.user_id ?? '');
    const { search: _search, name_key: _name, email_key: _email, ...row } = shown as unknown as Record<string, unknown>;
    t.strictSame(row, folded, 'the users tab is what the log adds up to');
  }
});
