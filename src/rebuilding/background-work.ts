import type { Logger } from '../logger.js';
import type { WorkOptions } from './operations.js';
import type { Progress } from './standing.js';
import { WorkUnderWay } from './work-lock.js';

/** A piece of work on a projection that this process does, or did last. */
export interface Work {
  readonly operation: string;
  readonly by: string;
  readonly state: 'running' | 'done' | 'failed' | 'interrupted';
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly progress: Progress | null;
  /** What came of it. */
  readonly result: object | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** Does work that takes its time while nobody waits for it. What came of it is remembered until the next piece of work. */
export class BackgroundWork {
  private readonly works = new Map<string, Work>();
  private readonly running = new Set<Promise<void>>();
  private readonly stopping = new AbortController();

  constructor(
    private readonly logger: Logger,
    private readonly now: () => Date = () => new Date(),
  ) {}

  of(projection: string): Work | null {
    return this.works.get(projection) ?? null;
  }

  /** @throws WorkUnderWay when this process is at work on the projection already */
  start(
    projection: string,
    { operation, by }: Pick<Work, 'operation' | 'by'>,
    action: (options: WorkOptions) => Promise<object | undefined>,
  ): Work {
    if (this.of(projection)?.state === 'running') throw new WorkUnderWay(`${projection} is being worked on`);
    const startedAt = this.now().toISOString();
    const begun: Work = {
      operation,
      by,
      state: 'running',
      startedAt,
      endedAt: null,
      progress: null,
      result: null,
      error: null,
    };
    this.works.set(projection, begun);
    this.logger.info({ projection, operation, by }, 'an operator has started work on a projection');
    const done = this.carryOut(projection, begun, action).finally(() => this.running.delete(done));
    this.running.add(done);
    return begun;
  }

  /** Interrupts what is under way; the same request goes on from there. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.running);
  }

  private async carryOut(
    projection: string,
    begun: Work,
    action: (options: WorkOptions) => Promise<object | undefined>,
  ): Promise<void> {
    const { operation, by } = begun;
    let progress: Progress | null = null;
    const tell = (change: Partial<Work>) => this.works.set(projection, { ...begun, progress, ...change });
    try {
      const result = await action({
        signal: this.stopping.signal,
        onProgress: (made) => {
          progress = made;
          tell({});
        },
      });
      const interrupted = result === undefined || this.stopping.signal.aborted;
      tell({ state: interrupted ? 'interrupted' : 'done', endedAt: this.now().toISOString(), result: result ?? null });
      this.logger.info({ projection, operation, by }, 'the work on a projection has ended');
    } catch (error) {
      const { code = 'unexpected', message } = error as NodeJS.ErrnoException;
      tell({ state: 'failed', endedAt: this.now().toISOString(), error: { code, message } });
      this.logger.warn({ projection, operation, by, err: error }, 'the work on a projection has failed');
    }
  }
}
