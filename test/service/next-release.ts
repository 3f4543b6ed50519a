/** Before the service, in its process and in each that it starts: what it would be in its next release, with another version of two read models. */
import { auditHistory } from '../../projections/audit-history/projection.js';
import { usersTab } from '../../projections/users-tab/projection.js';

for (const projection of [usersTab, auditHistory]) Object.assign(projection, { version: projection.version + 1 });
