import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import type { Waited } from './inviting-process.js';
import type { Owner } from './setting.js';

/** How many are invited a second. */
export const RATE = 100;

const PROCESS = fileURLToPath(new URL('./inviting-process.js', import.meta.url));

/**
 * Invites somebody new a hundred times a second, each at its time. In a process of its own: what else is done here is not to hold it up, such
 * as starting a process, after which whoever started it waits at each page of its memory that it writes to.
 */
export class Inviter {
  private readonly ended: Promise<never>;

  private constructor(private readonly child: ChildProcess) {
    this.ended = once(child, 'exit').then(() => Promise.reject(new Error('whoever invites has ended')));
    // It is told to whoever waits for it, and nobody does once it is stopped.
    this.ended.catch(() => {});
  }

  static async start(url: string, { accessToken, workspaceId }: Owner): Promise<Inviter> {
    const child = fork(PROCESS, [url, accessToken, workspaceId]);
    await once(child, 'spawn');
    return new Inviter(child);
  }

  /**
   * Invites for as long as something else takes, or fails.
   *
   * @returns what that returned, and for how long each invitation was waited for, in milliseconds
   * @throws what that threw; or when an invitation was refused
   */
  async during<T>(work: () => Promise<T>): Promise<[result: T, waited: Waited]> {
    const answered = once(this.child, 'message') as Promise<[Waited]>;
    this.child.send('begin');
    const working = work().finally(() => this.child.send('end'));
    const [result, [waited]] = await Promise.race([Promise.all([working, answered]), this.ended]);
    return [result, waited];
  }

  stop(): void {
    if (this.child.connected) this.child.disconnect();
  }
}
