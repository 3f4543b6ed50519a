import { setTimeout as delay } from 'node:timers/promises';

import { Client } from '../../src/demo/client.js';
import type { Owner } from './setting.js';

/** How many are invited a second. */
export const RATE = 100;

let counter = 0;

/**
 * Invites somebody new a hundred times a second, each at its time, whether or not those before have been answered: whatever
 * holds up all is waited out by everybody whose turn comes meanwhile.
 *
 * @param until how many milliseconds, or what it ends with
 * @returns for how long each was waited for, in milliseconds
 * @throws what the service refused one with
 */
export async function inviteSteadily(
  url: string,
  { accessToken, workspaceId }: Owner,
  until: number | Promise<unknown>,
): Promise<number[]> {
  const client = new Client(url);
  const path = `/v1/workspaces/${workspaceId}/invitations`;
  const took: number[] = [];
  const inviteAt = async (due: number) => {
    const body = { email: `steady${process.pid}-${counter++}@example.com`, role: 'developer' };
    await client.request('POST', path, { accessToken, body });
    took.push(performance.now() - due);
  };
  const ending = new AbortController();
  const end = () => ending.abort();
  (typeof until === 'number' ? delay(until) : until).then(end, end);
  const sent: Promise<void>[] = [];
  for (let due = performance.now(); !ending.signal.aborted; due += 1_000 / RATE) {
    await delay(Math.max(0, due - performance.now()));
    const invitation = inviteAt(due);
    // It is told at the end.
    invitation.catch(() => {});
    sent.push(invitation);
  }
  await Promise.all(sent);
  return took;
}
