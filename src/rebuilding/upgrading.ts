import type { Logger } from '../logger.js';
import { pauseFor } from '../pause-for.js';
import type { Building } from './operations.js';
import type { Upgrade } from './upgrade.js';

/** How long to wait for another instance that is at it, or after a failure, in milliseconds. */
const PAUSE = 1_000;
const LONGEST_PAUSE = 60_000;

export interface UpgradingOptions {
  readonly building: Pick<Building, 'upgrade'>;
  readonly projections: readonly string[];
  readonly logger: Logger;
}

/**
 * Brings the live tables to the version of this program, in the background and while everything goes on: builds them beside those
 * of the version before, which its processes read and keep up, and switches when they have caught up. Of several instances one does
 * the work and the others wait.
 */
export class Upgrading {
  private readonly stopping = new AbortController();
  private running: Promise<unknown> | undefined;
  private readonly failures = new Map<string, string>();

  constructor(private readonly options: UpgradingOptions) {}

  start(): void {
    this.running ??= Promise.all(this.options.projections.map((projection) => this.upgrade(projection)));
  }

  /** What has been built stays; whoever starts next goes on with it. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** Why the last try to build the tables of a projection failed, as a code, where it did. */
  failureOf(projection: string): string | undefined {
    return this.failures.get(projection);
  }

  private async upgrade(projection: string): Promise<void> {
    const { signal } = this.stopping;
    let pause = PAUSE;
    let told: string | undefined;
    while (!signal.aborted) {
      try {
        const outcome = await this.options.building.upgrade(projection, { signal });
        this.failures.delete(projection);
        if (outcome.state !== told) this.tell(projection, outcome);
        if (outcome.state === 'up-to-date' || outcome.state === 'switched') return;
        told = outcome.state;
      } catch (error) {
        if (signal.aborted) return;
        pause = this.pauseAfter(projection, error, pause);
      }
      await pauseFor(pause * (0.5 + Math.random()), signal);
    }
  }

  private tell(projection: string, outcome: Upgrade): void {
    const { logger } = this.options;
    if (outcome.state === 'switched') {
      const tables = outcome.comparison.tables.map(({ table, equal, live, built, columnsOnlyIn }) => ({
        table,
        equal,
        before: live?.rows ?? null,
        after: built?.rows ?? null,
        columnsOnlyIn,
      }));
      logger.info({ projection, tables }, 'the tables of this version are live; those of before are kept');
    } else if (outcome.state === 'newer') {
      logger.warn({ projection }, 'the tables are of a newer version than this program, which leaves them alone');
    } else if (outcome.state === 'gone-back') {
      logger.warn(
        { projection },
        'somebody has switched back from the version of this program: it is built again once the previous tables are dropped',
      );
    }
  }

  private pauseAfter(projection: string, error: unknown, pause: number): number {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'projection-work-under-way') return PAUSE;
    this.failures.set(projection, code ?? (error instanceof Error ? error.name : 'unexpected'));
    this.options.logger.error({ projection, err: error }, 'could not build the tables of this version; trying again');
    return Math.min(pause * 2, LONGEST_PAUSE);
  }
}
