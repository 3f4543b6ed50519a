import cookie from '@fastify/cookie';
import fastify, { type FastifyInstance } from 'fastify';

import { accessTokens } from './authentication/access-tokens.js';
import { type Authentication, requireCaller } from './authentication/authenticate.js';
import { cookieSessions } from './authentication/cookie-sessions.js';
import { identityProvider } from './authentication/identity-provider.js';
import { KnownAccounts } from './authentication/known-accounts.js';
import { requireOperator, requirePerson } from './authentication/operators.js';
import { OpenStreams } from './changes/open-streams.js';
import type { HttpDependencies } from './dependencies.js';
import { heedIdempotencyKeys } from './idempotency/idempotency.js';
import { RequestLog } from './logging.js';
import { describeRoutes } from './openapi/document.js';
import { answerProblems, answerUnknownRoutes, sendProblem } from './problems/handlers.js';
import { problemPages } from './problems/pages.js';
import { recordRefusals } from './refusals.js';
import { readJsonBodies } from './requests/json-body.js';
import { requestId } from './requests/request-id.js';
import { validatorCompiler } from './requests/validator.js';
import { auditRoutes } from './routes/audit.js';
import { healthRoutes } from './routes/health.js';
import { inboundRoutes } from './routes/inbound.js';
import { invitationRoutes } from './routes/invitations.js';
import { inviteeRoutes } from './routes/invitee.js';
import { meRoutes } from './routes/me.js';
import { mendingRoutes } from './routes/mending.js';
import { metricsRoute } from './routes/metrics.js';
import { myInvitationRoutes } from './routes/my-invitations.js';
import { eventRoutes } from './routes/operations-events.js';
import { figuresRoute } from './routes/operations-figures.js';
import { projectionRoutes } from './routes/operations-projections.js';
import { reactorRoutes } from './routes/operations-reactor.js';
import { recipientRoutes } from './routes/recipients.js';
import { resendManyRoute } from './routes/resend-many.js';
import { revokeManyRoute } from './routes/revoke-many.js';
import { signInRoutes } from './routes/sign-in.js';
import { suppressionRoutes } from './routes/suppressions.js';
import { unsubscribeRoutes } from './routes/unsubscribe.js';
import { userChangesRoute } from './routes/user-changes.js';
import { userTimelineRoutes } from './routes/user-timeline.js';
import { userRoutes } from './routes/users.js';
import { workspaceBrandRoutes } from './routes/workspace-brand.js';
import { workspaceChangesRoute } from './routes/workspace-changes.js';
import { workspaceRoutes } from './routes/workspaces.js';
import { allowOrigins } from './security/cors.js';
import { securityHeaders } from './security/headers.js';
import { enableRateLimits, failureLimit, limitHook } from './security/rate-limits.js';
import type { TypedApp } from './typed-app.js';
import { closeUnusedConnections } from './unused-connections.js';

/** Bytes that the body of a request may have that is about one person. */
const BODY_LIMIT = 64 * 1024;

/** Milliseconds in which a request has to arrive whole: nobody keeps a connection busy by sending slowly. */
const REQUEST_TIMEOUT = 30_000;

/** Who is signed in sends either, for the document. */
const SIGNED_IN = [{ accessToken: [] }, { sessionCookie: [] }];

/** The REST interface, to which pages may still be added before it listens. Closing it lets the requests under way finish. */
export async function buildApp(dependencies: HttpDependencies): Promise<FastifyInstance> {
  const { config, metrics } = dependencies;
  const app = createServer(dependencies);
  closeUnusedConnections(app);
  app.decorateRequest('caller', null);
  app.decorateRequest('commandId', '');
  app.decorateRequest('isRepeat', false);
  readJsonBodies(app);
  answerProblems(app, config.publicUrl);
  const headers = await securityHeaders();
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(headers).header('x-request-id', request.id);
    done();
  });
  await enableRateLimits(app);
  const pageLimit = limitHook(app, config.rateLimits.pages);
  answerUnknownRoutes(app, pageLimit);
  heedIdempotencyKeys(app, dependencies.idempotencyKeys);
  await describeRoutes(app, config, pageLimit);

  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown';
    metrics.request(request.method, route, reply.statusCode, reply.elapsedTime / 1000);
    done();
  });

  const authentication = await authenticationOf(app, dependencies);
  healthRoutes(app, dependencies);
  await app.register(async (pages: TypedApp) => {
    pages.addHook('onRequest', pageLimit);
    metricsRoute(pages, dependencies);
    problemPages(pages);
  });
  await app.register((v1: TypedApp) => routes(v1, dependencies, authentication), { prefix: '/v1' });
  return app;
}

