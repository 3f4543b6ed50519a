import { INVITABLE_ROLES, ROLES } from '../../domain/role.js';
import { wordOf } from './types.js';

export const AnyRole = wordOf(ROLES, { description: 'What somebody may do in a workspace.' });
export const InvitableRole = wordOf(INVITABLE_ROLES, {
  description: 'What somebody will be allowed to do in the workspace.',
});
