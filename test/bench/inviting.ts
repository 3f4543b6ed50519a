import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

import { invitations } from './load.js';
import type { Owner } from './setting.js';

/** How many are invited a second. */
export const RATE = 100;

/**
 * Invites somebody new a hundred times a second, each at its time, whether or not those before have been answered: whatever
 * holds up all is waited out by everybody whose turn comes meanwhile.
 *
 * @param until how many milliseconds, or what it ends with
 * @returns for how long each was waited for, in milliseconds
 * @throws when one was refused
 */
export async function inviteSteadily(url: string, owner: Owner, until: number | Promise<unknown>): Promise<number[]> {
  const agent = new Agent({ keepAlive: true });
  const took: number[] = [];
  const inviteAt = async (due: number) => {
    await invite(agent, url, owner);
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
  agent.destroy();
  return took;
}

/** `fetch` would take more of the two cores than what answers. */
function invite(agent: Agent, url: string, { accessToken, workspaceId }: Owner): Promise<void> {
  const { setupRequest, ...how } = invitations(accessToken);
  return new Promise((resolve, reject) => {
    const sending = request(`${url}/v1/workspaces/${workspaceId}/invitations`, { ...how, agent });
    sending.on('error', reject).on('response', (response) => {
      const { statusCode = 0 } = response;
      const answered = () =>
        statusCode < 300 ? resolve() : reject(new Error(`an invitation was answered ${statusCode}`));
      response.on('end', answered).resume();
    });
    sending.end(setupRequest({}).body);
  });
}