function createServer({ config, logger }: HttpDependencies): TypedApp {
  return fastify({
    loggerInstance: logger,
    logController: new RequestLog(),
    genReqId: requestId,
    requestIdHeader: false,
    trustProxy: config.trustProxy,
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT,
    forceCloseConnections: 'idle',
    // Requests that still come in over open connections are served and told to close: nobody gets an error for a restart.
    return503OnClosing: false,
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: (error, request, reply) => void sendProblem(error, request, reply, config.publicUrl),
  });
}

async function authenticationOf(app: FastifyInstance, dependencies: HttpDependencies): Promise<Authentication> {
  const { config, tokenKeys } = dependencies;
  await app.register(cookie, { hook: false });
  const sessions = cookieSessions(app, dependencies);
  const own = await accessTokens(app, tokenKeys, config.accessTokenSeconds);
  const failures = failureLimit(app, config.rateLimits.failedAuthentication);
  if (!config.identityProvider) return { accessTokens: own, sessions, failures };
  const tokens = await identityProvider(app, config.identityProvider);
  return { accessTokens: own, sessions, failures, provider: { tokens, accounts: new KnownAccounts(dependencies) } };
}

async function routes(v1: TypedApp, dependencies: HttpDependencies, authentication: Authentication): Promise<void> {
  const { rateLimits, corsOrigins } = dependencies.config;
  v1.setValidatorCompiler(validatorCompiler);
  // What is answered holds addresses and tokens: no cache between here and the client may keep it.
  v1.addHook('onRequest', (_request, reply, done) => {
    reply.header('cache-control', 'no-store');
    done();
  });

  await allowOrigins(v1, corsOrigins);

  await v1.register(async (forAnybody: TypedApp) => {
    forAnybody.addHook('onRequest', limitHook(forAnybody, rateLimits.anonymous));
    signInRoutes(forAnybody, dependencies, authentication);
    inviteeRoutes(forAnybody, dependencies, authentication);
    await forAnybody.register(async (scope: TypedApp) => unsubscribeRoutes(scope, dependencies));
  });

  const streams = new OpenStreams(dependencies);
  v1.addHook('preClose', async () => streams.close());

  await v1.register(async (forCallers: TypedApp) => {
    forCallers.addHook('onRoute', (route) => {
      route.schema = { ...route.schema, security: SIGNED_IN };
      route.config = { ...route.config, problems: [...(route.config?.problems ?? []), 'person-required'] };
    });
    forCallers.addHook('onRequest', requireCaller(authentication));
    forCallers.addHook('onRequest', requirePerson);
    recordRefusals(forCallers, dependencies);
    meRoutes(forCallers, dependencies);
    myInvitationRoutes(forCallers, dependencies);
    workspaceRoutes(forCallers, dependencies);
    workspaceBrandRoutes(forCallers, dependencies);
    invitationRoutes(forCallers, dependencies);
    recipientRoutes(forCallers, dependencies);
    resendManyRoute(forCallers, dependencies);
    revokeManyRoute(forCallers, dependencies);
    mendingRoutes(forCallers, dependencies);
    userRoutes(forCallers, dependencies);
    userChangesRoute(forCallers, dependencies);
    userTimelineRoutes(forCallers, dependencies);
    suppressionRoutes(forCallers, dependencies);
    workspaceChangesRoute(forCallers, dependencies, streams);
  });

  await v1.register(async (forReporters: TypedApp) =>
    inboundRoutes(forReporters, dependencies, authentication.failures),
  );

  await v1.register(async (forReaders: TypedApp) => {
    forReaders.addHook('onRoute', (route) => {
      route.schema = { ...route.schema, security: SIGNED_IN };
    });
    forReaders.addHook('onRequest', requireCaller(authentication));
    recordRefusals(forReaders, dependencies);
    auditRoutes(forReaders, dependencies, streams);
  });

  await v1.register(async (forOperators: TypedApp) => {
    forOperators.addHook('onRoute', (route) => {
      route.schema = { ...route.schema, security: [{ accessToken: [] }] };
      route.config = { ...route.config, appendsNothing: true };
    });
    forOperators.addHook('onRequest', requireCaller(authentication));
    forOperators.addHook('onRequest', requireOperator);
    projectionRoutes(forOperators, dependencies);
    reactorRoutes(forOperators, dependencies);
    eventRoutes(forOperators, dependencies);
    figuresRoute(forOperators, dependencies);
  });
}
