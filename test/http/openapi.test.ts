import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t from 'tap';

import { REPORT_SOURCES } from '../../src/domain/membership/events.js';
import { openTestApi } from './support/api.js';

const api = await openTestApi(t, { config: { publicUrl: 'https://invitations.example.net' } });
const { text, body: document } = await api.call('GET /openapi.json');

interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly object[];
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Readonly<Record<string, { readonly description: string; readonly headers: object }>>;
}

const operations = Object.entries(document.paths as Record<string, Record<string, Operation>>).flatMap(
  ([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, operation })),
);

interface Finding {
  readonly ruleId: string;
  readonly location: readonly { readonly pointer: string }[];
}

t.test("Redocly's recommended rules find nothing wrong with it, but that health checks refuse nobody", async (t) => {
  const file = join(t.testdir(), 'openapi.json');
  await writeFile(file, text);
  const redocly = createRequire(import.meta.url).resolve('@redocly/cli/bin/cli.js');
  const run = promisify(execFile)(process.execPath, [redocly, 'lint', file, '--extends=recommended', '--format=json'], {
    cwd: t.testdirName,
    env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
  });
  const { stdout } = await run.catch((error: { stdout: string }) => error);
  const { problems } = JSON.parse(stdout.slice(stdout.indexOf('{'))) as { problems: Finding[] };
  t.strictSame(
    problems.map(({ ruleId, location }) => `${ruleId} ${location[0]?.pointer}`).sort(),
    ['live', 'ready'].map((check) => `operation-4xx-response #/paths/~1health~1${check}/get/responses`),
  );
});

t.test('a body that may be left out is not said to be required', async (t) => {
  const bodyOf = (route: string) => document.paths[`/v1/operations/projections/{name}/${route}`].post.requestBody;
  t.strictSame(
    ['pause', 'rebuild', 'skip'].map((route) => bodyOf(route).required),
    [false, false, true],
  );
  t.equal(document.paths['/v1/workspaces/{workspaceId}'].patch.requestBody.required, true);
});

t.test('every route of the interface is described', async (t) => {
  t.equal(document.openapi, '3.1.0');
  t.strictSame(
    operations.map(({ name }) => name).sort(),
    [
      'DELETE /v1/session',
      'DELETE /v1/workspaces/{workspaceId}/invitations/{invitationId}',
      'DELETE /v1/workspaces/{workspaceId}/users/{userId}',
      'GET /health/live',
      'GET /health/ready',
      'GET /metrics',
      'GET /v1/me',
      'GET /v1/me/invitations',
      'GET /v1/operations/events',
      'GET /v1/operations/events/tail',
      'GET /v1/operations/invitation-figures',
      'GET /v1/operations/mail',
      'GET /v1/operations/projections',
      'GET /v1/operations/projections/{name}',
      'GET /v1/operations/projections/{name}/journal',
      'GET /v1/operations/reactor',
      'GET /v1/workspaces/{workspaceId}',
      'GET /v1/workspaces/{workspaceId}/audit-events',
      'GET /v1/workspaces/{workspaceId}/audit-events/changes',
      'GET /v1/workspaces/{workspaceId}/audit-events/export',
      'GET /v1/workspaces/{workspaceId}/audit-events/head',
      'GET /v1/workspaces/{workspaceId}/changes',
      'GET /v1/workspaces/{workspaceId}/users',
      'GET /v1/workspaces/{workspaceId}/users/changes',
      'GET /v1/workspaces/{workspaceId}/users/{userId}',
      'GET /v1/workspaces/{workspaceId}/users/{userId}/timeline',
      'PATCH /v1/me',
      'PATCH /v1/workspaces/{workspaceId}',
      'PATCH /v1/workspaces/{workspaceId}/users/{userId}',
      ...REPORT_SOURCES.map((source) => `POST /v1/inbound/${source}`),
      'POST /v1/invitations/accept',
      'POST /v1/invitations/decline',
      'POST /v1/invitations/lookup',
      'POST /v1/invitations/request-renewal',
      'POST /v1/me/invitations/{invitationId}/accept',
      'POST /v1/me/invitations/{invitationId}/decline',
      'POST /v1/notifications/unsubscribe',
      'POST /v1/operations/mail/retry',
      ...['drop', 'pause', 'rebuild', 'resume', 'retry', 'skip', 'switch', 'unskip', 'verify'].map(
        (what) => `POST /v1/operations/projections/{name}/${what}`,
      ),
      'POST /v1/recipients/read',
      'POST /v1/sessions',
      'POST /v1/sign-in-links',
      'POST /v1/workspaces',
      'POST /v1/workspaces/{workspaceId}/invitations',
      'POST /v1/workspaces/{workspaceId}/invitations/batch',
      'POST /v1/workspaces/{workspaceId}/invitations/resend',
      'POST /v1/workspaces/{workspaceId}/invitations/revoke',
      'POST /v1/workspaces/{workspaceId}/invitations/{invitationId}/correct-address',
      'POST /v1/workspaces/{workspaceId}/invitations/{invitationId}/link',
      'POST /v1/workspaces/{workspaceId}/invitations/{invitationId}/resend',
      'PATCH /v1/workspaces/{workspaceId}/brand',
      'POST /v1/workspaces/{workspaceId}/ownership-transfer',
      'POST /v1/workspaces/{workspaceId}/users/{userId}/lift-suppression',
    ].sort(),
  );
});

