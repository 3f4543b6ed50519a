import { Readable } from 'node:stream';
import { type Static, Type } from '@fastify/type-provider-typebox';

import { ALL_STREAMS, streamsOfWorkspace } from '../../domain/streams.js';
import { type EventBatch, ForeignPosition, type Position, START } from '../../event-store/event-store.js';
import { type LookThrough, lookThrough, typesIn } from '../../event-store/look-through.js';
import { callerOf } from '../authentication/caller.js';
import { framesOfLog } from '../changes/log-tail.js';
import { sendStream } from '../changes/send-stream.js';
import type { HttpDependencies } from '../dependencies.js';
import { Problem } from '../problems/problem.js';
import { untilClosed } from '../requests/until-closed.js';
import { EventPosition, Line, WorkspaceId } from '../schemas/text.js';
import { Closed } from '../schemas/types.js';
import type { TypedApp } from '../typed-app.js';

const FILTERS = {
  stream: Type.Optional(
    Line({
      minLength: 1,
      maxLength: 300,
      description: 'What the name of the stream begins with. Goes before `workspace`.',
    }),
  ),
  workspace: Type.Optional(WorkspaceId),
  type: Type.Optional(Line({ minLength: 1, maxLength: 1000, description: 'Types of events, with commas between.' })),
  after: Type.Optional({ ...EventPosition, description: 'Only what is behind it.' }),
};
const Filters = Type.Object(FILTERS);

const Events = Type.Unsafe<Readable>({
  type: 'string',
  description: 'An event a line: `{id, type, stream, revision, position, data, metadata}`.',
});
const Frames = Type.Unsafe<Readable>({
  type: 'string',
  description: 'Server-sent events: `event` with each; `ready` when all that there was has been told.',
});

/** The longest that a timer waits; Node would take more for nothing. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** For operators: the log itself, as `events read` and `events tail` of the operator's tool show it. */
export function eventRoutes(app: TypedApp, { store, config: { heartbeat } }: HttpDependencies): void {
  const closing = new AbortController();
  app.addHook('preClose', async () => closing.abort());
  const config = { problems: ['operator-required', 'invalid-cursor'] } as const;

  app.get(
    '/operations/events',
    {
      schema: {
        tags: ['Operations'],
        operationId: 'readEvents',
        summary: 'The events of the log, oldest first, up to its end',
        description: 'They hold addresses and names as they were recorded.',
        querystring: Closed({
          ...FILTERS,
          limit: Type.Optional(Type.Integer({ minimum: 1, description: 'How many at most; all where it is absent.' })),
        }),
        produces: ['application/x-ndjson'],
        response: { 200: Events },
      },
      config,
    },
    async ({ query }, reply) => {
      const { after = START, limit } = query;
      const signal = AbortSignal.any([untilClosed(reply), closing.signal]);
      const batches = await begun({ ...lookOf(query), after: after as Position, limit, until: 'its end', signal });
      return reply.type('application/x-ndjson; charset=utf-8').send(Readable.from(linesOf(batches)));
    },
  );

  app.get(
    '/operations/events/tail',
    {
      schema: {
        tags: ['Operations'],
        operationId: 'tailEvents',
        summary: 'Events as they come',
        description:
          'From now on, or behind `after`. The id of an event is its position: sent as `Last-Event-ID`, nothing is missed. Ends when the token does.',
        headers: Type.Object({
          'last-event-id': Type.Optional({ ...EventPosition, description: 'Goes before `after`.' }),
        }),
        querystring: Closed(FILTERS),
        produces: ['text/event-stream'],
        response: { 200: Frames },
      },
      config,
    },
    async (request, reply) => {
      const { query, headers } = request;
      const closed = untilClosed(reply);
      const after = headers['last-event-id'] ?? query.after ?? (await store.head());
      const left = (callerOf(request).until?.getTime() ?? Number.POSITIVE_INFINITY) - Date.now();
      const ends = AbortSignal.timeout(Math.max(0, Math.min(left, LONGEST_TIMER)));
      const signal = AbortSignal.any([closed, closing.signal, ends]);
      const batches = await begun({ ...lookOf(query), after: after as Position, until: 'aborted', signal });
      return sendStream(reply, Readable.from(framesOfLog(batches, heartbeat)));
    },
  );

  /** Takes the first batch before anything is answered: a position of no log of ours is a problem, and not an answer that breaks. */
  async function begun(look: LookThrough): Promise<AsyncIterable<EventBatch>> {
    const batches = lookThrough(store, look);
    try {
      const first = await batches.next();
      return first.done ? batches : withFirst(first.value, batches);
    } catch (error) {
      if (error instanceof ForeignPosition) throw new Problem('invalid-cursor', undefined, { cause: error });
      throw error;
    }
  }
}

function lookOf({ stream, workspace, type }: Static<typeof Filters>): Pick<LookThrough, 'streamPrefixes' | 'types'> {
  const ours = workspace === undefined ? ALL_STREAMS : streamsOfWorkspace(workspace);
  return { streamPrefixes: stream === undefined ? ours : [stream], types: typesIn(type) };
}

async function* withFirst<T>(first: T, rest: AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
  yield first;
  yield* rest;
}

async function* linesOf(batches: AsyncIterable<EventBatch>): AsyncGenerator<string, void, undefined> {
  for await (const { events } of batches) {
    if (events.length > 0) yield events.map((event) => `${JSON.stringify(event)}\n`).join('');
  }
}
