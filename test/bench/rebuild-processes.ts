import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import { ROOM_FOR_YOUNG } from '../../src/heap-growth.js';
import type { Took } from './measured-work.js';
import type { Setting } from './setting.js';

const PROCESS = fileURLToPath(new URL('./rebuild-process.js', import.meta.url));

/** What `rebuild-process.ts` took with these arguments, in a session of its own as the operator's tool. */
export async function run({ env }: Setting, ...args: string[]): Promise<Took> {
  const child = spawn(process.execPath, [ROOM_FOR_YOUNG, PROCESS, ...args], {
    env: { PATH: process.env['PATH'], ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [printed, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}`);
  return JSON.parse(printed) as Took;
}
