import t from 'tap';
import { membership } from '../../src/domain/membership/membership.js';
import {
  assumeOwnership,
  cedeOwnership,
  changePermission,
  leave,
  POWERLESS,
  remove,
} from './support/membership-commands.js';
import {
  accepted,
  founderJoined,
  invited,
  left,
  ownershipAssumed,
  permissionChanged,
  removed,
} from './support/membership-events.js';
import { ADMINISTRATOR, DEVELOPER, EMAIL, OWNER, STRANGER } from './support/people-and-time.js';
import { specsOf } from './support/spec.js';

const given = specsOf(membership);
const developer = [invited(), accepted()] as const;
const administrator = [invited({ role: 'administrator' }), accepted({ role: 'administrator' })] as const;

t.test('changing a permission', async (t) => {
  const promotion = permissionChanged('developer', 'administrator');
  t.test(
    'the owner promotes',
    given(...developer)
      .when(changePermission('administrator'))
      .then(promotion),
  );
  t.test(
    'an administrator promotes',
    given(...developer)
      .when(changePermission('administrator', ADMINISTRATOR))
      .then(promotion),
  );
  t.test(
    'an administrator demotes another',
    given(...administrator)
      .when(changePermission('developer', ADMINISTRATOR))
      .then(permissionChanged('administrator', 'developer')),
  );
  t.test(
    'the same permission is no change',
    given(...developer)
      .when(changePermission('developer'))
      .thenNothing(),
  );
  t.test(
    'the owner cannot be demoted',
    given(founderJoined()).when(changePermission('administrator', ADMINISTRATOR)).thenRefused('owner-required'),
  );
  t.test(
    'not even by themself',
    given(founderJoined()).when(changePermission('developer')).thenRefused('owner-required'),
  );
  t.test('who waits has none yet', given(invited()).when(changePermission('administrator')).thenRefused('not-active'));
  t.test(
    'who was removed has none any more',
    given(...developer, removed())
      .when(changePermission('administrator'))
      .thenRefused('not-active'),
  );
  t.test('who is not there has none', given().when(changePermission('administrator')).thenRefused('user-not-found'));
  for (const role of POWERLESS) {
    t.test(
      `${role ?? 'somebody outside'} changes none`,
      given(...developer)
        .when(changePermission('administrator', { ...STRANGER, role }))
        .thenRefused('not-allowed'),
    );
  }
});

t.test('removing', async (t) => {
  t.test(
    'the owner removes',
    given(...developer)
      .when(remove())
      .then(removed()),
  );
  t.test(
    'an administrator removes',
    given(...administrator)
      .when(remove(ADMINISTRATOR))
      .then(removed()),
  );
  for (const role of POWERLESS) {
    t.test(
      `${role ?? 'somebody outside'} does not`,
      given(...developer)
        .when(remove({ ...STRANGER, role }))
        .thenRefused('not-allowed'),
    );
  }
  t.test('the owner is not removed', given(founderJoined()).when(remove(ADMINISTRATOR)).thenRefused('owner-required'));
  t.test(
    'once',
    given(...developer, removed())
      .when(remove())
      .thenNothing(),
  );
  t.test(
    'who left is gone already',
    given(...developer, left())
      .when(remove())
      .thenNothing(),
  );
  t.test('an invitation is withdrawn, not removed', given(invited()).when(remove()).thenRefused('not-active'));
  t.test('who is not there stays away', given().when(remove()).thenRefused('user-not-found'));
});

t.test('leaving', async (t) => {
  t.test(
    'a developer can leave',
    given(...developer)
      .when(leave())
      .then(left()),
  );
  t.test(
    'an administrator can leave',
    given(...administrator)
      .when(leave())
      .then(left()),
  );
  t.test('the owner cannot', given(founderJoined()).when(leave()).thenRefused('owner-required'));
  t.test(
    'once',
    given(...developer, left())
      .when(leave())
      .thenNothing(),
  );
  t.test('who waits declines instead', given(invited()).when(leave()).thenRefused('not-active'));
  t.test('who is not there cannot', given().when(leave()).thenRefused('user-not-found'));
});

