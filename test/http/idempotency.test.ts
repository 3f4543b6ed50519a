import { createHash, randomUUID } from 'node:crypto';
import t from 'tap';
import { AggregateStore } from '../../src/commands/aggregate-store.js';
import { Invitations } from '../../src/commands/invitations.js';
import { InviteMany } from '../../src/commands/invite-many.js';
import { purgeIdempotencyKeys } from '../../src/database/idempotency-keys.js';
import { membershipStream } from '../../src/domain/streams.js';
import { type EventStore, EventStoreUnavailable } from '../../src/event-store/event-store.js';
import { connect } from '../support/postgres.js';
import { appOn, openTestApi, wordsFor } from './support/api.js';

const api = await openTestApi(t);
const { call, core } = api;
const owner = await api.signIn('owner@example.com', 'Olivia Owner');
const workspaceId = await api.createWorkspace(owner);

interface Sent {
  readonly email?: string;
  readonly key?: string;
  readonly as?: typeof owner;
  readonly words?: Pick<typeof api, 'call'>;
}

const invite = ({ email = 'ana@example.com', key, as = owner, words = api }: Sent) =>
  words.call(`POST /v1/workspaces/${workspaceId}/invitations`, {
    as,
    body: { email, role: 'developer' },
    headers: key === undefined ? {} : { 'idempotency-key': key },
  });

const invitationsOf = async (email: string) =>
  (await api.eventTypes(membershipStream({ workspaceId, userId: api.person(email) }))).filter(
    (type) => type === 'UserInvited',
  ).length;

t.test('the same request under the same key gets the same answer, byte by byte', async (t) => {
  const first = await invite({ key: 'one' });
  const second = await invite({ key: 'one' });
  t.equal(first.status, 201);
  t.strictSame([second.status, second.text], [first.status, first.text]);
  for (const header of ['location', 'event-position', 'content-type']) {
    t.equal(second.headers[header], first.headers[header], header);
  }
  t.strictSame([first.headers['idempotency-replayed'], second.headers['idempotency-replayed']], [undefined, 'true']);
  t.equal(await invitationsOf('ana@example.com'), 1);
});

t.test('the order of properties makes no other request, their values do', async (t) => {
  const send = (body: object) =>
    call(`POST /v1/workspaces/${workspaceId}/invitations`, {
      as: owner,
      body,
      headers: { 'idempotency-key': 'order' },
    });
  t.equal((await send({ email: 'order@example.com', role: 'developer' })).status, 201);
  t.equal((await send({ role: 'developer', email: 'order@example.com' })).status, 201);
  const other = await send({ email: 'order@example.com', role: 'administrator' });
  t.strictSame([other.status, other.body.code], [422, 'idempotency-key-reused']);
});

t.test('a key belongs to one caller, one route, and one thing', async (t) => {
  const admin = await api.join(owner, workspaceId, 'admin@example.com', 'administrator');
  t.equal((await invite({ key: 'shared', email: 'bob@example.com' })).status, 201);
  t.equal((await invite({ key: 'shared', email: 'carl@example.com', as: admin })).status, 201, "another's key");
  const batch = await call(`POST /v1/workspaces/${workspaceId}/invitations/batch`, {
    as: owner,
    body: { recipients: 'dora@example.com' },
    headers: { 'idempotency-key': 'shared' },
  });
  t.equal(batch.status, 200, 'on another route');
  const other = await api.createWorkspace(owner, 'Other');
  const elsewhere = await call(`POST /v1/workspaces/${other}/invitations`, {
    as: owner,
    body: { email: 'bob@example.com', role: 'developer' },
    headers: { 'idempotency-key': 'shared' },
  });
  t.equal(elsewhere.body.code, 'idempotency-key-reused', 'the same body about another workspace is another request');
});

t.test('a refusal is an answer too', async (t) => {
  await invite({ email: 'taken@example.com' });
  const first = await invite({ email: 'taken@example.com', key: 'refused' });
  const second = await invite({ email: 'taken@example.com', key: 'refused' });
  t.equal(first.status, 409);
  t.strictSame([second.status, second.text, second.headers['idempotency-replayed']], [409, first.text, 'true']);
});

