import { Type } from '@fastify/type-provider-typebox';

/** What stands in the way of one thing among many, or of its effect: as in a problem, less what a whole answer has. */
export const ADVICE = {
  code: Type.String({ description: 'Stable, for programs.' }),
  detail: Type.String({ description: 'What to do, for a person.' }),
};
