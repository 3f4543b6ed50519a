import type { Decider } from '../decider.js';
import { DomainError } from '../domain-error.js';
import { checkLifetime, LIFETIME } from '../lifetime.js';
import { checkRemindAfter, type Reminders, USUAL_REMINDERS } from '../reminders.js';
import { mayAdminister, type Role } from '../role.js';
import { type BrandChanges, changedBrand, isSameBrand, type WorkspaceBrand } from './brand.js';
import type { WorkspaceEvent } from './events.js';
import {
  changedDomains,
  EVERY_DOMAIN,
  type InvitationDomains,
  type InvitationDomainsChanges,
  isSameDomains,
} from './invitation-domains.js';

export type WorkspaceState =
  | { readonly status: 'none' }
  | {
      readonly status: 'open';
      readonly name: string;
      readonly ownerId: string;
      /** How many times it has changed hands. */
      readonly transfers: number;
      readonly lifetimeSeconds: number;
      readonly reminders: Reminders;
      readonly domains: InvitationDomains;
      /** Absent as long as nobody has set one. */
      readonly brand?: WorkspaceBrand;
    };

/** `actorRole` is what the actor is in this workspace by the log; undefined when they are not an active member. */
export type WorkspaceCommand =
  | { readonly type: 'CreateWorkspace'; readonly name: string; readonly ownerId: string }
  | { readonly type: 'RenameWorkspace'; readonly name: string; readonly actorRole: Role | undefined }
  | {
      readonly type: 'ChangeBrand';
      readonly changes: BrandChanges;
      readonly logoHosts: readonly string[];
      readonly actorRole: Role | undefined;
    }
  | { readonly type: 'ChangeInvitationLifetime'; readonly seconds: number; readonly actorRole: Role | undefined }
  | { readonly type: 'ChangeReminders'; readonly reminders: RemindersChange; readonly actorRole: Role | undefined }
  | {
      readonly type: 'ChangeInvitationDomains';
      readonly changes: InvitationDomainsChanges;
      readonly actorRole: Role | undefined;
    }
  | { readonly type: 'TransferOwnership'; readonly from: string; readonly to: string; readonly ordinal: number };

/** After how long stays as it is where it is absent. */
export interface RemindersChange extends Pick<Reminders, 'isOn'>, Partial<Pick<Reminders, 'afterSeconds'>> {}

/** What a workspace may be called, in characters. */
export const WORKSPACE_NAME_LENGTH = 80;

const USUAL_SETTINGS = { lifetimeSeconds: LIFETIME.usual, reminders: USUAL_REMINDERS, domains: EVERY_DOMAIN } as const;

function decide(command: WorkspaceCommand, state: WorkspaceState): readonly WorkspaceEvent[] {
  if (command.type === 'CreateWorkspace') {
    if (state.status === 'open') return [];
    return [{ type: 'WorkspaceCreated', data: { name: checkName(command.name), ownerId: command.ownerId } }];
  }
  if (state.status === 'none') {
    throw new DomainError('workspace-not-found', 'There is no such workspace, or you are not in it.');
  }
  switch (command.type) {
    case 'RenameWorkspace': {
      requireAdministrator(command.actorRole);
      const name = checkName(command.name);
      if (name === state.name) return [];
      return [{ type: 'WorkspaceRenamed', data: { name, previousName: state.name } }];
    }
    case 'ChangeBrand': {
      requireAdministrator(command.actorRole);
      const before = state.brand ?? {};
      const brand = changedBrand(before, command.changes, command.logoHosts);
      return isSameBrand(brand, before) ? [] : [{ type: 'WorkspaceBrandChanged', data: brand }];
    }
    case 'ChangeInvitationLifetime': {
      requireAdministrator(command.actorRole);
      const seconds = checkLifetime(command.seconds);
      return seconds === state.lifetimeSeconds ? [] : [{ type: 'InvitationLifetimeChanged', data: { seconds } }];
    }
    case 'ChangeReminders': {
      requireAdministrator(command.actorRole);
      const { isOn, afterSeconds = state.reminders.afterSeconds } = command.reminders;
      checkRemindAfter(afterSeconds);
      if (isOn === state.reminders.isOn && afterSeconds === state.reminders.afterSeconds) return [];
      return [{ type: 'InvitationRemindersChanged', data: { isOn, afterSeconds } }];
    }
    case 'ChangeInvitationDomains': {
      requireAdministrator(command.actorRole);
      const domains = changedDomains(state.domains, command.changes);
      return isSameDomains(domains, state.domains) ? [] : [{ type: 'InvitationDomainsChanged', data: domains }];
    }
    case 'TransferOwnership': {
      if (state.ownerId === command.to) return [];
      if (state.ownerId !== command.from || state.transfers + 1 !== command.ordinal) {
        throw new DomainError('owner-required', 'Only the owner of the workspace can transfer its ownership.');
      }
      return [{ type: 'OwnershipTransferred', data: { from: command.from, to: command.to } }];
    }
  }
}

function evolve(state: WorkspaceState, event: WorkspaceEvent): WorkspaceState {
  if (event.type === 'WorkspaceCreated') {
    if (state.status === 'open') return state;
    return { status: 'open', ...event.data, transfers: 0, ...USUAL_SETTINGS };
  }
  if (state.status === 'none') return state;
  switch (event.type) {
    case 'WorkspaceRenamed':
      return { ...state, name: event.data.name };
    case 'WorkspaceBrandChanged':
      return { ...state, brand: event.data };
    case 'InvitationLifetimeChanged':
      return { ...state, lifetimeSeconds: event.data.seconds };
    case 'InvitationRemindersChanged':
      return { ...state, reminders: event.data };
    case 'InvitationDomainsChanged':
      return { ...state, domains: event.data };
    case 'OwnershipTransferred':
      return { ...state, ownerId: event.data.to, transfers: state.transfers + 1 };
    default:
      return state;
  }
}

export const workspace: Decider<WorkspaceCommand, WorkspaceState, WorkspaceEvent> = {
  initialState: { status: 'none' },
  decide,
  evolve,
};

/** @throws DomainError `not-allowed` unless the role may administer a workspace */
export function requireAdministrator(role: Role | undefined): void {
  if (!mayAdminister(role)) {
    throw new DomainError('not-allowed', 'Only the owner or an administrator of the workspace can do this.');
  }
}

function checkName(name: string): string {
  const trimmed = name.trim();
  if (trimmed === '' || [...trimmed].length > WORKSPACE_NAME_LENGTH) {
    throw new DomainError('invalid-name', `Give the workspace a name of 1 to ${WORKSPACE_NAME_LENGTH} characters.`);
  }
  return trimmed;
}
