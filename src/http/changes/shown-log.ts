import { setTimeout as delay } from 'node:timers/promises';

import { type EventBatch, type Position, START } from '../../event-store/event-store.js';
import type { HttpDependencies } from '../dependencies.js';
import { scrubbedError } from '../logging.js';

/** Whoever is told of the log, once a projection shows it. */
export interface LogReader {
  readonly projection: 'users-tab' | 'audit-history';
  readonly streamPrefixes: readonly string[];
  /** All behind a position will be told. */
  begin(position: Position): void;
  tell(batch: EventBatch): Promise<void>;
  /** The log cannot be followed: nothing more is told until somebody asks again. */
  lose(): void;
}

/** The log as a projection shows it, read once for all who listen at an instance, from when the first of them does. */
export class ShownLog {
  private readonly closing = new AbortController();
  private following: Promise<void> | undefined;
  private reached = START;

  constructor(
    private readonly reader: LogReader,
    private readonly dependencies: Pick<HttpDependencies, 'store' | 'positions' | 'config' | 'logger'>,
  ) {}

  /** All behind it is yet to be told. The projection shows everything up to it. */
  get position(): Position {
    return this.reached;
  }

  get signal(): AbortSignal {
    return this.closing.signal;
  }

  /**
   * Begins unless it has.
   *
   * @throws EventStoreUnavailable
   */
  follow(): Promise<void> {
    this.following ??= this.begin();
    return this.following;
  }

  close(): void {
    this.closing.abort();
  }

  private async begin(): Promise<void> {
    const { store, logger } = this.dependencies;
    try {
      const position = await store.head();
      await this.untilShown(position);
      this.reached = position;
      this.reader.begin(position);
      this.run().catch((error: unknown) => {
        logger.error({ err: scrubbedError(error) }, 'changes cannot be followed; those who listen have to come back');
        this.following = undefined;
        this.reader.lose();
      });
    } catch (error) {
      this.following = undefined;
      throw error;
    }
  }

  private async run(): Promise<void> {
    const { streamPrefixes } = this.reader;
    const { signal } = this;
    for await (const batch of this.dependencies.store.subscribe({ after: this.reached, streamPrefixes, signal })) {
      const isSomething = batch.events.length > 0;
      if (isSomething) await this.untilShown(batch.position);
      this.reached = batch.position;
      if (isSomething) await this.reader.tell(batch);
    }
  }

  private async untilShown(position: Position): Promise<void> {
    const { positions, config, logger } = this.dependencies;
    const { projection } = this.reader;
    while (!this.signal.aborted) {
      try {
        if (await positions.wait(projection, position, config.positionTimeout)) return;
      } catch (error) {
        logger.warn({ err: scrubbedError(error), projection }, 'how far a projection is cannot be read; trying again');
        await delay(config.positionTimeout, undefined, { ref: false });
      }
    }
  }
}
