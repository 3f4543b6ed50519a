import t from 'tap';
import { type AddressEvent, address } from '../../src/domain/address/address.js';
import { ADMINISTRATOR, DEVELOPER, WORKSPACE } from './support/people-and-time.js';
import { specsOf } from './support/spec.js';

const given = specsOf(address);
const suppression = { reason: 'hard-bounce', reply: '550 gone', enhancedCode: '5.1.1' } as const;
const suppressed: AddressEvent = { type: 'AddressSuppressed', data: suppression };
const lifting = { workspaceId: WORKSPACE, reason: 'the mailbox is back' };
const lifted: AddressEvent = { type: 'SuppressionLifted', data: { ...lifting, by: ADMINISTRATOR.userId } };
const suppress = { type: 'SuppressAddress', ...suppression } as const;
const lift = { type: 'LiftSuppression', by: ADMINISTRATOR, ...lifting } as const;

t.test('an address is suppressed once', async (t) => {
  t.test('at first', given().when(suppress).then(suppressed));
  t.test('and not again', given(suppressed).when(suppress).thenNothing());
  t.test('but after it was lifted', given(suppressed, lifted).when(suppress).then(suppressed));
});

t.test('lifting a suppression', async (t) => {
  t.test('takes an administrator', given(suppressed).when(lift).then(lifted));
  t.test(
    'and no developer',
    given(suppressed)
      .when({ ...lift, by: DEVELOPER })
      .thenRefused('not-allowed'),
  );
  t.test('does nothing where there is none', given(suppressed, lifted).when(lift).thenNothing());
});
