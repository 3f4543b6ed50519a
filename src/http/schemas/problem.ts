import { Type } from '@fastify/type-provider-typebox';

import { PROBLEMS } from '../problems/catalogue.js';
import { Limit } from './limit.js';
import { Instant } from './text.js';
import { wordOf } from './types.js';

/** RFC 9457, for the document; answers are written by `problemBody`. */
export const ProblemSchema = Type.Object(
  {
    type: Type.String({ format: 'uri', description: 'Leads to a page about this kind of problem.' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String({ description: 'What happened and what to do, for a person.' }),
    code: wordOf(Object.keys(PROBLEMS), { description: 'Stable, for programs.' }),
    requestId: Type.String({ description: 'Names the request in the logs of the service.' }),
    errors: Type.Optional(
      Type.Array(
        Type.Object({
          pointer: Type.Optional(Type.String({ description: 'Where in the body: a JSON pointer (RFC 6901).' })),
          parameter: Type.Optional(Type.String({ description: 'Which parameter of the path or query.' })),
          header: Type.Optional(Type.String()),
          detail: Type.String({ description: 'What to do about it.' }),
        }),
      ),
    ),
    fault: Type.Optional(
      Type.String({ description: 'What is wrong with the address, where the code is invalid-address.' }),
    ),
    possibleAt: Type.Optional(Instant('When the same is possible, where the code is resend-too-soon or throttled.')),
    limit: Type.Optional(Limit),
    contrast: Type.Optional(
      Type.String({ description: 'Of white text on the colour, to 1, where the code is invalid-colour.' }),
    ),
    leastContrast: Type.Optional(Type.String({ description: 'What the contrast must be at least.' })),
    passingColour: Type.Optional(Type.String({ description: 'A colour close to it that passes.' })),
    logoHosts: Type.Optional(
      Type.Array(Type.String(), { description: 'Where logos may come from, where the code is invalid-logo.' }),
    ),
    userId: Type.Optional(
      Type.String({ description: 'Whom it is about, where the code is already-invited or already-member.' }),
    ),
  },
  {
    $id: 'Problem',
    description: 'What went wrong (RFC 9457).',
    examples: [
      {
        type: 'https://invitations.example.com/problems/invalid-request',
        title: PROBLEMS['invalid-request'].title,
        status: 400,
        detail: PROBLEMS['invalid-request'].advice,
        code: 'invalid-request',
        requestId: '3b9f6a52-6a0e-4a0d-9a0a-5f0f3f6f5b1e',
        errors: [{ pointer: '#/role', detail: 'Give one of: administrator, developer.' }],
      },
    ],
  },
);
