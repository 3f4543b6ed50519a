import assert from 'node:assert/strict';
import fc, { type Arbitrary } from 'fast-check';
import { roleIn } from '../../../src/domain/authority.js';
import { fold } from '../../../src/domain/decider.js';
import { DomainError } from '../../../src/domain/domain-error.js';
import { after, type Instant } from '../../../src/domain/lifetime.js';
import type { Actor, MembershipCommand } from '../../../src/domain/membership/commands.js';
import type { MembershipEvent } from '../../../src/domain/membership/events.js';
import { membership } from '../../../src/domain/membership/membership.js';
import type { MembershipState } from '../../../src/domain/membership/state.js';
import { USUAL_REMINDERS } from '../../../src/domain/reminders.js';
import { INVITABLE_ROLES } from '../../../src/domain/role.js';
import { EVERY_DOMAIN } from '../../../src/domain/workspace/invitation-domains.js';
import type { WorkspaceState } from '../../../src/domain/workspace/workspace.js';
import { deepFreeze } from './deep-freeze.js';
import type { InvitationModel, Link } from './invitation-model.js';
import * as command from './membership-commands.js';
import { founderJoined } from './membership-events.js';
import { BEGINNING, DAY, HOUR, idOf, OWNER } from './people-and-time.js';

/** The owner, and three people who come and go. */
export const PEOPLE = [OWNER.userId, idOf('second'), idOf('third'), idOf('fourth')];
const SPACE: WorkspaceState = {
  status: 'open',
  name: 'Design',
  ownerId: OWNER.userId,
  transfers: 0,
  lifetimeSeconds: 7 * DAY,
  reminders: USUAL_REMINDERS,
  domains: EVERY_DOMAIN,
};

const who = fc.constantFrom(...PEOPLE);
const role = fc.constantFrom(...INVITABLE_ROLES);
const lifetime = fc.constantFrom(HOUR, DAY, 30 * DAY);
/** One of all links ever mailed, counted from the newest. */
const back = fc.nat({ max: 8 });

/** Something that somebody does, sensible or not. */
export const anyStep = fc.oneof(
  fc.record({ do: fc.constant('wait'), seconds: fc.constantFrom(1, HOUR - 1, HOUR, DAY, 7 * DAY) }),
  fc.record({ do: fc.constant('invite'), by: who, who, role, lifetime }),
  fc.record({ do: fc.constant('invite'), by: fc.constant(OWNER.userId), who, role, lifetime }),
  fc.record({ do: fc.constant('resend'), by: who, who, lifetime: fc.option(lifetime, { nil: undefined }) }),
  fc.record({ do: fc.constant('revoke'), by: who, who }),
  fc.record({ do: fc.constant('accept'), back }),
  fc.record({ do: fc.constant('accept'), back: fc.constant(0) }),
  fc.record({ do: fc.constantFrom('decline', 'expire', 'mail'), back }),
  fc.record({ do: fc.constant('change'), by: who, who, role }),
  fc.record({ do: fc.constant('remove'), by: who, who }),
  fc.record({ do: fc.constant('leave'), who }),
);

export type Step = typeof anyStep extends Arbitrary<infer Value> ? Value : never;

/** The deciders at work: a log per person, and every command decided on what the log says at that moment. */
export class Memberships {
  private readonly logs = new Map<string, readonly MembershipEvent[]>([[OWNER.userId, [founderJoined()]]]);

  log(who: string): readonly MembershipEvent[] {
    return this.logs.get(who) ?? [];
  }

  state(who: string): MembershipState {
    return fold(membership, this.log(who));
  }

  actor(who: string): Actor {
    return { userId: who, role: roleIn(SPACE, this.state(who), who) };
  }

  /** The events written; none when the command was refused. */
  execute(who: string, command: MembershipCommand): readonly MembershipEvent[] {
    try {
      const events = membership.decide(deepFreeze(command), deepFreeze(this.state(who)));
      this.logs.set(who, [...this.log(who), ...events]);
      return events;
    } catch (error) {
      if (error instanceof DomainError) return [];
      throw error;
    }
  }
}

