import { DomainError } from '../domain-error.js';

/**
 * The domains whose addresses a workspace invites: `example.com` is that one, `*.example.com` whatever lies below it. In
 * ASCII and small letters.
 */
export interface InvitationDomains {
  /** Empty: all that are not denied. */
  readonly allowed: readonly string[];
  /** Wins over what is allowed. */
  readonly denied: readonly string[];
}

/** What is left out stays as it is. */
export type InvitationDomainsChanges = Partial<InvitationDomains>;

export const EVERY_DOMAIN: InvitationDomains = { allowed: [], denied: [] };

/** Allowed and denied ones taken together: every invitation looks through them. */
export const MOST_DOMAINS = 200;

/** @throws DomainError `invalid-domain` */
export function changedDomains(domains: InvitationDomains, changes: InvitationDomainsChanges): InvitationDomains {
  const { allowed, denied } = { ...domains, ...changes };
  const changed = { allowed: [...new Set(allowed)], denied: [...new Set(denied)] };
  if (changed.allowed.length + changed.denied.length > MOST_DOMAINS) {
    throw new DomainError('invalid-domain', `Give at most ${MOST_DOMAINS} domains in all; *.example.com is one.`);
  }
  return changed;
}

export function isSameDomains(one: InvitationDomains, other: InvitationDomains): boolean {
  return isSameList(one.allowed, other.allowed) && isSameList(one.denied, other.denied);
}

/**
 * @param email with its domain in ASCII
 * @throws DomainError `domain-not-allowed`
 */
export function requireDomain(email: string, { allowed, denied }: InvitationDomains): void {
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase();
  const isOnList = (list: readonly string[]): boolean => list.some((entry) => covers(entry, domain));
  if (!isOnList(denied) && (allowed.length === 0 || isOnList(allowed))) return;
  throw new DomainError(
    'domain-not-allowed',
    `This workspace does not invite addresses of ${domain}. Use another address, or change which domains it invites.`,
  );
}

function covers(entry: string, domain: string): boolean {
  return entry.startsWith('*.') ? domain.endsWith(entry.slice(1)) : domain === entry;
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((entry, index) => entry === other[index]);
}
