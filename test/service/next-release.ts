/** The service as its next release would be: with another version of two of its read models. */
import { auditHistory } from '../../projections/audit-history/projection.js';
import { usersTab } from '../../projections/users-tab/projection.js';

for (const projection of [usersTab, auditHistory]) Object.assign(projection, { version: projection.version + 1 });
await import('../../src/main.js');
