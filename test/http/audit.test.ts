import t from 'tap';

import { canonicalEvent, chained, GENESIS } from '../../projections/audit-history/chain.js';
import { verifyExport } from '../../projections/audit-history/verify-export.js';
import { membershipStream, refusalStream, workspaceStream } from '../../src/domain/streams.js';
import { en } from '../../src/http/audit/words/en.js';
import { OPERATOR_SUBJECT, signOperatorToken } from '../../src/tokens/operator-token.js';
import { openTestApi } from './support/api.js';

/** Of an operation in the OpenAPI document. */
interface Documented {
  readonly operationId?: string;
  readonly responses?: object;
}

const api = await openTestApi(t);
const { call, core } = api;
const owner = await api.signIn('olivia@example.com', 'Olivia Owner');
const workspaceId = await api.createWorkspace(owner);
const audit = `/v1/workspaces/${workspaceId}/audit-events`;
const admin = await api.join(owner, workspaceId, 'admin@example.com', 'administrator');
const developer = await api.join(owner, workspaceId, 'dev@example.com');

async function get(path: string, as = owner, headers: Record<string, string> = {}) {
  return call(`GET ${path}`, { as, headers: { 'min-event-position': await core.store.head(), ...headers } });
}

t.test('who did what to whom, when, from where', async (t) => {
  const { body: user } = await call(`POST /v1/workspaces/${workspaceId}/invitations`, {
    as: admin,
    body: { email: 'ana@example.com', role: 'developer', name: 'Ana Souza' },
    headers: { 'user-agent': 'curl/8', 'x-request-id': 'request-7' },
  });
  const { status, body } = await get(`${audit}?type=UserInvited&limit=1`);
  t.equal(status, 200);
  t.match(body.items, [
    {
      type: 'UserInvited',
      words: /^admin invited Ana Souza as developer, until /,
      actor: { type: 'user', id: admin.id, name: 'admin' },
      subject: { userId: user.id, name: 'Ana Souza', email: 'ana@example.com' },
      from: { ip: '127.0.0.1', userAgent: 'curl/8', requestId: 'request-7' },
      data: { invitationId: user.invitation.id, email: 'ana@example.com' },
      hash: /^[0-9a-f]{64}$/,
    },
  ]);
  t.ok(body.nextCursor);
});

t.test('in the language asked for, or else of the browser', async (t) => {
  const words = async (query: string, headers = {}) =>
    (await get(`${audit}?type=WorkspaceCreated${query}`, owner, headers)).body.items[0].words;
  t.equal(await words(''), 'Olivia Owner created the workspace “Acme”.');
  t.equal(await words('&locale=pt-BR'), 'Olivia Owner criou o espaço de trabalho “Acme”.');
  t.equal(await words('', { 'accept-language': 'fr, es-MX;q=0.8' }), 'Olivia Owner creó el espacio de trabajo “Acme”.');
  t.match(await get(`${audit}?locale=fr`, owner), {
    status: 400,
    body: { errors: [{ parameter: 'locale', detail: /^Give en, pt-BR or es, or .* such as en-GB\.$/ }] },
  });
});

t.test('refusals count: a superseded link, and who asks for what they have no right to', async (t) => {
  const first = await api.invite(owner, workspaceId, 'late@example.com');
  const old = api.linkOf(first);
  await call(`POST /v1/workspaces/${workspaceId}/invitations/${first.invitation.id}/resend`, { as: owner });
  t.equal((await call('POST /v1/invitations/accept', { body: { token: old, name: 'Late' } })).status, 410);
  const invite = { as: developer, body: { email: 'friend@example.com', role: 'administrator' } };
  for (let times = 0; times < 3; times++) {
    t.equal((await call(`POST /v1/workspaces/${workspaceId}/invitations`, invite)).status, 403);
  }
  t.equal((await call(`DELETE /v1/workspaces/${workspaceId}/users/${admin.id}`, { as: developer })).status, 403);

  const { body } = await get(`${audit}?type=InvitationAcceptanceRefused,RequestRefused&order=oldest`);
  t.match(body.items[0], { data: { reason: 'superseded' }, subject: { userId: first.id } });
  const asked = body.items.slice(1);
  t.ok(asked.length >= 2 && asked.length <= 4, 'the same refusal once a minute');
  t.match(asked[0], {
    words: 'dev tried to invite somebody and was refused: only the owner and administrators may.',
    actor: { id: developer.id },
    subject: null,
  });
  t.match(asked.at(-1), {
    words: 'dev tried to remove admin and was refused: only the owner and administrators may.',
    data: { operation: 'removeUser' },
    subject: { userId: admin.id },
  });
});

