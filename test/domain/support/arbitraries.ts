/**
 * Any event and any command, for the property tests. Ids, issues and attempts come from small ranges, so that what is
 * drawn is often about the same thing. The types make sure that no event and no command is left out.
 */
import fc, { type Arbitrary } from 'fast-check';
import type { AccountCommand, AccountEvent } from '../../../src/domain/account/account.js';
import type { AddressCommand, AddressEvent } from '../../../src/domain/address/address.js';
import { LIFETIME } from '../../../src/domain/lifetime.js';
import type { MembershipCommand } from '../../../src/domain/membership/commands.js';
import { type MembershipEvent, REPORT_SOURCES, type RefusalReason } from '../../../src/domain/membership/events.js';
import { REFUSED_FOR, type RefusalEvent } from '../../../src/domain/refusal/events.js';
import { REMIND_AFTER } from '../../../src/domain/reminders.js';
import { INVITABLE_ROLES, ROLES } from '../../../src/domain/role.js';
import type { WorkspaceEvent } from '../../../src/domain/workspace/events.js';
import type { WorkspaceCommand } from '../../../src/domain/workspace/workspace.js';
import { nth } from './membership-events.js';
import { ADMINISTRATOR, DEVELOPER, hour, INVITEE, OWNER, STRANGER, WORKSPACE } from './people-and-time.js';

type DataByType<Event extends { readonly type: string; readonly data: unknown }> = {
  readonly [Type in Event['type']]: Arbitrary<Extract<Event, { type: Type }>['data']>;
};

type CommandByType<Command extends { readonly type: string }> = {
  readonly [Type in Command['type']]: Arbitrary<Omit<Extract<Command, { type: Type }>, 'type'>>;
};

/** A record as JSON knows it: with the prototype of all objects. Fields that are not `required` are left out at times. */
function record<Fields, Required extends keyof Fields = keyof Fields>(
  fields: { readonly [Name in keyof Fields]: Arbitrary<Fields[Name]> },
  { requiredKeys }: { readonly requiredKeys?: readonly Required[] } = {},
) {
  const required = (requiredKeys ?? Object.keys(fields)) as Required[];
  return fc.record(fields, { requiredKeys: required, noNullPrototype: true });
}

const texts = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' });
const emails = fc.constantFrom('invitee@example.com', 'Invitee@EXAMPLE.com', 'пример@example.org');
const locales = fc.constantFrom('en', 'pt-BR', 'es');
const actors = fc.constantFrom(OWNER, ADMINISTRATOR, DEVELOPER, STRANGER);
const people = actors.map(({ userId }) => userId);
const instants = fc.integer({ min: 0, max: 40 * 24 }).map(hour);
const lifetimes = fc.integer({ min: LIFETIME.shortest, max: LIFETIME.longest });
const ordinals = fc.integer({ min: 1, max: 4 });
const roles = fc.constantFrom(...ROLES);
const invitableRoles = fc.constantFrom(...INVITABLE_ROLES);
const anyRole = fc.option(roles, { nil: undefined });

const REASONS = {
  expired: true,
  superseded: true,
  revoked: true,
  declined: true,
  'already-accepted': true,
  removed: true,
  'inviter-not-allowed': true,
  'wrong-account': true,
} as const satisfies Record<RefusalReason, true>;
const reasons = fc.constantFrom(...(Object.keys(REASONS) as RefusalReason[]));

const invitation = { invitationId: ordinals.map(nth) };
const issue = { ...invitation, issue: ordinals };
const mail = { ...issue, mail: fc.constant('reminder' as const) };
const attempt = { ...mail, attempt: ordinals };
const reminderDelays = fc.integer({ min: REMIND_AFTER.shortest, max: REMIND_AFTER.longest });
const ISSUE_KEYS = ['invitationId', 'issue'] as const;
const ATTEMPT_KEYS = [...ISSUE_KEYS, 'attempt'] as const;
const reply = { reply: texts, code: fc.integer({ min: 200, max: 599 }), enhancedCode: texts };
const contents = { name: texts, locale: fc.constantFrom('en', 'pt-BR', 'es'), message: texts };

