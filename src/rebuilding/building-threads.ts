import type { ResourceLimits } from 'node:worker_threads';

import type { Logger } from '../logger.js';
import type { Comparison } from './compare.js';
import type { Building, ProjectionOperations } from './operations.js';
import type { Outcome, RebuildRequest, SwitchRequest } from './rebuild.js';
import { runInThread } from './run-in-thread.js';
import { WAITING } from './standing.js';
import type { ThreadWork } from './thread-messages.js';
import { Turns } from './turns.js';
import type { Upgrade } from './upgrade.js';
import type { WorkOptions } from './work.js';

/**
 * What a thread may take. Within it V8 lets the heap grow by half before it is swept: the less a heap may take at all, the less it
 * grows at once, and a flag like those of `withTidyHeap` would be for the whole process.
 */
const MEMORY: ResourceLimits = { maxOldGenerationSizeMb: 1_024 };

export interface BuildingThreadsOptions<Settings> {
  /** What a thread runs: a module that calls `workInThread`. */
  readonly module: URL;
  /** What that needs to open the stores; strings and the like, which can be copied to a thread. */
  readonly settings: Settings;
  /** On the same projections: tells what needs no thread. */
  readonly operations: Pick<ProjectionOperations, 'whyNotUpgrade' | 'requireNobodyAtWork'>;
  readonly logger: Logger;
  readonly memory?: ResourceLimits;
}

const INTERRUPTED = { state: 'interrupted' } as const;

/**
 * Builds in threads of this process, so that what builds never holds up what answers requests. A thread has connections of its own,
 * and dies with its process.
 *
 * What reads the log from its start takes turns, since it holds rows of many people in memory. Who switches catches up on tables that
 * are all but there, and may be in need of them: that goes at once.
 *
 * Errors are those of `ProjectionOperations` by name, code and message, and not by class; WorkCrashed comes besides.
 */
export class BuildingThreads<Settings> implements Building {
  private readonly turns = new Turns();

  constructor(private readonly options: BuildingThreadsOptions<Settings>) {}

  rebuild(name: string, options: RebuildRequest & WorkOptions): Promise<Outcome> {
    return this.inTurn(options, () => this.run('rebuild', name, options), INTERRUPTED);
  }

  verify(name: string, options: WorkOptions): Promise<Comparison | undefined> {
    return this.inTurn(options, () => this.run('verify', name, options), undefined);
  }

  async upgrade(name: string, options: WorkOptions): Promise<Upgrade> {
    const reason = await this.options.operations.whyNotUpgrade(name);
    return reason ? { state: reason } : this.inTurn(options, () => this.run('upgrade', name, options), INTERRUPTED);
  }

  switch(name: string, options: SwitchRequest & WorkOptions): Promise<Outcome> {
    return this.run('switch', name, options);
  }

  switchBack(name: string, options: WorkOptions): Promise<Outcome> {
    return this.run('switchBack', name, options);
  }

  private async inTurn<T>({ signal, onProgress }: WorkOptions, action: () => Promise<T>, interrupted: T): Promise<T> {
    if (this.turns.areTaken) onProgress?.(WAITING);
    return (await this.turns.take(signal, action)) ?? interrupted;
  }

  /** @returns what `ProjectionOperations` does of the same name */
  private async run<T>(
    operation: keyof Building,
    projection: string,
    { signal, onProgress = () => {}, ...request }: WorkOptions,
  ): Promise<T> {
    const { module, settings, operations, logger, memory = MEMORY } = this.options;
    await operations.requireNobodyAtWork(projection);
    const data = { work: { operation, projection, request } satisfies ThreadWork, settings };
    return (await runInThread({ module, data, memory, logger, signal, onProgress })) as T;
  }
}