t.test('there are words for everything that can be refused for want of a right', async (t) => {
  await api.app.ready();
  const { paths = {} } = api.app.swagger() as { paths?: Record<string, Record<string, Documented>> };
  const operations = Object.values(paths).flatMap((path) => Object.values(path));
  const refusable = operations.filter(({ responses }) =>
    /`(?:not-allowed|owner-required)`/.test(JSON.stringify(responses)),
  );
  t.strictSame(refusable.map(({ operationId }) => operationId).sort(), Object.keys(en.operations).sort());
});

t.test('the owner and administrators may read it, nobody else', async (t) => {
  const outsider = await api.signIn('outsider@example.com', 'Otto');
  for (const path of [audit, `${audit}/head`, `${audit}/export?format=csv`]) {
    t.equal((await get(path, admin)).status, 200);
    t.match(await get(path, developer), { status: 403, body: { code: 'not-allowed' } });
    t.match(await get(path, outsider), { status: 404, body: { code: 'workspace-not-found' } });
    t.equal((await call(`GET ${path}`)).status, 401);
  }
});

t.test('operators read the history of any workspace', async (t) => {
  const token = signOperatorToken(api.tokenKeys, 'olga', new Date(Date.now() + 3_600_000));
  const operator = { id: `${OPERATOR_SUBJECT}olga`, email: '', name: 'olga', token };
  for (const path of [audit, `${audit}/head`, `${audit}/export?format=ndjson`]) {
    t.equal((await get(path, operator)).status, 200);
  }
});

t.test('what cannot be asked for is refused by name', async (t) => {
  for (const query of [
    'from=yesterday',
    'to=2026-13-01T00:00:00Z',
    'order=random',
    'actor=x',
    'type=a%20b',
    'limit=0',
  ]) {
    t.match(await get(`${audit}?${query}`), {
      status: 400,
      body: { code: 'invalid-request', errors: [{ parameter: query.split('=')[0] }] },
    });
  }
  t.match(await get(`${audit}?cursor=x`), { status: 400, body: { code: 'invalid-cursor' } });
});

t.test('an export is the whole chain, proven by the head', async (t) => {
  const { body: head } = await get(`${audit}/head`);
  const file = await get(`${audit}/export?format=ndjson`);
  t.match(file.headers, {
    'content-type': 'application/x-ndjson; charset=utf-8',
    'content-disposition': `attachment; filename="audit-${workspaceId}.ndjson"`,
  });
  const lines = file.text.trimEnd().split('\n');
  async function* read() {
    yield* lines;
  }
  t.strictSame(await verifyExport(read(), head.hash), { proven: true, records: head.sequence });
  t.equal(lines.length, head.sequence);
});

t.test('the chain is what the log itself says', async (t) => {
  const { store } = core;
  let chain = { sequence: 0, hash: GENESIS };
  const streamPrefixes = [
    workspaceStream(workspaceId),
    membershipStream({ workspaceId, userId: '' }),
    refusalStream({ workspaceId, userId: '' }),
  ];
  for await (const { events, caughtUp } of store.subscribe({
    after: '' as Awaited<ReturnType<typeof store.head>>,
    streamPrefixes,
    signal: new AbortController().signal,
  })) {
    for (const event of events) chain = chained(canonicalEvent(event), chain);
    if (caughtUp) break;
  }
  t.match((await get(`${audit}/head`)).body, { sequence: chain.sequence, hash: chain.hash });
});

t.test('no cell of the table is taken for a formula', async (t) => {
  await call(`POST /v1/workspaces/${workspaceId}/invitations`, {
    as: owner,
    body: { email: 'eve@example.com', role: 'developer', name: '=HYPERLINK("https://example.com","x")' },
  });
  const { text, headers } = await get(`${audit}/export?format=csv&type=UserInvited&text=eve`);
  t.equal(headers['content-type'], 'text/csv; charset=utf-8');
  const [columns, row] = text.replace(/^\uFEFF/, '').split('\n');
  t.match(columns, /^sequence,at,what,type,actor,/);
  t.match(row, /,"'=HYPERLINK/);
  t.notMatch(row, /(?:^|,)"?[=+\-@]/);
});

t.test('what was changed in the log is not shown for what was recorded', async (t) => {
  const changed = await api.createWorkspace(owner);
  const records = `/v1/workspaces/${changed}/audit-events`;
  t.match(await get(records), {
    status: 200,
    body: { items: [{ type: 'WorkspaceCreated' }, { type: 'FounderJoined' }] },
  });
  await core.pool.query(`update event_store.events set data = '{"name":"Forged"}' where stream = $1`, [
    workspaceStream(changed),
  ]);
  for (const query of ['', '?type=WorkspaceCreated', '/export?format=ndjson', '/export?format=csv']) {
    const { status, body } = await get(records + query);
    t.strictSame([status, body.code], [500, 'history-differs-from-log'], query);
  }
  t.match(await get(`${records}?type=FounderJoined`), { status: 200, body: { items: [{ sequence: 1 }] } });
});
