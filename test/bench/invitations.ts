import { inviteAsFastAsPossible } from './load.js';
import { startProgram } from './processes.js';
import { foundWorkspace, type Setting, startService } from './setting.js';
import { type Figure, round } from './table.js';

const SECONDS = 5;
const SHARE = 0.6;

/** What the organisation plugin of better-auth was measured at on a machine of the same kind, by connections. */
const PEER = new Map([
  [1, 115],
  [16, 200],
  [64, 205],
]);

/** Invitations over HTTP against a bare route that appends through the same port, in turns on the same database. */
export async function measureInvitations(setting: Setting, store: string): Promise<Figure[]> {
  const everything = await startService(setting);
  const { accessToken, workspaceId } = await foundWorkspace(everything, setting.trap);
  const service = await startService(setting, { ROLES: 'api' });
  // Not before: a process that only serves the API is ready when others have brought the read model up to date.
  await everything.stop();
  const bare = await startProgram('./bare-route.js', setting.env, '/health/live');
  const figures: Figure[] = [];
  try {
    const invitations = `${service.url}/v1/workspaces/${workspaceId}/invitations`;
    for (const [connections, peer] of PEER) {
      const load = { accessToken, connections, seconds: SECONDS };
      const measure = (url: string) => inviteAsFastAsPossible({ ...load, url });
      await inviteAsFastAsPossible({ ...load, url: invitations, seconds: 3 });
      await inviteAsFastAsPossible({ ...load, url: `${bare.url}/append`, seconds: 3 });
      // In turns, so that both see the machine as it is.
      const limits = [await measure(`${bare.url}/append`)];
      const rates = [await measure(invitations)];
      limits.push(await measure(`${bare.url}/append`));
      rates.push(await measure(invitations));
      const rate = (rates[0] ?? 0) / 2 + (rates[1] ?? 0) / 2;
      const limit = (limits[0] ?? 0) / 2 + (limits[1] ?? 0) / 2;
      const ratio = rate / limit;
      figures.push({
        what: `invitations over HTTP, ${store}, ${connections} at once`,
        value: `${round(rate)}/s, ${round(ratio, 2)} of the bare route's ${round(limit)}/s`,
        limit: `≥ ${SHARE} of the bare route; ≥ 10 × ${peer}/s`,
        holds: ratio >= SHARE && rate >= 10 * peer,
      });
    }
  } finally {
    await bare.stop();
    await service.stop();
  }
  return figures;
}
