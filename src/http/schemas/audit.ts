import { Type } from '@fastify/type-provider-typebox';

import { TELLING } from './telling.js';
import { Instant, Line, UserId } from './text.js';
import { Closed, nullable, refTo, wordOf } from './types.js';

const Text = (description: string) => nullable(Type.String(), { description });

export const AuditEventSchema = Type.Object(
  {
    sequence: Type.Integer({ description: "The record's number in the workspace's hash chain, from 1." }),
    id: Type.String({ description: "The event's id, a UUID." }),
    at: Instant('When it happened.'),
    type: Type.String({ description: 'The type of the event.', examples: ['UserInvited'] }),
    words: Type.String({ description: 'What happened, in a sentence.' }),
    actor: nullable(
      Type.Object({
        type: Type.String({ description: 'user, invitee (somebody who held an invitation) or service.' }),
        id: Text('The user id; of the service, the name of the part.'),
        name: Text('What they are called now; else their address.'),
      }),
      { description: 'Who did it.' },
    ),
    subject: nullable(
      Type.Object({ userId: Type.String(), name: Text('As of actor.'), email: Text('Their address.') }),
      {
        description: 'Whom it is about; null for the workspace itself.',
      },
    ),
    from: Type.Object(
      {
        ip: Text('The IP address.'),
        userAgent: Text('What the client calls itself.'),
        requestId: Text('X-Request-Id.'),
      },
      { description: 'Where the request came from.' },
    ),
    data: Type.Record(Type.String(), Type.Unknown(), { description: 'What the event itself says.' }),
    hash: Type.String({ description: "This record's hash in the chain: 64 hexadecimal digits." }),
  },
  { $id: 'AuditEvent', description: 'Who did what to whom, when, from where.' },
);
export const AuditEvent = refTo(AuditEventSchema);

const FILTERS = {
  type: Type.Optional(
    Type.Array(Type.String({ pattern: '^[A-Za-z]{1,60}$' }), {
      minItems: 1,
      maxItems: 50,
      description: 'One or more types of event: repeated, or separated by commas.',
    }),
  ),
  actor: Type.Optional({ ...UserId, description: 'The user id of whoever did it.' }),
  subject: Type.Optional({ ...UserId, description: 'The user id of whom it is about.' }),
  from: Type.Optional(Instant('At or after this instant.')),
  to: Type.Optional(Instant('Before this instant.')),
  text: Type.Optional(
    Line({
      maxLength: 100,
      description:
        "Part of a name or an address, also one that was used before, of a message, a mail server's reply or an IP address; case and accents do not count.",
    }),
  ),
};

export const AuditQuery = Closed({
  ...FILTERS,
  ...TELLING,
  order: Type.Optional(
    wordOf(['newest', 'oldest'], {
      description: 'Which come first, by their place in the chain; newest where it is absent.',
    }),
  ),
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 200, description: 'Records a page; 50 where it is absent.' }),
  ),
  cursor: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 1000,
      description: 'The nextCursor of the page before, with the same order.',
    }),
  ),
});

export const ExportQuery = Closed({
  ...FILTERS,
  ...TELLING,
  format: wordOf(['ndjson', 'csv'], {
    description: 'ndjson: the hash chain itself, which verify-export proves. csv: a table for spreadsheets.',
  }),
});

export const ChainHead = Type.Object({
  sequence: Type.Integer({ description: 'How many records there are.' }),
  hash: Type.String({ description: 'The hash of the newest: it vouches for every record before it.' }),
});