t.test('assuming the ownership', async (t) => {
  t.test(
    'a developer can be the heir',
    given(...developer)
      .when(assumeOwnership())
      .then(ownershipAssumed('developer')),
  );
  t.test(
    'an administrator can be the heir',
    given(...administrator)
      .when(assumeOwnership(3, DEVELOPER.userId))
      .then(ownershipAssumed('administrator', 3, DEVELOPER.userId)),
  );
  t.test(
    'once',
    given(...developer, ownershipAssumed('developer'))
      .when(assumeOwnership())
      .thenNothing(),
  );
  t.test(
    'a late step of an older transfer does not take the place of a newer one',
    given(...developer, ownershipAssumed('developer', 3))
      .when(assumeOwnership(2))
      .thenNothing(),
  );
  t.test(
    'an owner who has yet to cede renews the claim when they become the heir again',
    given(founderJoined())
      .when(assumeOwnership(2, ADMINISTRATOR.userId))
      .then(ownershipAssumed('owner', 2, ADMINISTRATOR.userId)),
  );
  t.test(
    'the heir cannot be removed',
    given(...developer, ownershipAssumed('developer'))
      .when(remove())
      .thenRefused('owner-required'),
  );
  t.test(
    'nor leave',
    given(...developer, ownershipAssumed('developer'))
      .when(leave())
      .thenRefused('owner-required'),
  );
  t.test('who waits is no heir', given(invited()).when(assumeOwnership()).thenRefused('not-active'));
  t.test(
    'nor is who was removed',
    given(...developer, removed())
      .when(assumeOwnership())
      .thenRefused('not-active'),
  );
  t.test('nor is who is not there', given().when(assumeOwnership()).thenRefused('user-not-found'));
});

t.test('ceding the ownership', async (t) => {
  const heir = [...developer, ownershipAssumed('developer', 2)] as const;
  const ceded = permissionChanged('owner', 'administrator');
  t.test('the founder cedes it to the first heir', given(founderJoined()).when(cedeOwnership(1)).then(ceded));
  t.test(
    'an heir cedes it to the next',
    given(...heir)
      .when(cedeOwnership(3))
      .then(ceded),
  );
  t.test(
    'an heir whose transfer another one won cedes the claim',
    given(...heir)
      .when(cedeOwnership(2))
      .then(ceded),
  );
  t.test(
    'a late step of an older transfer takes nothing away',
    given(...heir)
      .when(cedeOwnership(1))
      .thenNothing(),
  );
  t.test(
    'not from an owner either who became it again meanwhile',
    given(founderJoined(), ownershipAssumed('owner', 2)).when(cedeOwnership(1)).thenNothing(),
  );
  t.test(
    'whose claim was lost is what they were before',
    given(...developer, ownershipAssumed('developer', 1))
      .when(cedeOwnership(1, false))
      .then(permissionChanged('owner', 'developer')),
  );
  t.test('once', given(founderJoined(), ceded).when(cedeOwnership(1)).thenNothing());
  t.test(
    'who is not the owner has nothing to cede',
    given(...administrator)
      .when(cedeOwnership())
      .thenNothing(),
  );
  t.test('nor has who is not there', given().when(cedeOwnership()).thenNothing());
  t.test('who ceded can leave', given(founderJoined(), ceded).when(leave()).then(left()));
});

t.test('what these add up to', async (t) => {
  const founder = { timesInvited: 0, email: EMAIL, name: 'Founder' } as const;
  t.test(
    'an owner with how they came to be',
    given(founderJoined(), ownershipAssumed('owner', 2)).thenIs({
      ...founder,
      status: 'active',
      role: 'owner',
      succession: { from: OWNER.userId, ordinal: 2, previousRole: 'owner' },
    }),
  );
  t.test(
    'an administrator, of which the claim is gone',
    given(founderJoined(), ownershipAssumed('owner', 2), permissionChanged('owner', 'administrator')).thenIs({
      ...founder,
      status: 'active',
      role: 'administrator',
    }),
  );
  t.test(
    'somebody removed, without a role',
    given(founderJoined(), permissionChanged('owner', 'administrator'), removed()).thenIs({
      ...founder,
      status: 'removed',
    }),
  );
  t.test(
    'nothing, where nobody is active',
    given(permissionChanged('developer', 'administrator'), removed(), left()).thenIs({
      status: 'none',
      timesInvited: 0,
    }),
  );
});
