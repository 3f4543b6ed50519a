/**
 * What holds for invitations whatever people do: several of them invite, resend, revoke, accept and decline with any
 * link ever mailed, come, go and change their permissions, while time passes.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import type { MembershipEvent } from '../../src/domain/membership/events.js';
import { InvitationModel } from './support/invitation-model.js';
import { anyStep, instantOf, Memberships, PEOPLE, play } from './support/invitation-steps.js';
import { OWNER } from './support/people-and-time.js';

const OPENING: ReadonlySet<string> = new Set(['UserInvited', 'InvitationResent']);
const CLOSING: ReadonlySet<string> = new Set(['InvitationRevoked', 'InvitationDeclined', 'InvitationExpired']);

/** Reads a log without the deciders: how many invitations are open and memberships active after each event. */
function assertOneAtATime(log: readonly MembershipEvent[]): void {
  const open = new Set<string>();
  let active = 0;
  for (const event of log) {
    if (OPENING.has(event.type) && 'invitationId' in event.data) open.add(event.data.invitationId);
    if (CLOSING.has(event.type) && 'invitationId' in event.data) open.delete(event.data.invitationId);
    if (event.type === 'InvitationAccepted') {
      assert(open.delete(event.data.invitationId), 'only an open invitation is accepted');
      active++;
    }
    if (event.type === 'FounderJoined') active++;
    if (event.type === 'UserRemoved' || event.type === 'UserLeft') active--;
    assert(open.size <= 1, 'two invitations of one address are open');
    assert(active === 0 || active === 1, `${active} memberships of one address are active`);
    assert(active + open.size <= 1, 'a member has an open invitation');
  }
}

function assertAgreed(who: string, model: InvitationModel, real: Memberships): void {
  const { status, role, invitation } = real.state(who);
  assert(model.statusesOf(who).includes(status), `${who} is ${status}`);
  assert.equal(role, model.members.get(who), `the role of ${who}`);
  const newest = model.newest(who);
  assert.equal(invitation?.id, newest?.invitationId, `the newest invitation of ${who}`);
  assert.equal(invitation?.issue, newest?.issue, `the newest issue of ${who}`);
  assert.equal(invitation?.vouchedBy, newest?.vouchedBy, `who vouches for ${who}`);
  assert.equal(invitation?.expiresAt, newest && instantOf(newest.expiresAt), `the expiry for ${who}`);
}

t.test('links open exactly what they promise, and one invitation or membership at a time', async () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 60, size: 'max' }), (steps) => {
      const model = new InvitationModel(OWNER.userId);
      const real = new Memberships();
      for (const step of steps) {
        play(step, model, real);
        for (const who of PEOPLE) assertAgreed(who, model, real);
      }
      for (const who of PEOPLE) assertOneAtATime(real.log(who));
    }),
    { numRuns: 500 },
  );
});
