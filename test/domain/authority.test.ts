import t from 'tap';
import { roleIn } from '../../src/domain/authority.js';
import type { MembershipState, MembershipStatus } from '../../src/domain/membership/state.js';
import { USUAL_REMINDERS } from '../../src/domain/reminders.js';
import { INVITABLE_ROLES, mayAdminister, ROLES, type Role } from '../../src/domain/role.js';
import { EVERY_DOMAIN } from '../../src/domain/workspace/invitation-domains.js';
import { requireAdministrator, type WorkspaceState } from '../../src/domain/workspace/workspace.js';
import { POWERLESS } from './support/membership-commands.js';
import { DAY, OWNER, STRANGER } from './support/people-and-time.js';

const open: WorkspaceState = {
  status: 'open',
  name: 'Design',
  ownerId: OWNER.userId,
  transfers: 0,
  lifetimeSeconds: 7 * DAY,
  reminders: USUAL_REMINDERS,
  domains: EVERY_DOMAIN,
};

function active(role: Role): MembershipState {
  return { status: 'active', timesInvited: 1, role };
}

t.test('owner and administrators administer, developers and people outside do not', async (t) => {
  for (const role of ['owner', 'administrator'] as const) {
    t.equal(mayAdminister(role), true, role);
    t.doesNotThrow(() => requireAdministrator(role), role);
  }
  for (const role of POWERLESS) {
    t.equal(mayAdminister(role), false, String(role));
    t.throws(() => requireAdministrator(role), { code: 'not-allowed' }, String(role));
  }
});

t.test('every role but that of the owner can be given by an invitation', async (t) => {
  t.strictSame(ROLES, ['owner', 'administrator', 'developer']);
  t.strictSame(INVITABLE_ROLES, ['administrator', 'developer']);
});

t.test('an active member is in a workspace what the membership says', async (t) => {
  t.equal(roleIn(open, active('owner'), OWNER.userId), 'owner');
  t.equal(roleIn(open, active('administrator'), STRANGER.userId), 'administrator');
  t.equal(roleIn(open, active('developer'), STRANGER.userId), 'developer');
});

t.test('of two owners on a handover, the workspace says whose turn it is', async (t) => {
  t.equal(roleIn(open, active('owner'), STRANGER.userId), 'administrator');
});

t.test('nobody is anything in a workspace that is not there', async (t) => {
  t.equal(roleIn({ status: 'none' }, active('owner'), OWNER.userId), undefined);
});

t.test('who is not active has no role, not even the last one', async (t) => {
  const inactive = ['none', 'waiting', 'expired', 'revoked', 'declined', 'removed'] as const;
  const all: readonly Exclude<MembershipStatus, 'active'>[] = inactive;
  for (const status of all) t.equal(roleIn(open, { ...active('owner'), status }, OWNER.userId), undefined, status);
});
