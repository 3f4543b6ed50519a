import { Type } from '@fastify/type-provider-typebox';

import { EventPosition, IdempotencyKey } from './text.js';

/** Of a request that changes something. */
export const MutationHeaders = Type.Object({
  'idempotency-key': Type.Optional({
    ...IdempotencyKey,
    description:
      'A name for this request, such as a random UUID. Sent again with the same key, the request is not carried out twice: it gets its first answer again.',
  }),
});

/** Of a request that reads what lags a little behind. */
export const QueryHeaders = Type.Object({
  'min-event-position': Type.Optional({
    ...EventPosition,
    description:
      'The Event-Position of an earlier answer: this answer is to show it. Waited for, for two seconds at most.',
  }),
});
