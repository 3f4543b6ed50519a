import { existsSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { temporaryFolder } from '../support/temporary-postgres.js';
import { until } from '../support/until.js';

/** A gate that a process waits at, holding its event loop, until it is opened. */
export interface ProcessGate {
  /** For the process: a folder, in which a file tells that somebody has come, and another that the gate is open. */
  readonly folder: string;
  reached(): Promise<unknown>;
  open(): void;
}

export async function shutGate(test: { teardown(action: () => Promise<void>): void }): Promise<ProcessGate> {
  const folder = await temporaryFolder();
  // Who waits there goes on without it.
  test.teardown(() => rm(folder, { recursive: true, force: true }));
  return {
    folder,
    reached: () => until(() => existsSync(join(folder, 'reached')), 'a process waits at the gate'),
    open: () => writeFileSync(join(folder, 'open'), ''),
  };
}

/** In the process. */
export function passGate(folder: string): void {
  writeFileSync(join(folder, 'reached'), '');
  const nothing = new Int32Array(new SharedArrayBuffer(4));
  while (existsSync(folder) && !existsSync(join(folder, 'open'))) Atomics.wait(nothing, 0, 0, 5);
}
