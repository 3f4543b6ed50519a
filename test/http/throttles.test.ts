import t from 'tap';

import { type Api, appOn, NO_LIMITS, openTestApi, wordsFor } from './support/api.js';

const LIMITS = { perInviter: 6, perWorkspace: 5, perNewWorkspace: 3, perRecipient: 9, newWorkspaceDays: 7 };
const api = await openTestApi(t, { limits: LIMITS, config: { corsOrigins: ['https://app.example.com'] } });
const { call, core } = api;

const ownerOf = async (name: string) => {
  const owner = await api.signIn(`${name}@example.com`);
  return { owner, id: await api.createWorkspace(owner) };
};
const inviting = ({ owner, id }: Awaited<ReturnType<typeof ownerOf>>, email: string, headers = {}) =>
  call(`POST /v1/workspaces/${id}/invitations`, { as: owner, body: { email, role: 'developer' }, headers });

/** As the test's limits last. */
const DAY = 86_400;
const about = (text: string | undefined) => (text ?? '').replace(/(?<==)8(?:6400|63\d\d)\b/g, 'DAY');

function limitsOf({ headers }: Awaited<ReturnType<Api['call']>>) {
  const { 'ratelimit-limit': limit, 'ratelimit-remaining': remaining, 'ratelimit-policy': policy, ratelimit } = headers;
  return [limit, remaining, about(policy), about(ratelimit)];
}

t.test('an invitation tells what is left to inviter and workspace, and of the recipient nothing', async (t) => {
  const mine = await ownerOf('one');
  const first = await inviting(mine, 'ana@example.com', { origin: 'https://app.example.com' });
  t.equal(first.status, 201);
  t.strictSame(limitsOf(first), [
    '3',
    '2',
    '"inviter";q=6;w=DAY, "workspace";q=3;w=DAY',
    '"inviter";r=5;t=DAY, "workspace";r=2;t=DAY',
  ]);
  const reset = Number(first.headers['ratelimit-reset']);
  t.ok(reset > DAY - 100 && reset <= DAY);
  const exposed = String(first.headers['access-control-expose-headers']).split(', ');
  t.ok(['ratelimit', 'ratelimit-policy', 'ratelimit-remaining'].every((header) => exposed.includes(header)));
  const { invitation } = first.body;
  const again = await call(`POST /v1/workspaces/${mine.id}/invitations/${invitation.id}/resend`, {
    as: mine.owner,
    body: {},
  });
  t.strictSame([again.status, again.headers['ratelimit-remaining']], [202, '1']);
  const corrected = await call(`POST /v1/workspaces/${mine.id}/invitations/${invitation.id}/correct-address`, {
    as: mine.owner,
    body: { email: 'anna@example.com' },
  });
  t.strictSame([corrected.status, corrected.headers['ratelimit-remaining']], [201, '0']);

  const refused = await inviting(mine, 'ben@example.com', { 'idempotency-key': 'k1' });
  t.equal(refused.status, 429);
  t.match(refused.body, { code: 'throttled', limit: 'workspace' });
  const wait = Number(refused.headers['retry-after']);
  t.ok(wait > DAY - 100 && wait <= DAY);
  t.ok(Math.abs(Date.parse(refused.body.possibleAt) - Date.now() - wait * 1000) < 30_000);
  t.equal(refused.headers['ratelimit-remaining'], '0');
  await core.pool.query('update mail.throttles set ends_at = now()');
  const later = await inviting(mine, 'ben@example.com', { 'idempotency-key': 'k1' });
  t.equal(later.status, 201, 'a refusal for now is not the last word under its key');
});

t.test('a batch has its lines, and the very same ones when it is sent again', async (t) => {
  const { owner, id } = await ownerOf('two');
  const emails = ['a', 'b', 'c', 'd', 'e'].map((name) => `${name}@batch.example.com`);
  const send = () =>
    call(`POST /v1/workspaces/${id}/invitations/batch`, {
      as: owner,
      body: { recipients: emails.join(', ') },
      headers: { 'idempotency-key': 'batch' },
    });
  const { status, body, text, headers } = await send();
  t.equal(status, 200);
  t.match(
    body.results.map(({ outcome }: { outcome: string }) => outcome),
    ['invited', 'invited', 'invited', 'throttled', 'throttled'],
  );
  const { possibleAt, ...problem } = body.results[3].problem;
  t.match(problem, { code: 'throttled', limit: 'workspace' });
  t.ok(Date.parse(possibleAt) > Date.now());
  t.match(body.summary, { invited: 3, throttled: 2, unavailable: 0 });
  t.strictSame([headers['ratelimit-limit'], headers['ratelimit-remaining']], ['3', '0']);
  await core.pool.query('update mail.throttles set ends_at = now()');
  const replayed = await send();
  t.strictSame([replayed.text, replayed.headers['idempotency-replayed']], [text, 'true']);
  t.equal(replayed.headers['ratelimit-remaining'], undefined, 'what was left then is not told again');
});

t.test('whoever founds a workspace with people is limited as well', async (t) => {
  const owner = await api.signIn('three@example.com');
  const { status, body, headers } = await call('POST /v1/workspaces', {
    as: owner,
    body: { name: 'Acme', recipients: 'a@x.example.com, b@x.example.com, c@x.example.com, d@x.example.com' },
  });
  t.equal(status, 201);
  t.match(body.invitations.summary, { invited: 3, throttled: 1 });
  t.equal(headers['ratelimit-remaining'], '0');
});

t.test('sending many again stops at the limit, line by line', async (t) => {
  const mine = await ownerOf('four');
  const one = await inviting(mine, 'a@four.example.com');
  const two = await inviting(mine, 'b@four.example.com');
  const { status, body, headers } = await call(`POST /v1/workspaces/${mine.id}/invitations/resend`, {
    as: mine.owner,
    body: { invitationIds: [one, two].map((answer) => answer.body.invitation.id) },
  });
  t.equal(status, 202);
  t.match(body.summary, { resent: 1, refused: 1 });
  const line = body.results.find(({ outcome }: { outcome: string }) => outcome === 'refused');
  t.match(line.problem, { code: 'throttled', limit: 'workspace' });
  t.ok(Date.parse(line.problem.possibleAt) > Date.now());
  t.equal(headers['ratelimit-remaining'], '0');
});

t.test('operators see what was refused, and by which limit', async (t) => {
  const { text } = await call('GET /metrics');
  t.match(text, /invitations_throttled_total\{limit="workspace"\} [1-9]/);
});

t.test('sign-in mails to one address are counted by all instances together', async (t) => {
  const limited = await openTestApi(t, {
    config: { rateLimits: { ...NO_LIMITS, signInLinks: { max: 2, seconds: 3600 } } },
  });
  const app = await appOn(limited, limited.tokenKeys, {
    config: { rateLimits: { ...NO_LIMITS, signInLinks: { max: 2, seconds: 3600 } } },
  });
  t.teardown(() => app.close());
  const other = wordsFor(app, limited);
  const ask = (of: Pick<Api, 'call'>, email: string) => of.call('POST /v1/sign-in-links', { body: { email } });
  t.equal((await ask(limited, 'ana@example.com')).status, 202);
  t.equal((await ask(other, 'ANA@example.com')).status, 202);
  for (const each of [limited, other]) {
    const { status, body, headers } = await ask(each, 'ana@example.com');
    t.strictSame([status, body.code], [429, 'too-many-requests']);
    const wait = Number(headers['retry-after']);
    t.ok(wait > 3500 && wait <= 3600);
  }
  t.equal((await ask(limited, 'ben@example.com')).status, 202);
});
