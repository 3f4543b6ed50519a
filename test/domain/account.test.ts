import t from 'tap';
import {
  type AccountCommand,
  type AccountEvent,
  type AccountState,
  account,
  checkPersonName,
  PERSON_NAME_LENGTH,
} from '../../src/domain/account/account.js';
import { type Column, checkTable, type Rows } from './support/decision-table.js';
import { EMAIL, hour } from './support/people-and-time.js';
import { specsOf } from './support/spec.js';

type CommandOf<Type extends AccountCommand['type']> = Extract<AccountCommand, { type: Type }>;

const given = specsOf(account);

function registered(name = 'Newcomer'): AccountEvent {
  return { type: 'AccountRegistered', data: { email: EMAIL, name } };
}

const renamed: AccountEvent = { type: 'AccountRenamed', data: { name: 'Regular', previousName: 'Newcomer' } };

function register(name = 'Newcomer'): CommandOf<'RegisterAccount'> {
  return { type: 'RegisterAccount', email: EMAIL, name };
}

function rename(name: string): CommandOf<'RenameAccount'> {
  return { type: 'RenameAccount', name };
}

t.test('registering', async (t) => {
  t.test('who has proved to own an address has an account', given().when(register()).then(registered()));
  t.test('an account stays as it is', given(registered()).when(register('Other')).thenNothing());
  t.test('a name loses the spaces around it', given().when(register(' Newcomer ')).then(registered()));
  t.test('a person has a name', given().when(register('  ')).thenRefused('invalid-name'));
});

t.test('renaming', async (t) => {
  t.test('people can change their name', given(registered()).when(rename('Regular')).then(renamed));
  t.test('the same name is no change', given(registered(), renamed).when(rename(' Regular ')).thenNothing());
  t.test('a person keeps a name', given(registered()).when(rename('')).thenRefused('invalid-name'));
  t.test('nobody has no name', given().when(rename('Regular')).thenRefused('user-not-found'));
});

t.test('what its history adds up to', async (t) => {
  t.test(
    'the address as registered and the name as last given',
    given(registered(), renamed).thenIs({ status: 'registered', email: EMAIL, name: 'Regular' }),
  );
  t.test(
    'it is registered once',
    given(registered(), registered('Other')).thenIs({ status: 'registered', email: EMAIL, name: 'Newcomer' }),
  );
  t.test('nothing comes of nothing', given(renamed).thenIs({ status: 'none' }));
});

t.test('the length of a name is counted in characters, not in UTF-16 units', async (t) => {
  const longest = '🦉'.repeat(PERSON_NAME_LENGTH);
  t.equal(checkPersonName(longest), longest);
  t.throws(() => checkPersonName(`${longest}!`), { code: 'invalid-name' });
});

t.test('every command in every state of an account', async (t) => {
  type Columns = AccountState['status'];
  const columns: Record<Columns, Column<AccountEvent, Columns>> = {
    none: { history: [], status: 'none', now: hour(1) },
    registered: { history: [registered()], status: 'registered', now: hour(1) },
  };

  const rows: Rows<AccountCommand, Columns, AccountEvent> = {
    RegisterAccount: {
      command: () => register(),
      leadsTo: { none: ['AccountRegistered'], registered: [] },
    },
    RenameAccount: {
      command: () => rename('Regular'),
      leadsTo: { none: 'user-not-found', registered: ['AccountRenamed'] },
    },
  };

  checkTable(t, account, columns, rows);
});
