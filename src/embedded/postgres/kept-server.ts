import { pauseFor } from '../../pause-for.js';

import { EmbeddedError } from '../embedded-error.js';
import { type LockedServer, lockedServer, type StartOptions, stopLockedServer } from './locked-server.js';
import type { Cluster } from './server.js';

/** In milliseconds, between two tries to start a server again: it doubles with each, as far as `LONGEST_PAUSE`. */
const SHORTEST_PAUSE = 500;
const LONGEST_PAUSE = 30_000;

/** A server that is started again whenever it ends by itself, at the same place, for as long as nobody stops it. */
export class KeptServer {
  private readonly stopping = new AbortController();
  private stopped: Promise<void> | undefined;
  private restarting: Promise<void> | undefined;

  constructor(
    private readonly cluster: Cluster,
    private readonly options: StartOptions,
    private server: LockedServer,
  ) {
    this.watch();
  }

  stop(): Promise<void> {
    this.stopping.abort();
    this.stopped ??= Promise.resolve(this.restarting).then(() => stopLockedServer(this.cluster, this.server));
    return this.stopped;
  }

  private watch(): void {
    this.server.lock.onLost(() => {
      if (!this.stopping.signal.aborted) this.restarting = this.restart();
    });
  }

  private async restart(): Promise<void> {
    const { logger, dataDirectory } = this.options;
    const { signal } = this.stopping;
    const { port } = this.server;
    logger.error({ dataDirectory }, 'Postgres ended by itself; its log is in the data folder; starting it again');
    for (let pause = SHORTEST_PAUSE; !signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      try {
        const server = await lockedServer(this.cluster, { ...this.options, port });
        if (server.port !== port) {
          await server.lock.release();
          logger.error({ dataDirectory }, 'Postgres was started at another port; start this service again to use it');
          return;
        }
        this.server = server;
        this.watch();
        logger.warn({ dataDirectory, port }, 'Postgres runs again');
        return;
      } catch (error) {
        logger.error({ dataDirectory, err: error }, 'Postgres could not be started again');
        // Whoever has the folder now keeps it.
        if (error instanceof EmbeddedError && error.code === 'data-folder-in-use') return;
        await pauseFor(pause, signal);
      }
    }
  }
}