/** Plays a step on both, and fails where they differ about what follows. */
export function play(step: Step, model: InvitationModel, real: Memberships): void {
  const now = instantOf(model.now);
  switch (step.do) {
    case 'wait':
      model.now += step.seconds;
      return;
    case 'invite': {
      const { who, role, lifetime } = step;
      const allowed = model.administers(step.by) && !model.members.has(who) && !model.isOpen(model.newest(who));
      const by = real.actor(step.by);
      const asked = command.invite({ by, now, userId: who, role, lifetimeSeconds: lifetime });
      const invitationId = expectEvent(real.execute(who, asked), 'UserInvited', allowed)?.data.invitationId;
      const expiresAt = model.now + lifetime;
      if (invitationId) model.mail({ who, invitationId, issue: 1, role, vouchedBy: step.by, expiresAt, lifetime });
      return;
    }
    case 'resend': {
      const newest = model.newest(step.who);
      const allowed = model.administers(step.by) && model.isUnanswered(newest);
      const asked = command.resend({
        by: real.actor(step.by),
        now,
        invitationId: newest?.invitationId ?? '',
        ...(step.lifetime === undefined ? {} : { lifetimeSeconds: step.lifetime }),
      });
      expectEvent(real.execute(step.who, asked), 'InvitationResent', allowed);
      if (!allowed || !newest) return;
      const lifetime = step.lifetime ?? newest.lifetime;
      const { end: _end, ...again } = newest;
      model.mail({ ...again, issue: newest.issue + 1, vouchedBy: step.by, expiresAt: model.now + lifetime, lifetime });
      return;
    }
    case 'revoke': {
      const newest = model.newest(step.who);
      const allowed = model.administers(step.by) && model.isUnanswered(newest);
      const asked = command.revoke({ by: real.actor(step.by), invitationId: newest?.invitationId ?? '' });
      expectEvent(real.execute(step.who, asked), 'InvitationRevoked', allowed);
      if (allowed && newest) newest.end = 'revoked';
      return;
    }
    case 'change': {
      const allowed = model.administers(step.by) && model.isMovable(step.who);
      const isNews = allowed && model.members.get(step.who) !== step.role;
      const asked = command.changePermission(step.role, real.actor(step.by));
      expectEvent(real.execute(step.who, asked), 'PermissionChanged', isNews);
      if (allowed) model.members.set(step.who, step.role);
      return;
    }
    case 'remove': {
      const allowed = model.administers(step.by) && model.isMovable(step.who);
      expectEvent(real.execute(step.who, command.remove(real.actor(step.by))), 'UserRemoved', allowed);
      if (allowed) model.members.delete(step.who);
      return;
    }
    case 'leave': {
      const allowed = model.isMovable(step.who);
      expectEvent(real.execute(step.who, command.leave()), 'UserLeft', allowed);
      if (allowed) model.members.delete(step.who);
      return;
    }
    default: {
      const link = model.links.at(-1 - step.back);
      if (link) follow(step.do, link, model, real);
    }
  }
}

/** What somebody does with a link, or the reactor with what it stands for. */
function follow(
  what: 'accept' | 'decline' | 'expire' | 'mail',
  link: Link,
  model: InvitationModel,
  real: Memberships,
): void {
  const { who, invitationId, issue } = link;
  const now = instantOf(model.now);
  switch (what) {
    case 'accept': {
      const allowed = model.isOpen(link) && model.administers(link.vouchedBy);
      const { role: voucherRole } = real.actor(link.vouchedBy);
      const written = real.execute(who, command.accept({ invitationId, issue, now, voucherRole }));
      expectEvent(written, 'InvitationAccepted', allowed);
      if (!allowed) return;
      link.end = 'used';
      model.members.set(who, link.role);
      return;
    }
    case 'decline':
      expectEvent(
        real.execute(who, command.decline({ invitationId, issue, now })),
        'InvitationDeclined',
        model.isOpen(link),
      );
      if (model.isOpen(link)) link.end = 'declined';
      return;
    case 'expire': {
      const isDue = model.isUnanswered(link) && !model.isOpen(link) && real.state(who).status === 'waiting';
      expectEvent(real.execute(who, command.expire(now, { invitationId, issue })), 'InvitationExpired', isDue);
      return;
    }
    case 'mail':
      for (const event of real.execute(who, command.beginEmail(now, { invitationId, issue }))) {
        assert(model.isOpen(link), `the mail of a link that is of no use begins: ${event.type}`);
        real.execute(who, command.recordEmail('sent', { invitationId, issue }));
      }
  }
}

/** The instant of a time of the model. */
export function instantOf(seconds: number): Instant {
  return after(BEGINNING, seconds);
}

/** Finds the event of a type, which must be there exactly when it is expected. */
function expectEvent<Type extends MembershipEvent['type']>(
  written: readonly MembershipEvent[],
  type: Type,
  isExpected: boolean,
): Extract<MembershipEvent, { type: Type }> | undefined {
  const found = written.find((event) => event.type === type);
  assert.equal(found !== undefined, isExpected, `${type} ${isExpected ? 'should' : 'must not'} follow`);
  return found as Extract<MembershipEvent, { type: Type }> | undefined;
}
