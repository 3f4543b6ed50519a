/** What a person may do in a workspace. There is one owner at a time. */
export type Role = 'owner' | 'administrator' | 'developer';

/** The roles that an invitation can give: ownership is transferred, never offered by mail. */
export type InvitableRole = Exclude<Role, 'owner'>;

export const ROLES: readonly Role[] = ['owner', 'administrator', 'developer'];
export const INVITABLE_ROLES: readonly InvitableRole[] = ['administrator', 'developer'];

/** Whether a role may invite, resend, revoke, change permissions and remove. */
export function mayAdminister(role: Role | undefined): boolean {
  return role === 'owner' || role === 'administrator';
}