const delivery = { ...attempt, reply: texts, enhancedCode: texts, reportedBy: fc.constantFrom(...REPORT_SOURCES) };
const DELIVERY_KEYS = ['invitationId', 'issue', 'reply', 'reportedBy'] as const;
const bounce = {
  ...delivery,
  kind: fc.constantFrom('permanent', 'transient', 'complaint'),
  stillTrying: fc.constant(true as const),
  unproven: fc.constant(true as const),
};
const BOUNCE_KEYS = [...DELIVERY_KEYS, 'kind'] as const;
const destination = record({ userId: people, email: emails });

const membershipData: DataByType<MembershipEvent> = {
  FounderJoined: record({ email: emails, name: texts }),
  UserInvited: record(
    {
      ...invitation,
      email: emails,
      role: invitableRoles,
      invitedBy: people,
      expiresAt: instants,
      lifetimeSeconds: lifetimes,
      ...contents,
      previous: fc.constantFrom('expired', 'revoked', 'declined', 'removed'),
      correctedFrom: ordinals.map(nth),
      remindAt: instants,
    },
    { requiredKeys: ['invitationId', 'email', 'role', 'invitedBy', 'expiresAt', 'lifetimeSeconds'] },
  ),
  InvitationResent: record(
    { ...issue, resentBy: people, expiresAt: instants, lifetimeSeconds: lifetimes, remindAt: instants },
    { requiredKeys: ['invitationId', 'issue', 'resentBy', 'expiresAt', 'lifetimeSeconds'] },
  ),
  InvitationRevoked: record(invitation),
  InvitationDeclined: record(issue),
  InvitationExpired: record(issue),
  InvitationAccepted: record({ ...issue, name: texts, role: invitableRoles }),
  InvitationAcceptanceRefused: record({ ...issue, reason: reasons }),
  PermissionChanged: fc.oneof(
    record({ role: invitableRoles, previousRole: roles }),
    record({
      role: fc.constant('owner' as const),
      previousRole: roles,
      succession: record({ from: people, ordinal: ordinals }),
    }),
  ),
  UserRemoved: fc.constant({}),
  UserLeft: fc.constant({}),
  InvitationLinkCopied: record({ ...issue, by: people }),
  InvitationRenewalRequested: record({ ...issue, requestedAt: instants }),
  InvitationAddressCorrected: record({ ...invitation, to: destination, vouchedBy: people }),
  InvitationEmailAttempted: record(
    {
      ...attempt,
      messageId: texts,
      since: instants,
      template: texts,
      templateVersion: texts,
      locale: texts,
      bodyHash: texts,
    },
    { requiredKeys: [...ATTEMPT_KEYS, 'messageId', 'since'] },
  ),
  InvitationEmailSent: record({ ...attempt, ...reply }, { requiredKeys: [...ATTEMPT_KEYS, 'reply'] }),
  InvitationEmailDeferred: record(
    { ...attempt, ...reply, nextAttemptAt: instants, giveUpAt: instants },
    { requiredKeys: [...ATTEMPT_KEYS, 'reply'] },
  ),
  InvitationEmailFailed: record({ ...attempt, ...reply }, { requiredKeys: [...ATTEMPT_KEYS, 'reply'] }),
  InvitationEmailDelivered: record({ ...delivery, sparedAttempt: ordinals }, { requiredKeys: DELIVERY_KEYS }),
  InvitationEmailBounced: record(bounce, { requiredKeys: BOUNCE_KEYS }),
  InvitationEmailSuppressed: record({ ...attempt, reply: texts }, { requiredKeys: [...ATTEMPT_KEYS, 'reply'] }),
};

const domainLists = fc.array(fc.constantFrom('example.com', '*.example.com', 'example.org'), { maxLength: 3 });
const domains = record({ allowed: domainLists, denied: domainLists });

