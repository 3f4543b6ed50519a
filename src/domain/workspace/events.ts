import type { Reminders } from '../reminders.js';
import type { WorkspaceBrand } from './brand.js';
import type { InvitationDomains } from './invitation-domains.js';

/** The facts about a workspace itself. Who is in it is told by membership streams. */
export type WorkspaceEvent =
  | WorkspaceCreated
  | WorkspaceRenamed
  | WorkspaceBrandChanged
  | InvitationLifetimeChanged
  | InvitationRemindersChanged
  | InvitationDomainsChanged
  | OwnershipTransferred;

export interface WorkspaceCreated {
  readonly type: 'WorkspaceCreated';
  readonly data: { readonly name: string; readonly ownerId: string };
}

export interface WorkspaceRenamed {
  readonly type: 'WorkspaceRenamed';
  readonly data: { readonly name: string; readonly previousName: string };
}

/** The whole brand from now on: what is not in it was taken away, or never there. */
export interface WorkspaceBrandChanged {
  readonly type: 'WorkspaceBrandChanged';
  readonly data: WorkspaceBrand;
}

/** How long new invitations of this workspace live, in seconds, unless a call says otherwise. */
export interface InvitationLifetimeChanged {
  readonly type: 'InvitationLifetimeChanged';
  readonly data: { readonly seconds: number };
}

/** Whether people who do not answer are reminded, and after how long. */
export interface InvitationRemindersChanged {
  readonly type: 'InvitationRemindersChanged';
  readonly data: Reminders;
}

/** Both lists from now on, whole. */
export interface InvitationDomainsChanged {
  readonly type: 'InvitationDomainsChanged';
  readonly data: InvitationDomains;
}

export interface OwnershipTransferred {
  readonly type: 'OwnershipTransferred';
  readonly data: { readonly from: string; readonly to: string };
}
