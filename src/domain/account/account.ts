import type { Decider } from '../decider.js';
import { DomainError } from '../domain-error.js';

/** The facts about a person who can sign in. The address is theirs by proof: a link sent to it came back. */
export type AccountEvent = AccountRegistered | AccountRenamed | NotificationsChanged;

export interface AccountRegistered {
  readonly type: 'AccountRegistered';
  readonly data: {
    readonly email: string;
    readonly name: string;
    /** Language that they read, where their browser said one. */
    readonly locale?: string;
  };
}

export interface AccountRenamed {
  readonly type: 'AccountRenamed';
  readonly data: { readonly name: string; readonly previousName: string };
}

/** What they are mailed, and in which language: all of it, as it is from here on. */
export interface NotificationsChanged {
  readonly type: 'NotificationsChanged';
  readonly data: Notifications & { readonly locale?: string };
}

/** Mails that somebody gets because of what others do, and can do without. */
export interface Notifications {
  /** What became of the invitations that they answer for. */
  readonly digests: boolean;
  /** That somebody asks for a new link. */
  readonly renewalRequests: boolean;
}

/** Of whoever has not chosen. */
export const NOTIFICATIONS: Notifications = { digests: true, renewalRequests: true };

export type AccountState =
  | { readonly status: 'none' }
  | {
      readonly status: 'registered';
      readonly email: string;
      readonly name: string;
      readonly locale?: string;
      readonly notifications: Notifications;
    };

export type AccountCommand = RegisterAccount | ChangeAccount;

export interface RegisterAccount {
  readonly type: 'RegisterAccount';
  readonly email: string;
  readonly name: string;
  readonly locale?: string;
}

/** What is absent stays as it is. */
export interface ChangeAccount {
  readonly type: 'ChangeAccount';
  readonly name?: string;
  readonly locale?: string;
  readonly notifications?: Partial<Notifications>;
}

/** What a person may be called, in characters. */
export const PERSON_NAME_LENGTH = 100;

function decide(command: AccountCommand, state: AccountState): readonly AccountEvent[] {
  switch (command.type) {
    case 'RegisterAccount': {
      if (state.status === 'registered') return [];
      const { email, name, locale } = command;
      const data = { email, name: checkPersonName(name), ...(locale === undefined ? {} : { locale }) };
      return [{ type: 'AccountRegistered', data }];
    }
    case 'ChangeAccount':
      if (state.status === 'none')
        throw new DomainError('user-not-found', 'There is no account with this address yet.');
      return [...renamed(command, state), ...otherwiseNotified(command, state)];
  }
}

type Registered = Extract<AccountState, { status: 'registered' }>;

function renamed(command: ChangeAccount, state: Registered): AccountEvent[] {
  const name = command.name === undefined ? state.name : checkPersonName(command.name);
  return name === state.name ? [] : [{ type: 'AccountRenamed', data: { name, previousName: state.name } }];
}

function otherwiseNotified(command: ChangeAccount, state: Registered): AccountEvent[] {
  const { digests, renewalRequests } = { ...state.notifications, ...command.notifications };
  const locale = command.locale ?? state.locale;
  const { notifications: before } = state;
  if (digests === before.digests && renewalRequests === before.renewalRequests && locale === state.locale) return [];
  const data = { digests, renewalRequests, ...(locale === undefined ? {} : { locale }) };
  return [{ type: 'NotificationsChanged', data }];
}

function evolve(state: AccountState, event: AccountEvent): AccountState {
  switch (event.type) {
    case 'AccountRegistered':
      return state.status === 'none' ? { status: 'registered', ...event.data, notifications: NOTIFICATIONS } : state;
    case 'AccountRenamed':
      return state.status === 'registered' ? { ...state, name: event.data.name } : state;
    case 'NotificationsChanged': {
      const { locale, ...notifications } = event.data;
      return state.status === 'registered'
        ? { ...state, notifications, ...(locale === undefined ? {} : { locale }) }
        : state;
    }
    default:
      return state;
  }
}

export const account: Decider<AccountCommand, AccountState, AccountEvent> = {
  initialState: { status: 'none' },
  decide,
  evolve,
};

/** @throws DomainError `invalid-name` when nothing is left of it or it is too long */
export function checkPersonName(name: string): string {
  const trimmed = name.trim();
  if (trimmed === '' || [...trimmed].length > PERSON_NAME_LENGTH) {
    throw new DomainError('invalid-name', `Give a name of 1 to ${PERSON_NAME_LENGTH} characters.`);
  }
  return trimmed;
}
