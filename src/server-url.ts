import { isIP } from 'node:net';

/*
 * What addresses of servers have in common that stand in settings, with user and password where needed. Whatever is wrong is
 * said without the password.
 */

/** The address as a URL; undefined where it is none, or not of these protocols. */
export function serverUrl<Protocol extends string>(
  text: string,
  protocols: readonly Protocol[],
): (URL & { readonly protocol: Protocol }) | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isOne = url && (protocols as readonly string[]).includes(url.protocol) && url.hostname !== '';
  return isOne ? (url as URL & { readonly protocol: Protocol }) : undefined;
}

/** Without the brackets of an IPv6 address. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '');
}

/** @throws RangeError */
export function credentialsOf({ username, password }: URL, setting: string): { user: string; pass: string } {
  try {
    return { user: decodeURIComponent(username), pass: decodeURIComponent(password) };
  } catch {
    throw new RangeError(`${setting}: user and password must be percent-encoded; a percent sign is written %25`);
  }
}

/** @throws RangeError */
export function flagOf(key: string, value: string, setting: string): boolean {
  if (value !== 'true' && value !== 'false') {
    throw new RangeError(`${setting}: ${key} is true or false, not "${value}"`);
  }
  return value === 'true';
}

/** What is said to it passes no network that somebody could listen to. */
export function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/**
 * How people on this machine reach what listens there. By its address, not as `localhost`: that may be ::1 as well, where another
 * program may listen on the same port and be found in its place.
 *
 * @param host a name or an address; of those that mean every address, that of this machine is told
 */
export function localUrl(host: string, port: number): string {
  const told = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${isIP(told) === 6 ? `[${told}]` : told}:${port}`;
}
