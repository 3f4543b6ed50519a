import { folding } from '../../src/projecting/folding.js';
import type { Projection } from '../../src/projecting/projection.js';
import { WORKSPACE_HISTORY } from './facts.js';
import { Records } from './records.js';
import { createTables } from './tables.js';

/**
 * Every event of a workspace as a record that can be searched, chained by hashes. It takes any event whatever: a history that
 * leaves something out would be none, and neither would one whose order depends on what failed.
 */
export const auditHistory: Projection = {
  name: 'audit-history',
  version: 6,
  schema: 'audit_history',
  streamPrefixes: WORKSPACE_HISTORY,
  createTables,
  ...folding(Records.fold),
};
