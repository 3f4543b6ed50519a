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

function registered(name = 'Newcomer', locale?: string): AccountEvent {
  return { type: 'AccountRegistered', data: { email: EMAIL, name, ...(locale && { locale }) } };
}

const REGISTERED = {
  status: 'registered',
  email: EMAIL,
  name: 'Newcomer',
  notifications: { digests: true, renewalRequests: true },
} as const;

const renamed: AccountEvent = { type: 'AccountRenamed', data: { name: 'Regular', previousName: 'Newcomer' } };

function register(name = 'Newcomer'): CommandOf<'RegisterAccount'> {
  return { type: 'RegisterAccount', email: EMAIL, name };
}

function rename(name: string): CommandOf<'ChangeAccount'> {
  return { type: 'ChangeAccount', name };
}

function choose(changes: Omit<CommandOf<'ChangeAccount'>, 'type'>): CommandOf<'ChangeAccount'> {
  return { type: 'ChangeAccount', ...changes };
}

function notified(digests: boolean, renewalRequests: boolean, locale?: string): AccountEvent {
  return { type: 'NotificationsChanged', data: { digests, renewalRequests, ...(locale && { locale }) } };
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

t.test('what people are mailed', async (t) => {
  const none = notified(false, true);
  const inSpanish = registered('Newcomer', 'es');
  t.test(
    'each kind can be turned off',
    given(registered())
      .when(choose({ notifications: { digests: false } }))
      .then(none),
  );
  t.test(
    'and on again, whatever the other is',
    given(registered(), notified(false, false))
      .when(choose({ notifications: { digests: true } }))
      .then(notified(true, false)),
  );
  t.test(
    'all are on at first',
    given(registered())
      .when(choose({ notifications: { digests: true } }))
      .thenNothing(),
  );
  t.test(
    'a choice keeps the language',
    given(inSpanish)
      .when(choose({ notifications: { digests: false } }))
      .then(notified(false, true, 'es')),
  );
  t.test(
    'the language can be chosen',
    given(inSpanish, none)
      .when(choose({ locale: 'pt-BR' }))
      .then(notified(false, true, 'pt-BR')),
  );
  t.test(
    'the same language is no change',
    given(inSpanish)
      .when(choose({ locale: 'es' }))
      .thenNothing(),
  );
  t.test('no wish, no change', given(registered()).when(choose({})).thenNothing());
  t.test(
    'with a name, all at once',
    given(registered())
      .when(choose({ name: 'Regular', notifications: { renewalRequests: false } }))
      .then(renamed, notified(true, false)),
  );
  t.test(
    'nobody chooses nothing',
    given()
      .when(choose({ locale: 'es' }))
      .thenRefused('user-not-found'),
  );
});

t.test('what its history adds up to', async (t) => {
  t.test(
    'the address as registered and the name as last given',
    given(registered(), renamed).thenIs({ ...REGISTERED, name: 'Regular' }),
  );
  t.test('it is registered once', given(registered(), registered('Other')).thenIs(REGISTERED));
  t.test(
    'the choices as last made',
    given(registered('Newcomer', 'es'), notified(false, true), notified(true, false, 'en')).thenIs({
      ...REGISTERED,
      locale: 'en',
      notifications: { digests: true, renewalRequests: false },
    }),
  );
  t.test('nothing comes of nothing', given(renamed, notified(false, false)).thenIs({ status: 'none' }));
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
    ChangeAccount: {
      command: () => rename('Regular'),
      leadsTo: { none: 'user-not-found', registered: ['AccountRenamed'] },
    },
  };

  checkTable(t, account, columns, rows);
});
