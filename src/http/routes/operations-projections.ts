import { type Static, type TSchema, Type } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';

import { withKeysOnly } from '../../rebuilding/compare.js';
import type { Outcome } from '../../rebuilding/rebuild.js';
import type { WorkOptions } from '../../rebuilding/work.js';
import { WorkUnderWay } from '../../rebuilding/work-lock.js';
import { callerOf } from '../authentication/caller.js';
import type { HttpDependencies } from '../dependencies.js';
import { Problem } from '../problems/problem.js';
import { MutationHeaders } from '../schemas/headers.js';
import { JournalEntry, Standing, StandingWithWork, Work } from '../schemas/operations.js';
import { Line } from '../schemas/text.js';
import { Closed, wordOf } from '../schemas/types.js';
import type { TypedApp } from '../typed-app.js';

const Params = Type.Object({ name: Type.String({ maxLength: 100, description: 'Such as users-tab.' }) });
const Flag = (description: string) => Type.Optional(Type.Boolean({ description }));
const Stream = Line({ minLength: 1, maxLength: 300, description: 'The name of a parked stream.' });
const Reason = Line({ minLength: 1, maxLength: 1000, pattern: '\\S', description: 'Why. It is kept.' });
const OnDifference = Flag('Switch even where the tables differ, as for a new version.');

/** What came of work, as it may be kept. */
function toKeep(outcome: Outcome): Outcome {
  return 'comparison' in outcome ? { ...outcome, comparison: withKeysOnly(outcome.comparison) } : outcome;
}

