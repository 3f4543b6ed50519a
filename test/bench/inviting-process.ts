/**
 * A process of its own that invites people steadily from one message until the next; then it tells for how long each was waited for.
 * Arguments: where the service is, and whose token invites into which workspace.
 */
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

import { RATE } from './inviting.js';
import { invitations } from './load.js';

/** For how long each invitation was waited for, in milliseconds. */
export type Waited = readonly number[];

const [url = '', accessToken = '', workspaceId = ''] = process.argv.slice(2);
const { setupRequest, ...how } = invitations(accessToken);
const agent = new Agent({ keepAlive: true });

// Whoever started it is gone, or has seen enough.
process.once('disconnect', () => process.exit());
for (;;) {
  await once(process, 'message');
  process.send?.(await inviteSteadily(once(process, 'message')));
}

/**
 * Invites somebody new each time that is due, whether or not those before have been answered: whatever holds up all is waited out by
 * everybody whose turn comes meanwhile. Ends the process when one was refused.
 */
async function inviteSteadily(end: Promise<unknown>): Promise<Waited> {
  const waited: number[] = [];
  let isOver = false;
  void end.then(() => {
    isOver = true;
  });
  const sent: Promise<void>[] = [];
  for (let due = performance.now(); !isOver; due += 1_000 / RATE) {
    await delay(Math.max(0, due - performance.now()));
    const dueAt = due;
    sent.push(invite().then(() => void waited.push(performance.now() - dueAt)));
  }
  await Promise.all(sent);
  return waited;
}

/** `fetch` would take more of the two cores than what answers. */
function invite(): Promise<void> {
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
