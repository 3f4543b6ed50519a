import { type Static, type TSchema, Type } from '@fastify/type-provider-typebox';

import { nullable, wordOf } from './types.js';

/** A list that is only looked at. */
function listOf<Schema extends TSchema>(schema: Schema) {
  return Type.Unsafe<readonly Static<Schema>[]>(Type.Array(schema));
}

const Position = Type.String({ description: 'In the log. Empty before the first event.' });
const Instant = Type.String({ format: 'date-time' });

const Failure = Type.Object(
  { handler: Type.String(), reason: Type.String(), row: nullable(Type.Object({}, { additionalProperties: true })) },
  { description: 'What failed, for which row, and why.' },
);

const EventName = {
  id: Type.String(),
  type: Type.String(),
  stream: Type.String(),
  revision: Type.Integer(),
  position: Position,
};

const Progress = Type.Object({
  phase: nullable(wordOf(['waiting', 'reading', 'indexing', 'comparing', 'switching']), {
    description:
      'What it is at: `waiting` for other work that its process does first; null where that is not known: nobody builds, or a process that is not asked.',
  }),
  step: nullable(Type.Object({ number: Type.Integer(), of: Type.Integer() }), {
    description: 'Which of how many indexes, for one.',
  }),
  // Absent in what a process of the release before has written down.
  index: Type.Optional(
    nullable(
      Type.Object({
        phase: wordOf(['starting', 'scanning', 'sorting', 'loading'], {
          description: 'Postgres has begun with it, reads the table, sorts, or writes the index.',
        }),
        done: Type.Integer({ description: 'Of the phase.' }),
        total: Type.Integer({ description: '0 where nothing is counted.' }),
        unit: wordOf(['blocks', 'tuples']),
      }),
      { description: 'How far the index under way is, as of a second ago; null where nothing is known of it.' },
    ),
  ),
  events: Type.Integer({ description: 'Dealt with.' }),
  total: Type.Integer({ description: 'An estimate until it has caught up.' }),
  share: Type.Number({ description: 'From 0 to 1.' }),
  rate: Type.Number({ description: 'Events a second.' }),
  eta: nullable(Type.Number(), { description: 'Seconds that are left; null where nothing can be said yet.' }),
});

const Slot = { version: Type.Integer(), position: Position, updatedAt: Instant };

const ParkedStream = Type.Object({
  stream: Type.String(),
  events: Type.Integer(),
  first: Type.Object(EventName),
  parkedAt: Instant,
  tries: Type.Integer(),
  triedAt: nullable(Instant),
  failure: nullable(Failure),
});

const Skipped = Type.Object({
  ...EventName,
  failure: nullable(Failure),
  reason: Type.String(),
  by: Type.String(),
  at: Instant,
});

const STANDING = {
  name: Type.String(),
  programVersion: Type.Integer({ description: 'Of the process that answers.' }),
  ...Slot,
  paused: nullable(
    Type.Object({
      since: Instant,
      by: nullable(Type.String(), { description: 'Who paused it; null where an earlier release did not keep it.' }),
      reason: nullable(Type.String()),
    }),
    { description: 'An operator has stopped it until somebody resumes it.' },
  ),
  followed: Type.Boolean({ description: 'Whether some process leads, and so keeps it going.' }),
  workedOn: Type.Boolean({
    description:
      "Whether it is rebuilt, verified, switched or retried right now, by a request or by the operator's tool.",
  }),
  share: Type.Number({ description: 'How much of the log is behind it, from 0 to 1.' }),
  lagSeconds: Type.Number({ description: 'The age of the oldest event that it has not dealt with.' }),
  newerThanLog: Type.Boolean({ description: 'It tells of what the log does not hold, as after a restore.' }),
  parked: Type.Object({ streams: Type.Integer(), events: Type.Integer(), first: listOf(ParkedStream) }),
  skipped: listOf(Skipped),
  next: nullable(Type.Object({ ...Slot, startedAt: Instant, progress: Progress, failure: nullable(Failure) })),
  previous: nullable(Type.Object(Slot)),
  check: nullable(Type.Object(Slot), {
    description: 'A fresh fold to verify with, under way or left behind by a process that was killed.',
  }),
};

export const JournalEntry = Type.Object({
  act: wordOf([
    'paused',
    'resumed',
    'switched',
    'switched-back',
    'upgraded',
    'dropped',
    'retried',
    'skipped',
    'skip-withdrawn',
  ]),
  by: Type.String(),
  at: Instant,
  reason: nullable(Type.String()),
  detail: nullable(Type.Object({}, { additionalProperties: true }), {
    description:
      'What it was done to; of a retry or a skip, also how many events were `replayed`, and the `outcome`: null while it is under ' +
      'way, and for good where it was cut off.',
  }),
});

export const Standing = Type.Object(STANDING);

export const Work = Type.Object({
  operation: Type.String(),
  by: Type.String({ description: 'Who asked for it.' }),
  state: Type.String({ enum: ['running', 'done', 'failed', 'interrupted'] }),
  startedAt: Instant,
  endedAt: nullable(Instant),
  progress: nullable(Progress),
  result: nullable(Type.Object({}, { additionalProperties: true }), {
    description: 'What came of it: for one, the comparison of tables.',
  }),
  error: nullable(Type.Object({ code: Type.String(), message: Type.String() })),
});

export const StandingWithWork = Type.Object({
  ...STANDING,
  work: nullable(Work, { description: "What is done with it, or was last, by a request; not by the operator's tool." }),
});

export const Reactor = Type.Object({
  position: Position,
  updatedAt: nullable(Instant),
  share: Type.Number({ description: 'How much of the log is behind it, from 0 to 1.' }),
  lagSeconds: Type.Number({ description: 'The age of the oldest event that it has not dealt with.' }),
  newerThanLog: Type.Boolean(),
  leader: nullable(Type.Object({ address: nullable(Type.String()), since: nullable(Instant) })),
  queue: listOf(
    Type.Object({
      name: Type.String(),
      due: Type.Integer(),
      later: Type.Integer(),
      running: Type.Integer(),
      exhausted: Type.Integer({ description: 'Tried as often as may be.' }),
      oldestDueAt: nullable(Instant),
    }),
  ),
});

export const QueuedMail = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  invitationId: nullable(Type.String()),
  issue: nullable(Type.Integer()),
  attempt: nullable(Type.Integer()),
  dueAt: Instant,
  running: Type.Boolean(),
  tries: Type.Integer(),
  mostTries: Type.Integer(),
  lastError: nullable(Type.String(), { description: 'Without addresses.' }),
});