t.test('every operation says what it is, who may ask, and how it can fail', async (t) => {
  for (const { name, operation } of operations) {
    t.ok(operation.operationId && operation.summary && operation.tags?.length === 1, name);
    t.ok(Array.isArray(operation.security), name);
    t.ok(operation.responses['500'], name);
    t.equal('429' in operation.responses, !name.includes('/health/'), name);
    for (const { description, headers } of Object.values(operation.responses)) {
      t.ok(description && 'X-Request-Id' in headers, name);
    }
    const isOpen =
      /sign-in-links|sessions?$|invitations\/(?:lookup|decline|request-renewal)|unsubscribe|health|metrics|inbound/.test(
        name,
      ) && !/me\//.test(name);
    if (!/invitations\/accept$/.test(name) || /me\//.test(name)) {
      const isForOperators = name.includes('/operations/');
      const signedIn = [{ accessToken: [] }, ...(isForOperators ? [] : [{ sessionCookie: [] }])];
      t.strictSame(operation.security, isOpen ? [] : signedIn, name);
    }
  }
  t.equal(new Set(operations.map(({ operation }) => operation.operationId)).size, operations.length);
});

t.test('all that changes something takes an idempotency key, and what appends tells its position', async (t) => {
  for (const { name, operation } of operations) {
    // A report names itself; whoever is signed out already can be signed out again; reading a text changes nothing.
    const changes = !name.startsWith('GET') && !/\/lookup$|\/read$|\/inbound\/|\/session$/.test(name);
    // What operators do appends no event.
    const appends = changes && !name.includes('/operations/');
    const takesKey =
      operation.parameters?.some((one) => one.in === 'header' && one.name === 'Idempotency-Key') ?? false;
    t.equal(takesKey, changes, name);
    t.equal('422' in operation.responses && '409' in operation.responses, changes, name);
    const [success] = Object.entries(operation.responses).filter(([status]) => status.startsWith('2'));
    t.equal('Event-Position' in (success?.[1].headers ?? {}), appends, name);
  }
});

t.test('the pages of the API load nothing from elsewhere and run no inline script', async (t) => {
  const page = await api.call('GET /docs');
  t.equal(page.status, 200);
  t.match(page.headers['content-security-policy'], /default-src 'none'; script-src 'self';/);
  t.notMatch(page.text, /(?:src|href)="(?:https?:)?\/\//);
  t.notMatch(page.text, /<script(?![^>]* src=)[^>]*>/);
  for (const [, path = ''] of page.text.matchAll(/(?:src|href)="([^"]+)"/g)) {
    t.equal((await api.call(`GET ${path}`)).status, 200, path);
  }
  const initializer = await api.call('GET /docs/static/swagger-initializer.js');
  t.notMatch(initializer.text, /validator\.swagger\.io/);
});