const workspaceData: DataByType<WorkspaceEvent> = {
  WorkspaceCreated: record({ name: texts, ownerId: people }),
  WorkspaceRenamed: record({ name: texts, previousName: texts }),
  WorkspaceBrandChanged: record({ name: texts, accentColour: fc.constant('#0b6e4f') }, { requiredKeys: [] }),
  InvitationLifetimeChanged: record({ seconds: lifetimes }),
  InvitationRemindersChanged: record({ isOn: fc.boolean(), afterSeconds: reminderDelays }),
  InvitationDomainsChanged: domains,
  OwnershipTransferred: record({ from: people, to: people }),
};

const accountData: DataByType<AccountEvent> = {
  AccountRegistered: record({ email: emails, name: texts, locale: locales }, { requiredKeys: ['email', 'name'] }),
  AccountRenamed: record({ name: texts, previousName: texts }),
  NotificationsChanged: record(
    { digests: fc.boolean(), renewalRequests: fc.boolean(), locale: locales },
    { requiredKeys: ['digests', 'renewalRequests'] },
  ),
};

const addressData: DataByType<AddressEvent> = {
  AddressSuppressed: record(
    { reason: fc.constantFrom('hard-bounce', 'complaint'), reply: texts, enhancedCode: texts },
    { requiredKeys: ['reason', 'reply'] },
  ),
  SuppressionLifted: record({ workspaceId: fc.constant(WORKSPACE), by: people, reason: texts }),
};

const refusalData: DataByType<RefusalEvent> = {
  RequestRefused: record(
    { operation: texts, reason: fc.constantFrom(...REFUSED_FOR), subjectId: people },
    { requiredKeys: ['operation', 'reason'] },
  ),
};

const membershipFields: CommandByType<MembershipCommand> = {
  FoundMembership: record({ email: emails, name: texts }),
  InviteUser: record(
    {
      by: actors,
      now: instants,
      workspaceId: fc.constant(WORKSPACE),
      userId: fc.constant(INVITEE),
      email: emails,
      role: invitableRoles,
      lifetimeSeconds: lifetimes,
      remindAfterSeconds: reminderDelays,
      domains,
      ...contents,
    },
    { requiredKeys: ['by', 'now', 'workspaceId', 'userId', 'email', 'role', 'lifetimeSeconds', 'domains'] },
  ),
  ResendInvitation: record(
    {
      by: actors,
      now: instants,
      ...invitation,
      domains,
      lifetimeSeconds: lifetimes,
      remindAfterSeconds: reminderDelays,
    },
    { requiredKeys: ['by', 'now', 'invitationId', 'domains'] },
  ),
  RevokeInvitation: record({ by: actors, ...invitation }),
  CorrectAddress: record({ by: actors, now: instants, ...invitation, to: destination, domains, vouchedBy: people }),
  CopyLink: record({ by: actors, now: instants, ...invitation }),
  RequestRenewal: record({ ...issue, now: instants }),
  ReceiveCorrected: record(
    {
      now: instants,
      workspaceId: fc.constant(WORKSPACE),
      userId: fc.constant(INVITEE),
      email: emails,
      role: invitableRoles,
      lifetimeSeconds: lifetimes,
      vouchedBy: people,
      correctedFrom: ordinals.map(nth),
      remindAfterSeconds: reminderDelays,
      ...contents,
    },
    {
      requiredKeys: ['now', 'workspaceId', 'userId', 'email', 'role', 'lifetimeSeconds', 'vouchedBy', 'correctedFrom'],
    },
  ),
  AcceptInvitation: record({ ...issue, now: instants, name: texts, voucherRole: anyRole }),
  DeclineInvitation: record({ ...issue, now: instants }),
  RefuseAcceptance: record({ ...issue, reason: reasons }),
  ExpireInvitation: record({ ...issue, now: instants }),
  ChangePermission: record({ by: actors, role: invitableRoles }),
  AssumeOwnership: record({ from: people, ordinal: ordinals }),
  CedeOwnership: record({ ordinal: ordinals, wasOwner: fc.boolean() }),
  RemoveUser: record({ by: actors }),
  LeaveWorkspace: fc.constant({}),
  BeginEmailAttempt: record(
    { ...mail, now: instants, messageId: texts },
    { requiredKeys: [...ISSUE_KEYS, 'now', 'messageId'] },
  ),
  GiveUpEmail: record({ ...attempt, now: instants, reply: texts }, { requiredKeys: [...ATTEMPT_KEYS, 'now', 'reply'] }),
  RecordEmailOutcome: record(
    { ...attempt, reply: texts, outcome: fc.constantFrom('sent', 'failed', 'deferred'), nextAttemptAt: instants },
    { requiredKeys: ['invitationId', 'issue', 'attempt', 'reply', 'outcome'] },
  ),
  RecordDelivery: record(delivery, { requiredKeys: DELIVERY_KEYS }),
  RecordBounce: record(bounce, { requiredKeys: BOUNCE_KEYS }),
  SuppressEmail: record({ ...mail, now: instants, reply: texts }, { requiredKeys: [...ISSUE_KEYS, 'now', 'reply'] }),
};

