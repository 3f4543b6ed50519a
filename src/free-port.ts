import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below the ports that systems give away by themselves (from 32,768 on Linux, from 49,152 elsewhere): until it is used, nobody gets one
 * who does not ask for that very port.
 */
const PORTS = [20_000, 32_768] as const;

const TRIES = 100;

/** A port that nobody listens on just now. */
export async function freePort(host: string): Promise<number> {
  for (let tried = 1; ; tried++) {
    const port = randomInt(...PORTS);
    try {
      const server = createServer().listen(port, host);
      await once(server, 'listening');
      server.close();
      await once(server, 'close');
      return port;
    } catch (error) {
      if (tried === TRIES || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
}
