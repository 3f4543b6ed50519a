import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';

import type { HttpConfig } from '../dependencies.js';
import { AccountSchema, ProfileSchema, SessionSchema } from '../schemas/account.js';
import { AuditEventSchema } from '../schemas/audit.js';
import { BatchResultSchema, BatchSchema } from '../schemas/batch.js';
import { AcceptedSchema, InvitationLookupSchema } from '../schemas/invitation.js';
import { ProblemSchema } from '../schemas/problem.js';
import { RecipientsReadSchema } from '../schemas/recipients.js';
import { ResendResultsSchema } from '../schemas/resend.js';
import { RevokeResultsSchema } from '../schemas/revoke.js';
import { UserSchema } from '../schemas/user.js';
import { WorkspaceSchema } from '../schemas/workspace.js';
import type { LimitHook } from '../security/rate-limits.js';
import { documented } from './operation.js';
import { withOptionalBodies } from './optional-bodies.js';

const SHARED_SCHEMAS = [
  ProblemSchema,
  AccountSchema,
  ProfileSchema,
  SessionSchema,
  WorkspaceSchema,
  UserSchema,
  AuditEventSchema,
  BatchResultSchema,
  BatchSchema,
  RecipientsReadSchema,
  ResendResultsSchema,
  RevokeResultsSchema,
  AcceptedSchema,
  InvitationLookupSchema,
];

const TAGS = [
  { name: 'Sign-in', description: 'Getting an access token, by a link that is mailed.' },
  { name: 'Me', description: 'The signed-in person.' },
  { name: 'Workspaces', description: 'Workspaces and whose they are.' },
  { name: 'Invitations', description: 'Inviting people, for the owner and administrators.' },
  { name: 'Users', description: 'The people of a workspace, whatever became of their invitation.' },
  { name: 'Audit history', description: 'Who did what to whom, for the owner and administrators.' },
  { name: 'Invitee', description: 'For whoever holds the link of an invitation.' },
  { name: 'Inbound', description: 'For mail servers and providers that report bounces.' },
  { name: 'Operations', description: 'For operators: tokens with the scope `operator`.' },
  { name: 'Health', description: 'For whatever runs the service.' },
];

const DESCRIPTION = `Invite people into workspaces, and see for every one of them what became of the invitation.

**Errors** are problems (RFC 9457) with a stable \`code\`; their \`type\` leads to a page that says what to do.

**Retries**: give every request that changes something an \`Idempotency-Key\`. Sent again with the same key and content,
it gets its first answer again, also when it was cut off in the middle.

**Reading your own writes**: every change answers with \`Event-Position\`. Send it as \`Min-Event-Position\` with a query
to see the change in its answer.`;

/** Describes every route that is added from here on: OpenAPI 3.1 at `/openapi.json`, as pages at `/docs`. */
export async function describeRoutes(app: FastifyInstance, config: HttpConfig, limit: LimitHook): Promise<void> {
  for (const schema of SHARED_SCHEMAS) app.addSchema(schema);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Workspace invitations',
        version: config.version,
        description: DESCRIPTION,
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: config.publicUrl }],
      tags: TAGS,
      components: {
        securitySchemes: {
          accessToken: {
            type: 'http',
            scheme: 'bearer',
            bearerFormat: 'JWT',
            description: 'From POST /v1/sessions, or from the identity provider that the service was set up with.',
          },
          sessionCookie: {
            type: 'apiKey',
            in: 'cookie',
            name: config.publicUrl.startsWith('https:') ? '__Host-session' : 'session',
            description:
              'For pages of this service, from POST /v1/sessions with `cookie`. What changes something takes the header `X-CSRF: 1` besides.',
          },
        },
      },
    },
    refResolver: { buildLocalReference: (json, _base, _fragment, index) => String(json['$id'] ?? `def-${index}`) },
    transformObject: (described) => withOptionalBodies('openapiObject' in described ? described.openapiObject : {}),
    transform: ({ schema, url, route }) => ({
      url,
      schema: documented(schema ?? {}, route.config ?? {}),
    }),
  });
  app.get('/openapi.json', { schema: { hide: true }, onRequest: limit }, () => app.swagger());
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: PAGES_POLICY,
    uiHooks: { onRequest: limit },
    uiConfig: { deepLinking: true, validatorUrl: null },
  });
}

/** What the pages of the API need: their own scripts and styles, and to ask this server. */
const PAGES_POLICY = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self' 'unsafe-inline'",
  'img-src': "'self' data:",
  'connect-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
};