const addressFields: CommandByType<AddressCommand> = {
  SuppressAddress: addressData.AddressSuppressed,
  LiftSuppression: record({ by: actors, workspaceId: fc.constant(WORKSPACE), reason: texts }),
};

const workspaceFields: CommandByType<WorkspaceCommand> = {
  CreateWorkspace: record({ name: texts, ownerId: people }),
  RenameWorkspace: record({ name: texts, actorRole: anyRole }),
  ChangeBrand: record({
    changes: record(
      { name: fc.option(texts), accentColour: fc.option(fc.constantFrom('#0b6e4f', '#ffcc00')) },
      { requiredKeys: [] },
    ),
    logoHosts: fc.constant([]),
    actorRole: anyRole,
  }),
  ChangeInvitationLifetime: record({ seconds: lifetimes, actorRole: anyRole }),
  ChangeReminders: record({
    reminders: record({ isOn: fc.boolean(), afterSeconds: reminderDelays }, { requiredKeys: ['isOn'] }),
    actorRole: anyRole,
  }),
  ChangeInvitationDomains: record({
    changes: record({ allowed: domainLists, denied: domainLists }, { requiredKeys: [] }),
    actorRole: anyRole,
  }),
  TransferOwnership: record({ from: people, to: people, ordinal: ordinals }),
};

const accountFields: CommandByType<AccountCommand> = {
  RegisterAccount: record({ email: emails, name: texts, locale: locales }, { requiredKeys: ['email', 'name'] }),
  ChangeAccount: record(
    {
      name: texts,
      locale: locales,
      notifications: record({ digests: fc.boolean(), renewalRequests: fc.boolean() }, { requiredKeys: [] }),
    },
    { requiredKeys: [] },
  ),
};

/** By aggregate, any of its events and any command to it. */
export const events = {
  membership: eventsOf<MembershipEvent>(membershipData),
  workspace: eventsOf<WorkspaceEvent>(workspaceData),
  account: eventsOf<AccountEvent>(accountData),
  address: eventsOf<AddressEvent>(addressData),
  refusal: eventsOf<RefusalEvent>(refusalData),
};

export const commands = {
  membership: commandsOf<MembershipCommand>(membershipFields),
  workspace: commandsOf<WorkspaceCommand>(workspaceFields),
  account: commandsOf<AccountCommand>(accountFields),
  address: commandsOf<AddressCommand>(addressFields),
};

/** An event of a type that this release does not know. */
export const unknownEvents = record({
  type: fc.oneof(fc.string(), fc.constantFrom('constructor', 'toString', '__proto__')),
  data: fc.jsonValue(),
});

function eventsOf<Event extends { readonly type: string; readonly data: unknown }>(
  data: Readonly<Record<string, Arbitrary<unknown>>>,
): Arbitrary<Event> {
  const each = Object.entries(data).map(([type, values]) => values.map((value) => ({ type, data: value })));
  return fc.oneof(...each) as unknown as Arbitrary<Event>;
}

function commandsOf<Command extends { readonly type: string }>(
  fields: Readonly<Record<string, Arbitrary<object>>>,
): Arbitrary<Command> {
  const each = Object.entries(fields).map(([type, values]) => values.map((value) => ({ type, ...value })));
  return fc.oneof(...each) as unknown as Arbitrary<Command>;
}