t.test('a key is 1 to 255 visible characters', async (t) => {
  for (const key of ['', 'a b', 'é', 'x'.repeat(256)]) {
    const { status, body } = await invite({ key });
    t.strictSame([status, body.code, body.errors[0].header], [400, 'invalid-request', 'idempotency-key']);
  }
  t.equal((await invite({ key: `"${randomUUID()}"`, email: 'quoted@example.com' })).status, 201);
});

t.test('two at once: one is carried out, the other is told to wait', async (t) => {
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => invite({ key: 'race', email: 'race@example.com' })),
  );
  const [done, ...others] = answers.filter(({ status }) => status === 201);
  t.ok(done);
  for (const { status, body, headers } of answers.filter((answer) => answer.status !== 201)) {
    t.strictSame([status, body.code, headers['retry-after']], [409, 'request-in-flight', '1']);
  }
  for (const { text } of others) t.equal(text, done?.text, 'whoever came late got the same answer');
  t.equal(await invitationsOf('race@example.com'), 1);
  t.equal((await invite({ key: 'race', email: 'race@example.com' })).text, done?.text);
});

/** Rewrites the newest key as one that an instance called `worker` holds, before it has answered. */
async function putInFlight(worker: string | null, commandId?: string): Promise<void> {
  await core.pool.query(
    `update http.idempotency_keys set answer = null, worker = $1, command_id = coalesce($2, command_id)
     where created_at = (select max(created_at) from http.idempotency_keys)`,
    [worker, commandId],
  );
}

t.test('what another instance works on is left to it while it lives, and taken over when it is dead', async (t) => {
  const first = await invite({ key: 'elsewhere', email: 'elsewhere@example.com' });
  const worker = randomUUID();
  await putInFlight(worker);
  const other = await connect(t, api.url);
  await other.query('select pg_advisory_lock(hashtextextended($1, 7))', [worker]);
  const waiting = await invite({ key: 'elsewhere', email: 'elsewhere@example.com' });
  t.strictSame([waiting.status, waiting.body.code], [409, 'request-in-flight']);
  const reused = await invite({ key: 'elsewhere', email: 'somebody-else@example.com' });
  t.equal(reused.body.code, 'idempotency-key-reused', 'a wrong request is told at once');

  await other.end();
  const wrong = await invite({ key: 'elsewhere', email: 'somebody-else@example.com' });
  t.equal(wrong.body.code, 'idempotency-key-reused', 'whoever sends something else does not take it over');
  const taken = await invite({ key: 'elsewhere', email: 'elsewhere@example.com' });
  t.strictSame([taken.status, taken.body.id], [201, first.body.id]);
  t.equal(taken.headers['event-position'], first.headers['event-position'], 'the work was done before');
  t.equal(await invitationsOf('elsewhere@example.com'), 1);
});

t.test('a claim that is never let go of ends by itself', async (t) => {
  await invite({ key: 'stuck', email: 'stuck@example.com' });
  const worker = randomUUID();
  await putInFlight(worker);
  await core.liveness.announce(worker);
  t.equal((await invite({ key: 'stuck', email: 'stuck@example.com' })).status, 409);
  await core.pool.query(
    `update http.idempotency_keys set claimed_at = now() - interval '121 seconds' where worker = $1`,
    [worker],
  );
  t.equal((await invite({ key: 'stuck', email: 'stuck@example.com' })).status, 201);
});

/** A store whose appends can be made to fail, before or after they are stored. */
function failingStore(store: EventStore) {
  const failure = { at: 'never' as 'never' | 'before' | 'after' };
  const fail = (): never => {
    throw new EventStoreUnavailable('the test pulled the plug');
  };
  const failing: EventStore = {
    append: async (...append) => {
      if (failure.at === 'before') fail();
      const appended = await store.append(...append);
      return failure.at === 'after' ? fail() : appended;
    },
    appendMany: async (appends) => {
      const stored = failure.at === 'never' ? appends : appends.slice(0, Math.floor(appends.length / 2));
      const results = await store.appendMany(stored);
      const error = new EventStoreUnavailable('the test pulled the plug');
      return appends.map((_, index) => results[index] ?? { status: 'failed', error });
    },
    // What was appended must not be found again within the same request.
    readStream: async (...read) => (failure.at === 'after' ? fail() : store.readStream(...read)),
    readStreams: (...read) => store.readStreams(...read),
    subscribe: (options) => store.subscribe(options),
    head: () => store.head(),
    eventAt: (position) => store.eventAt(position),
    close: () => store.close(),
  };
  return { failing, failure };
}

