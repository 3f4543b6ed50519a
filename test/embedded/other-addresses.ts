import { networkInterfaces } from 'node:os';

/** The IPv4 addresses that this machine has apart from its loopback ones. */
export function otherAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((addresses) =>
    (addresses ?? []).filter(({ internal, family }) => !internal && family === 'IPv4').map(({ address }) => address),
  );
}