/** For operators: what the operator's tool does with projections. Work that takes its time goes on after the answer. */
export function projectionRoutes(app: TypedApp, { operations, building, work }: HttpDependencies): void {
  const config = { problems: ['operator-required', 'projection-not-found'] } as const;

  app.get(
    '/operations/projections',
    {
      schema: {
        tags: ['Operations'],
        operationId: 'listProjections',
        summary: 'How every projection stands',
        response: { 200: Type.Object({ items: Type.Array(Standing) }) },
      },
      config: { problems: ['operator-required'] },
    },
    async () => ({ items: await operations.list() }),
  );

  app.get(
    '/operations/projections/:name',
    {
      schema: {
        tags: ['Operations'],
        operationId: 'getProjection',
        summary: 'How one projection stands, and what is done with it',
        params: Params,
        response: { 200: StandingWithWork },
      },
      config,
    },
    async ({ params: { name } }) => ({ ...(await standingOf(name)), work: await work.of(name) }),
  );

  app.get(
    '/operations/projections/:name/journal',
    {
      schema: {
        tags: ['Operations'],
        operationId: 'readProjectionJournal',
        summary: 'Who paused, switched, dropped, retried or skipped what, when and why; the newest first',
        params: Params,
        querystring: Closed({
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: '50 where it is absent.' })),
        }),
        response: { 200: Type.Object({ items: Type.Array(JournalEntry) }) },
      },
      config,
    },
    async ({ params: { name }, query: { limit = 50 } }) => {
      await standingOf(name);
      return { items: await operations.journal(name, limit) };
    },
  );

  for (const what of ['pause', 'resume'] as const) {
    app.post(
      `/operations/projections/:name/${what}`,
      {
        schema: {
          tags: ['Operations'],
          operationId: `${what}Projection`,
          summary: what === 'pause' ? 'Stop it in every instance until it is resumed' : 'Let it go on',
          headers: MutationHeaders,
          params: Params,
          body: Closed({ reason: Type.Optional(Reason) }),
          response: {
            200: Type.Object({ changed: Type.Boolean({ description: 'False where it was so before.' }) }),
          },
        },
        config,
      },
      async (request) => {
        const { name } = request.params;
        await standingOf(name);
        const by = callerOf(request).userId;
        const changed = await operations[what](name, { ...request.body, by });
        request.log.info({ projection: name, by, changed }, `an operator said ${what}`);
        return { changed };
      },
    );
  }

  starts(
    'rebuild',
    'Build it anew beside the live tables, compare, and switch where asked',
    Closed({
      switch: Flag('Switch when it equals the live tables.'),
      switchOnDifference: OnDifference,
      restart: Flag('Throw away what was built so far.'),
      reason: Type.Optional(Reason),
    }),
    async (name, body, options) =>
      toKeep(
        await building.rebuild(name, {
          ...options,
          ...body,
          switch: body.switch === true || body.switchOnDifference === true,
        }),
      ),
  );
  starts(
    'switch',
    'Put what was rebuilt, or the previous tables, in place of the live ones',
    Closed({ back: Flag('The previous tables.'), switchOnDifference: OnDifference, reason: Type.Optional(Reason) }),
    async (name, { back, ...body }, options) => {
      const request = { ...options, ...body };
      return toKeep(await (back === true ? building.switchBack(name, request) : building.switch(name, request)));
    },
  );
  starts('verify', 'Prove that the live tables are what the log says', Closed({}), async (name, _body, options) => {
    const comparison = await building.verify(name, options);
    return comparison && withKeysOnly(comparison);
  });
  starts(
    'retry',
    'Project what is parked, in order',
    Closed({ stream: Type.Optional(Stream), reason: Type.Optional(Reason) }),
    (name, body, options) => operations.retry(name, { ...options, ...body }),
  );
  starts(
    'skip',
    'Leave out the first parked event of a stream for good',
    Closed({
      stream: Stream,
      reason: Reason,
    }),
    (name, body, options, by) => operations.skip(name, { ...options, ...body, by }),
  );
  starts(
    'unskip',
    'Take back that an event is left out; it is in the tables once they have been rebuilt',
    Closed({ event: Type.String({ format: 'uuid', description: 'The id of the event.' }), reason: Reason }),
    async (name, body, options, by) => ({
      state: 'withdrawn',
      event: await operations.withdrawSkip(name, { ...options, ...body, by }),
    }),
  );
  starts(
    'drop',
    'Remove tables that are not live',
    Closed({
      tables: wordOf(['next', 'previous', 'check'], {
        description: 'Those being built, those of before, or what a proof that was killed left behind.',
      }),
      reason: Type.Optional(Reason),
    }),
    async (name, { tables, ...decision }, options) => {
      await operations.drop(name, tables, { ...options, ...decision });
      return { state: 'dropped', tables };
    },
  );

  /** A route that starts work, and answers before it is done. */
  function starts<Body extends TSchema>(
    operation: string,
    summary: string,
    body: Body,
    action: (name: string, body: Static<Body>, options: WorkOptions, by: string) => Promise<object | undefined>,
  ): void {
    app.post(
      `/operations/projections/:name/${operation}`,
      {
        schema: {
          tags: ['Operations'],
          operationId: `${operation}Projection`,
          summary,
          description: 'Goes on after the answer. `GET /v1/operations/projections/{name}` tells how far it is.',
          headers: MutationHeaders,
          params: Params,
          body,
          response: { 202: Work },
        },
        config: { problems: [...config.problems, 'operation-under-way'] },
      },
      async (request, reply) => {
        const { name } = request.params as Static<typeof Params>;
        await standingOf(name);
        return reply
          .code(202)
          .send(
            await begin(request, name, operation, (options, by) =>
              action(name, request.body as Static<Body>, options, by),
            ),
          );
      },
    );
  }

  async function begin(
    request: FastifyRequest,
    name: string,
    operation: string,
    action: (options: WorkOptions, by: string) => Promise<object | undefined>,
  ) {
    const by = callerOf(request).userId;
    try {
      return await work.start(name, { operation, by }, (options) => action({ ...options, by }, by));
    } catch (error) {
      if (error instanceof WorkUnderWay) throw new Problem('operation-under-way', undefined, { cause: error });
      throw error;
    }
  }

  async function standingOf(name: string) {
    const standing = (await operations.list()).find((each) => each.name === name);
    if (!standing) throw new Problem('projection-not-found');
    return standing;
  }
}