t.test('a request whose outcome is not known is carried on with the same key', async (t) => {
  const { failing, failure } = failingStore(core.store);
  const aggregates = new AggregateStore(failing, core.metrics);
  const app = await appOn(api, api.tokenKeys, {
    replace: () => ({
      aggregates,
      invitations: new Invitations(aggregates),
      inviteMany: new InviteMany(failing, aggregates),
    }),
  });
  t.teardown(() => app.close());
  const words = wordsFor(app, api);

  failure.at = 'after';
  const unknown = await invite({ key: 'unknown', email: 'unknown@example.com', words });
  t.strictSame([unknown.status, unknown.body.code], [503, 'event-store-unavailable']);
  t.equal(unknown.headers['retry-after'], '1');
  t.match(unknown.body.detail, /same Idempotency-Key/);
  failure.at = 'never';
  t.equal((await invite({ key: 'unknown', email: 'unknown@example.com', words })).status, 201);
  t.equal(await invitationsOf('unknown@example.com'), 1);

  const batch = () =>
    words.call(`POST /v1/workspaces/${workspaceId}/invitations/batch`, {
      as: owner,
      body: { recipients: 'b1@example.com, b2@example.com, b3@example.com, b4@example.com' },
      headers: { 'idempotency-key': 'half' },
    });
  failure.at = 'before';
  const half = await batch();
  t.equal(half.status, 200);
  t.ok(half.body.summary.unavailable > 0);
  failure.at = 'never';
  const whole = await batch();
  t.strictSame([whole.body.summary.invited, whole.body.summary.unavailable], [4, 0]);
  t.equal((await batch()).text, whole.text, 'now it is final');
  for (const email of ['b1@example.com', 'b4@example.com']) t.equal(await invitationsOf(email), 1);
});

t.test('a workspace is made once, whatever happens in between', async (t) => {
  const create = () =>
    call('POST /v1/workspaces', {
      as: owner,
      body: { name: 'Once', recipients: 'x@example.com, y@example.com' },
      headers: { 'idempotency-key': 'workspace' },
    });
  const first = await create();
  await putInFlight(null);
  const second = await create();
  t.strictSame(second.body, first.body, 'made again from what the first attempt left in the log');
  t.notOk('idempotency-replayed' in second.headers);
});

t.test('what is kept can be read neither from the database nor with another request', async (t) => {
  const token = core.signInTokens.sign({ id: randomUUID(), email: 'secret@example.com' }, new Date());
  const headers = { 'idempotency-key': 'a-key-to-look-for' };
  const { body } = await call('POST /v1/sessions', { body: { token }, headers });
  const { rows } = await core.pool.query('select * from http.idempotency_keys order by created_at desc limit 1');
  const kept = Buffer.concat([rows[0].id, rows[0].fingerprint, rows[0].answer]).toString('latin1');
  for (const secret of [body.accessToken, token, 'secret@example.com', 'a-key-to-look-for']) {
    t.notOk(kept.includes(secret));
    t.notOk(kept.includes(createHash('sha256').update(secret).digest().toString('latin1')));
  }
});

t.test('keys are forgotten after a day', async (t) => {
  await purgeIdempotencyKeys(core.pool);
  await invite({ key: 'old', email: 'old@example.com' });
  t.equal(await purgeIdempotencyKeys(core.pool), 0);
  await core.pool.query(`update http.idempotency_keys set created_at = created_at - interval '24 hours 1 second'`);
  t.ok((await purgeIdempotencyKeys(core.pool)) > 0);
  t.equal((await invite({ key: 'old', email: 'old@example.com' })).body.code, 'already-invited', 'a new request');
});
