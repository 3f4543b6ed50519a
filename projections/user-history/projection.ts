import { ACCOUNT_STREAMS, MEMBERSHIP_STREAMS } from '../../src/domain/streams.js';
import { folding } from '../../src/projecting/folding.js';
import type { Projection } from '../../src/projecting/projection.js';
import { History } from './history.js';
import { createTables } from './tables.js';

/** What the users tab showed at every instant. It is folded by the users tab's own rules, so that the two cannot differ. */
export const userHistory: Projection = {
  name: 'user-history',
  version: 4,
  schema: 'user_history',
  indexesOfApply: ['spans_of_the_active'],
  streamPrefixes: [MEMBERSHIP_STREAMS, ACCOUNT_STREAMS],
  createTables,
  ...folding(History.fold),
};
