import { normaliseDomain } from '../../addresses/normalise.js';
import type { InvitationDomainsChanges } from '../../domain/workspace/invitation-domains.js';
import { type Fault, Problem } from '../problems/problem.js';

const BELOW = '*.';

/**
 * Domains as they stand in addresses, whatever script and case they were typed in.
 *
 * @throws Problem `invalid-domain`, which names each that is none
 */
export function asciiDomains({ allowed, denied }: InvitationDomainsChanges): InvitationDomainsChanges {
  const errors: Fault[] = [];
  const ascii = (list: 'allowed' | 'denied', typed: readonly string[]): string[] =>
    typed.flatMap((entry, index) => {
      const text = entry.trim();
      const below = text.startsWith(BELOW) ? BELOW : '';
      const read = normaliseDomain(text.slice(below.length));
      if (read.ok) return below + read.domain;
      const detail = 'Give a whole domain such as example.com, or *.example.com for all below it.';
      errors.push({ pointer: `#/invitationDomains/${list}/${index}`, detail });
      return [];
    });
  const domains = {
    ...(allowed && { allowed: ascii('allowed', allowed) }),
    ...(denied && { denied: ascii('denied', denied) }),
  };
  if (errors.length > 0) throw new Problem('invalid-domain', undefined, { errors });
  return domains;
}
