import { Type } from '@fastify/type-provider-typebox';

import { EventPosition } from './text.js';
import { Closed } from './types.js';

/** From where on somebody follows what changes, as browsers say it by themselves. */
export const FollowingHeaders = Type.Object({
  'last-event-id': Type.Optional({
    ...EventPosition,
    description: 'The id of the last event that arrived. Goes before `after`.',
  }),
});

export const FollowingQuery = Closed({
  after: Type.Optional({ ...EventPosition, description: 'An id of an earlier event, or an Event-Position.' }),
});
