import type { Readable } from 'node:stream';
import { Type } from '@fastify/type-provider-typebox';

import type { AuditFilter } from '../../../projections/audit-history/wanted.js';
import { readStanding } from '../../commands/authority.js';
import { requireAdministrator } from '../../domain/workspace/workspace.js';
import type { Position } from '../../event-store/event-store.js';
import { asCsv, asNdjson, EXPORT_TYPES } from '../audit/export.js';
import { auditViews } from '../audit/records.js';
import { tellingOf } from '../audit/telling.js';
import { type Caller, callerOf } from '../authentication/caller.js';
import { isOperator } from '../authentication/operators.js';
import { HistoryFeed } from '../changes/history-feed.js';
import type { OpenStreams } from '../changes/open-streams.js';
import { sendStream } from '../changes/send-stream.js';
import type { HttpDependencies } from '../dependencies.js';
import { awaitPosition } from '../requests/event-position.js';
import { instantOf } from '../requests/instants.js';
import { AuditEvent, AuditQuery, ChainHead, ExportQuery } from '../schemas/audit.js';
import { FollowingHeaders, FollowingQuery } from '../schemas/following.js';
import { QueryHeaders } from '../schemas/headers.js';
import { WorkspaceParams } from '../schemas/workspace.js';
import type { TypedApp } from '../typed-app.js';

/** A file, sent piece by piece. */
const File = Type.Unsafe<Readable>({ type: 'string', description: 'A record a line.' });

const Signals = Type.Unsafe<Readable>({
  type: 'string',
  description:
    'Server-sent events: `reload` when there may be more records; `ready` once it is listened; `end` with the `code` of why nothing more comes.',
});

const FOR_WHOM = 'For the owner and the administrators of the workspace, and for operators of any.';
const config = {
  problems: ['workspace-not-found', 'not-allowed', 'invalid-cursor', 'history-differs-from-log'],
} as const;

/** Who did what to whom, when, from where: the history of a workspace. */
export function auditRoutes(app: TypedApp, dependencies: HttpDependencies, streams: OpenStreams): void {
  const { aggregates, auditHistory } = dependencies;

  const requireReader = async (workspaceId: string, caller: Caller) => {
    if (isOperator(caller)) return;
    const { role } = await readStanding(aggregates, workspaceId, caller.userId);
    requireAdministrator(role);
  };
  const feed = new HistoryFeed(dependencies, streams, requireReader);
  app.addHook('preClose', async () => feed.close());

  app.get(
    '/workspaces/:workspaceId/audit-events',
    {
      schema: {
        tags: ['Audit history'],
        operationId: 'listAuditEvents',
        summary: 'What happened in a workspace',
        description: `${FOR_WHOM} Refusals are part of it: who tried what they had no right to.`,
        headers: QueryHeaders,
        params: WorkspaceParams,
        querystring: AuditQuery,
        response: {
          200: Type.Object({
            items: Type.Array(AuditEvent),
            nextCursor: Type.Optional(Type.String({ description: 'Asks for the next page. Absent on the last one.' })),
          }),
        },
      },
      config,
    },
    async (request) => {
      const { workspaceId } = request.params;
      await requireReader(workspaceId, callerOf(request));
      await awaitPosition(request, 'audit-history', dependencies);
      const { order = 'newest', limit = 50, cursor, locale, timeZone, ...filter } = request.query;
      const telling = tellingOf(request, { locale, timeZone });
      const { rows, nextCursor } = await auditHistory.list(workspaceId, {
        ...filterOf(filter),
        order,
        limit,
        ...(cursor === undefined ? {} : { cursor }),
      });
      const items = await auditViews(rows, workspaceId, telling, dependencies);
      return { items, ...(nextCursor === undefined ? {} : { nextCursor }) };
    },
  );

  app.get(
    '/workspaces/:workspaceId/audit-events/head',
    {
      schema: {
        tags: ['Audit history'],
        operationId: 'getAuditHead',
        summary: 'The newest hash of the chain',
        description: `${FOR_WHOM} Keep it apart from the service: with it, an export can be proved later, offline.`,
        headers: QueryHeaders,
        params: WorkspaceParams,
        response: { 200: ChainHead },
      },
      config: { problems: ['workspace-not-found', 'not-allowed'] },
    },
    async (request) => {
      const { workspaceId } = request.params;
      await requireReader(workspaceId, callerOf(request));
      await awaitPosition(request, 'audit-history', dependencies);
      return auditHistory.head(workspaceId);
    },
  );

  app.get(
    '/workspaces/:workspaceId/audit-events/changes',
    {
      schema: {
        tags: ['Audit history'],
        operationId: 'followAuditEvents',
        summary: 'That something happened, as it happens',
        description: `${FOR_WHOM} Wait for \`ready\`, load the newest records, and again at each \`reload\`. The id of an event is its position: with \`Last-Event-ID\`, as browsers send it by themselves, or \`after\`, nothing is missed. Ends when the caller may no longer read the history, or the session ends.`,
        headers: FollowingHeaders,
        params: WorkspaceParams,
        querystring: FollowingQuery,
        produces: ['text/event-stream'],
        response: { 200: Signals },
      },
      config: { problems: ['workspace-not-found', 'not-allowed'] },
    },
    async (request, reply) => {
      const { workspaceId } = request.params;
      const caller = callerOf(request);
      await requireReader(workspaceId, caller);
      const after = request.headers['last-event-id'] ?? request.query.after;
      return sendStream(reply, feed.open(workspaceId, caller, after as Position | undefined));
    },
  );

  app.get(
    '/workspaces/:workspaceId/audit-events/export',
    {
      schema: {
        tags: ['Audit history'],
        operationId: 'exportAuditEvents',
        summary: 'The history as a file',
        description:
          `${FOR_WHOM} Oldest first, up to the head at the beginning of the answer, which the header Audit-Head tells. ` +
          'Without a filter, the ndjson form is the whole chain, which `verify-export` proves.',
        headers: QueryHeaders,
        params: WorkspaceParams,
        querystring: ExportQuery,
        produces: ['application/x-ndjson', 'text/csv'],
        response: { 200: File },
      },
      config: { problems: ['workspace-not-found', 'not-allowed', 'history-differs-from-log'] },
    },
    async (request, reply) => {
      const { workspaceId } = request.params;
      await requireReader(workspaceId, callerOf(request));
      await awaitPosition(request, 'audit-history', dependencies);
      const { format, locale, timeZone, ...filter } = request.query;
      const telling = tellingOf(request, { locale, timeZone });
      const head = await auditHistory.head(workspaceId);
      const pieces = auditHistory.records(workspaceId, filterOf(filter), head);
      reply
        .type(EXPORT_TYPES[format])
        .header('audit-head', head.hash)
        .header('content-disposition', `attachment; filename="audit-${workspaceId}.${format}"`);
      return reply.send(
        format === 'ndjson'
          ? asNdjson(pieces)
          : asCsv(pieces, (rows) => auditViews(rows, workspaceId, telling, dependencies)),
      );
    },
  );
}

/** With instants as the database reads them. */
function filterOf<Filter extends { readonly from?: string; readonly to?: string }>(
  filter: Filter,
): Filter & AuditFilter {
  const { from, to } = filter;
  return {
    ...filter,
    ...(from === undefined ? {} : { from: instantOf('from', from) }),
    ...(to === undefined ? {} : { to: instantOf('to', to) }),
  };
}
