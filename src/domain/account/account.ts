import type { Decider } from '../decider.js';
import { DomainError } from '../domain-error.js';

/** The facts about a person who can sign in. The address is theirs by proof: a link sent to it came back. */
export type AccountEvent =
  | { readonly type: 'AccountRegistered'; readonly data: { readonly email: string; readonly name: string } }
  | { readonly type: 'AccountRenamed'; readonly data: { readonly name: string; readonly previousName: string } };

export type AccountState =
  | { readonly status: 'none' }
  | { readonly status: 'registered'; readonly email: string; readonly name: string };

export type AccountCommand =
  | { readonly type: 'RegisterAccount'; readonly email: string; readonly name: string }
  | { readonly type: 'RenameAccount'; readonly name: string };

/** What a person may be called, in characters. */
export const PERSON_NAME_LENGTH = 100;

function decide(command: AccountCommand, state: AccountState): readonly AccountEvent[] {
  switch (command.type) {
    case 'RegisterAccount':
      if (state.status === 'registered') return [];
      return [{ type: 'AccountRegistered', data: { email: command.email, name: checkPersonName(command.name) } }];
    case 'RenameAccount': {
      if (state.status === 'none')
        throw new DomainError('user-not-found', 'There is no account with this address yet.');
      const name = checkPersonName(command.name);
      return name === state.name ? [] : [{ type: 'AccountRenamed', data: { name, previousName: state.name } }];
    }
  }
}

function evolve(state: AccountState, event: AccountEvent): AccountState {
  switch (event.type) {
    case 'AccountRegistered':
      return state.status === 'none' ? { status: 'registered', ...event.data } : state;
    case 'AccountRenamed':
      return state.status === 'registered' ? { ...state, name: event.data.name } : state;
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
