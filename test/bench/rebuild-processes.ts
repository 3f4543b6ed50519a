import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import type { Took } from './rebuild-process.js';
import type { Setting } from './setting.js';

const PROCESS = fileURLToPath(new URL('./rebuild-process.js', import.meta.url));

/** What `rebuild-process.ts` took with these arguments. */
export async function run({ env }: Setting, ...args: string[]): Promise<Took> {
  const { stdout } = await promisify(execFile)(process.execPath, [PROCESS, ...args], {
    env: { PATH: process.env['PATH'], ...env },
  });
  return JSON.parse(stdout) as Took;
}
