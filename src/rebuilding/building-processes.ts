import type { Logger } from '../logger.js';
import type { Comparison } from './compare.js';
import type { Building, ProjectionOperations } from './operations.js';
import type { ProcessWork } from './process-messages.js';
import type { Outcome, RebuildRequest, SwitchRequest } from './rebuild.js';
import { runInProcess } from './run-in-process.js';
import { WAITING } from './standing.js';
import { Turns } from './turns.js';
import type { Upgrade } from './upgrade.js';
import type { WorkOptions } from './work.js';

/** What the heap of a process may take, in MB. */
const MEMORY = 1_024;

export interface BuildingProcessesOptions<Settings> {
  /** What a process runs: a module that calls `workInProcess`. */
  readonly module: URL;
  /** What that needs to open the stores; strings and the like, which can be sent to a process. */
  readonly settings: Settings;
  /** On the same projections: tells what needs no process. */
  readonly operations: Pick<ProjectionOperations, 'whyNotUpgrade' | 'requireNobodyAtWork'>;
  readonly logger: Logger;
  /** What its heap may take, in MB. */
  readonly memory?: number;
}

const INTERRUPTED = { state: 'interrupted' } as const;

/**
 * Builds in processes of their own, so that what builds never holds up what answers requests. Such a process has connections of its own,
 * and ends with the one that started it.
 *
 * What reads the log from its start takes turns, since it holds rows of many people in memory. Who switches catches up on tables that
 * are all but there, and may be in need of them: that goes at once.
 *
 * Errors are those of `ProjectionOperations` by name, code and message, and not by class; WorkCrashed comes besides.
 */
export class BuildingProcesses<Settings> implements Building {
  private readonly turns = new Turns();

  constructor(private readonly options: BuildingProcessesOptions<Settings>) {}

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
    const data = { work: { operation, projection, request } satisfies ProcessWork, settings };
    return (await runInProcess({ module, data, memory, logger, signal, onProgress })) as T;
  }
}
