import type { Decider } from '../decider.js';
import type { Actor } from '../membership/commands.js';
import { requireAdministrator } from '../workspace/workspace.js';

/** Whether mails may go to an address: a matter of the address, and of no workspace. */
export type AddressEvent = AddressSuppressed | SuppressionLifted;

/** Mails to this address came back for good, or their recipient complained: it is sent no more of them. */
export interface AddressSuppressed {
  readonly type: 'AddressSuppressed';
  readonly data: Suppression;
}

/** Somebody answers for it that the address takes mail again. */
export interface SuppressionLifted {
  readonly type: 'SuppressionLifted';
  readonly data: {
    /** Where whoever lifted it is an administrator, and the address is invited. */
    readonly workspaceId: string;
    readonly by: string;
    readonly reason: string;
  };
}

export interface Suppression {
  readonly reason: 'hard-bounce' | 'complaint';
  /** What the recipient's mail server said, in one line. */
  readonly reply: string;
  /** RFC 3463, where it is known. */
  readonly enhancedCode?: string;
}

export type AddressCommand = SuppressAddress | LiftSuppression;

export interface SuppressAddress extends Suppression {
  readonly type: 'SuppressAddress';
}

export interface LiftSuppression {
  readonly type: 'LiftSuppression';
  readonly by: Actor;
  readonly workspaceId: string;
  readonly reason: string;
}

export interface AddressState {
  /** Absent: mails may go there. */
  readonly suppression?: Suppression;
}

function decide(command: AddressCommand, state: AddressState): readonly AddressEvent[] {
  switch (command.type) {
    case 'SuppressAddress': {
      if (state.suppression) return [];
      const { type: _type, ...data } = command;
      return [{ type: 'AddressSuppressed', data }];
    }
    case 'LiftSuppression': {
      requireAdministrator(command.by.role);
      if (!state.suppression) return [];
      const { workspaceId, by, reason } = command;
      return [{ type: 'SuppressionLifted', data: { workspaceId, by: by.userId, reason } }];
    }
  }
}

function evolve(state: AddressState, event: AddressEvent): AddressState {
  switch (event.type) {
    case 'AddressSuppressed':
      return state.suppression ? state : { suppression: event.data };
    case 'SuppressionLifted':
      return state.suppression ? {} : state;
    default:
      return state;
  }
}

export const address: Decider<AddressCommand, AddressState, AddressEvent> = { initialState: {}, decide, evolve };
