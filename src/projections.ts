import { auditHistory } from '../projections/audit-history/projection.js';
import { userHistory } from '../projections/user-history/projection.js';
import { usersTab } from '../projections/users-tab/projection.js';
import { workspaces } from '../projections/workspaces/projection.js';

/** Every read model of the service. */
export const PROJECTIONS = [usersTab, userHistory, workspaces, auditHistory] as const;
