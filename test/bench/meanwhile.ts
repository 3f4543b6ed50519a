import { setTimeout as delay } from 'node:timers/promises';
import autocannon from 'autocannon';

import { Client } from '../../src/demo/client.js';
import { PROJECTIONS } from '../../src/projections.js';
import type { Work } from '../../src/rebuilding/background-work.js';
import type { Comparison } from '../../src/rebuilding/compare.js';
import { parseTokenKeys } from '../../src/tokens/keys.js';
import { signOperatorToken } from '../../src/tokens/operator-token.js';
import { until } from '../support/until.js';
import { invitations } from './load.js';
import type { Running } from './processes.js';
import { run } from './rebuild-processes.js';
import { type Owner, type Setting, startService } from './setting.js';
import { type Figure, round } from './table.js';

/** What people do meanwhile: invitations a second. */
const RATE = 100;
const SECONDS = 15;
/** More than any rebuild takes, in seconds. */
const LONGEST = 1_200;

/** A rebuild, however it is done. */
interface Rebuilt {
  readonly equal: boolean;
  /** Until it was over, comparing included. */
  readonly seconds: number;
}

/** What those who invite notice while a projection is rebuilt that was switched to before: it has to come out equal. */
export async function measureMeanwhile(setting: Setting, owner: Owner, store: string): Promise<Figure[]> {
  const service = await startService(setting, { ROLES: 'api,projector' });
  try {
    await invite(service.url, owner, 5);
    const without = await invite(service.url, owner, SECONDS);
    const figures: Figure[] = [];
    for (const { name } of PROJECTIONS) {
      const ways: [by: string, rebuild: () => Promise<Rebuilt>][] = [
        ["by the operator's tool", () => rebuildByTool(setting, name)],
        ['by the service itself', () => rebuildByService(setting, service, name)],
      ];
      for (const [by, rebuild] of ways) {
        const rebuilding = rebuild();
        const during = await invite(service.url, owner, rebuilding);
        const { seconds, equal } = await rebuilding;
        figures.push({
          what: `invitations at ${RATE}/s while ${name} is rebuilt and compared ${by}, ${store}`,
          value:
            `p99 ${round(during)} ms, ${round(without)} ms otherwise; rebuilt and compared in ${round(seconds)} s; ` +
            `${equal ? 'equal' : 'different'}`,
          limit: '≤ 2 × that without; equal',
          holds: during <= 2 * without && equal,
        });
      }
    }
    return figures;
  } finally {
    await service.stop();
  }
}

async function rebuildByTool(setting: Setting, name: string): Promise<Rebuilt> {
  const { seconds, equal } = await run(setting, 'rebuild', name);
  return { seconds, equal: equal === true };
}

/** In a thread of the process that answers requests, as an operator asks for it over HTTP. */
async function rebuildByService({ env }: Setting, { url }: Running, name: string): Promise<Rebuilt> {
  const client = new Client(url);
  const inAnHour = new Date(Date.now() + 3_600_000);
  const accessToken = signOperatorToken(parseTokenKeys(String(env['TOKEN_KEYS'])), 'bench', inAnHour);
  const path = `/v1/operations/projections/${name}`;
  const startedAt = performance.now();
  await client.request('POST', `${path}/rebuild`, { accessToken, body: { restart: true } });
  const { result } = await until(
    async () => {
      await delay(500);
      const { body } = await client.request<{ work: Work }>('GET', path, { accessToken });
      return body.work.state === 'running' ? undefined : body.work;
    },
    'the rebuild is over',
    LONGEST * 1_000,
  );
  const seconds = (performance.now() - startedAt) / 1_000;
  return { seconds, equal: (result as { comparison?: Comparison } | null)?.comparison?.equal === true };
}

/**
 * @param until how many seconds, or what it ends with
 * @returns the 99th percentile of an invitation, in milliseconds
 */
async function invite(
  url: string,
  { accessToken, workspaceId }: Owner,
  until: number | Promise<unknown>,
): Promise<number> {
  const { setupRequest, ...request } = invitations(accessToken);
  const { latency, non2xx, errors } = await new Promise<autocannon.Result>((resolve, reject) => {
    const load = autocannon(
      {
        url: `${url}/v1/workspaces/${workspaceId}/invitations`,
        connections: 8,
        overallRate: RATE,
        duration: typeof until === 'number' ? until : LONGEST,
        ...request,
        requests: [{ setupRequest }],
      },
      (error: unknown, result) => (error ? reject(error) : resolve(result)),
    );
    const stop = () => load.stop();
    if (typeof until !== 'number') until.then(stop, stop);
  });
  if (non2xx > 0 || errors > 0) throw new Error(`${non2xx} refused, ${errors} failed`);
  return latency.p99;
}
