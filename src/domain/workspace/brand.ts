import { DomainError } from '../domain-error.js';
import { type Colour, checkAccentColour } from './accent-colour.js';

/** How a workspace shows itself to those it invites. What it does not say is the service's usual. */
export interface WorkspaceBrand {
  readonly name?: string;
  readonly logoUrl?: string;
  readonly accentColour?: Colour;
}

/** What is left out stays as it is; null takes it away. */
export type BrandChanges = { readonly [Key in keyof WorkspaceBrand]?: WorkspaceBrand[Key] | null };

/** What a brand may be called, in characters, and how long the address of a logo may be. */
export const BRAND_NAME_LENGTH = 80;
export const LOGO_URL_LENGTH = 500;

/**
 * @param logoHosts that logos may come from
 * @throws DomainError `invalid-name`, `invalid-logo`, `invalid-colour`
 */
export function changedBrand(
  brand: WorkspaceBrand,
  changes: BrandChanges,
  logoHosts: readonly string[],
): WorkspaceBrand {
  const { name, logoUrl, accentColour } = {
    ...brand,
    ...(typeof changes.name === 'string' && { name: checkBrandName(changes.name) }),
    ...(typeof changes.logoUrl === 'string' && { logoUrl: checkLogo(changes.logoUrl, logoHosts) }),
    ...(typeof changes.accentColour === 'string' && { accentColour: checkAccentColour(changes.accentColour) }),
  };
  return {
    ...(name !== undefined && changes.name !== null && { name }),
    ...(logoUrl !== undefined && changes.logoUrl !== null && { logoUrl }),
    ...(accentColour !== undefined && changes.accentColour !== null && { accentColour }),
  };
}

export function isSameBrand(one: WorkspaceBrand, other: WorkspaceBrand): boolean {
  return one.name === other.name && one.logoUrl === other.logoUrl && one.accentColour === other.accentColour;
}

/** The brand as strangers may see it: without a logo on a host that is allowed no more. */
export function shownBrand({ logoUrl, ...brand }: WorkspaceBrand, logoHosts: readonly string[]): WorkspaceBrand {
  return logoUrl !== undefined && isAllowed(logoUrl, logoHosts) ? { ...brand, logoUrl } : brand;
}

function checkBrandName(name: string): string {
  const trimmed = name.trim();
  if (trimmed === '' || [...trimmed].length > BRAND_NAME_LENGTH) {
    throw new DomainError('invalid-name', `Give the brand a name of 1 to ${BRAND_NAME_LENGTH} characters.`);
  }
  return trimmed;
}

function checkLogo(logoUrl: string, hosts: readonly string[]): string {
  if (logoUrl.length > LOGO_URL_LENGTH || !isAllowed(logoUrl, hosts)) {
    throw new DomainError(
      'invalid-logo',
      hosts.length === 0
        ? 'No host is set that logos may come from.'
        : `Give an address of at most ${LOGO_URL_LENGTH} characters that begins with https:// and one of these hosts: ${hosts.join(', ')}.`,
      { logoHosts: hosts },
    );
  }
  return new URL(logoUrl).href;
}

/** On a host of the list, by https and its usual port, and without a login, which would be told to everybody. */
function isAllowed(logoUrl: string, hosts: readonly string[]): boolean {
  if (!URL.canParse(logoUrl)) return false;
  const { protocol, host, username, password } = new URL(logoUrl);
  return protocol === 'https:' && username === '' && password === '' && hosts.includes(host);
}
