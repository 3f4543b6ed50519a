import t from 'tap';

import { membership } from '../../src/domain/membership/membership.js';
import { type InvitationDomains, requireDomain } from '../../src/domain/workspace/invitation-domains.js';
import { correctAddress, invite, resend } from './support/membership-commands.js';
import { addressCorrected, ELSEWHERE, invited } from './support/membership-events.js';
import { specsOf } from './support/spec.js';

const given = specsOf(membership);

function invites(email: string, { allowed = [], denied = [] }: Partial<InvitationDomains>): boolean {
  try {
    requireDomain(email, { allowed, denied });
    return true;
  } catch (error) {
    if ((error as { code?: string }).code !== 'domain-not-allowed') throw error;
    return false;
  }
}

t.test('which addresses a workspace invites', async (t) => {
  const cases: readonly [boolean, string, Partial<InvitationDomains>][] = [
    [true, 'ana@example.com', {}],
    [true, 'ana@example.com', { allowed: ['example.org', 'example.com'] }],
    [false, 'ana@example.com', { allowed: ['example.org'] }],
    [false, 'ana@mail.example.com', { allowed: ['example.com'] }],
    [true, 'ana@mail.example.com', { allowed: ['*.example.com'] }],
    [true, 'ana@a.b.example.com', { allowed: ['*.example.com'] }],
    [false, 'ana@example.com', { allowed: ['*.example.com'] }],
    [false, 'ana@notexample.com', { allowed: ['example.com', '*.example.com'] }],
    [false, 'ana@example.com.evil.example', { allowed: ['example.com', '*.example.com'] }],
    [true, 'Ana@EXAMPLE.com', { allowed: ['example.com'] }],
    [false, 'ana@example.com', { denied: ['example.com'] }],
    [false, 'ana@example.com', { allowed: ['example.com'], denied: ['example.com'] }],
    [false, 'ana@lab.example.com', { allowed: ['*.example.com'], denied: ['lab.example.com'] }],
    [true, 'ana@mail.example.com', { allowed: ['*.example.com'], denied: ['lab.example.com'] }],
    [true, 'ana@example.com', { denied: ['*.example.com'] }],
  ];
  for (const [isInvited, email, domains] of cases) {
    t.equal(invites(email, domains), isInvited, `${email} with ${JSON.stringify(domains)}`);
  }
});

t.test('what the rule holds for', async (t) => {
  const domains = { allowed: [], denied: ['example.com'] };
  t.test('inviting', given().when(invite({ domains })).thenRefused('domain-not-allowed'));
  t.test('sending again', given(invited()).when(resend({ domains })).thenRefused('domain-not-allowed'));
  t.test('a correction', given(invited()).when(correctAddress({ domains })).thenRefused('domain-not-allowed'));
  t.test(
    'who is invited already is told so first',
    given(invited()).when(invite({ domains })).thenRefused('already-invited'),
  );
  const right = { ...ELSEWHERE, email: 'elsewhere@example.org' };
  t.test(
    'a wrong address may be corrected, whatever its domain',
    given(invited())
      .when(correctAddress({ domains, to: right }))
      .then(addressCorrected({ to: right })),
  );
  t.test(
    'a correction that was made is nothing new, whatever is denied since',
    given(invited(), addressCorrected()).when(correctAddress({ domains })).thenNothing(),
  );
});
