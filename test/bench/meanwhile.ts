import { setTimeout as delay } from 'node:timers/promises';

import { Client } from '../../src/demo/client.js';
import { PROJECTIONS } from '../../src/projections.js';
import type { Work } from '../../src/rebuilding/background-work.js';
import type { Comparison } from '../../src/rebuilding/compare.js';
import { parseTokenKeys } from '../../src/tokens/keys.js';
import { signOperatorToken } from '../../src/tokens/operator-token.js';
import { tokenCodec } from '../../src/tokens/signed-token.js';
import { until } from '../support/until.js';
import { Inviter, RATE } from './inviting.js';
import type { Running } from './processes.js';
import { run } from './rebuild-processes.js';
import { type Owner, type Setting, startService } from './setting.js';
import { type Figure, percentile, round } from './table.js';

/**
 * How long it is measured before each rebuild what invitations take otherwise, in milliseconds. By turns, so that what comes with the age of a
 * process, and what the machine does by itself, is in both.
 */
const OTHERWISE = 10_000;

/** How often each rebuild is done: of one alone, what happens once in twenty seconds would decide. */
const ROUNDS = 2;

/** More than any rebuild takes, in milliseconds. */
const LONGEST = 1_200_000;

/** How often an operator asks whether it is over, in milliseconds: as often as the operations page does. */
const ASKS_EVERY = 2_000;

/** A rebuild, however it is done. */
interface Rebuilt {
  readonly equal: boolean;
  /** Until it was over, comparing included. */
  readonly seconds: number;
}

/** What was done by one way to one projection, and what invitations took meanwhile: in 99 of 100 no longer than that, in milliseconds. */
interface Measured {
  readonly what: string;
  readonly rebuilds: readonly Rebuilt[];
  readonly during: number;
}

/** What those who invite notice while a projection is rebuilt that was switched to before: it has to come out equal. */
export async function measureMeanwhile(setting: Setting, owner: Owner, store: string): Promise<Figure[]> {
  const service = await startService(setting, { ROLES: 'api,projector' });
  const inviter = await Inviter.start(service.url, lasting(owner, setting));
  const operator = new Operator(service, setting);
  try {
    await inviter.during(() => delay(5_000));
    const otherwise: number[] = [];
    const measured: Measured[] = [];
    for (const { name } of PROJECTIONS) {
      const ways: [by: string, rebuild: () => Promise<Rebuilt>][] = [
        ["by the operator's tool", () => rebuildByTool(setting, name)],
        ['by the service itself', () => operator.rebuild(name)],
      ];
      for (const [by, rebuild] of ways) {
        const during: number[] = [];
        const rebuilds: Rebuilt[] = [];
        for (let done = 0; done < ROUNDS; done++) {
          const [, before] = await inviter.during(() => delay(OTHERWISE));
          otherwise.push(...before);
          const [rebuilt, waited] = await inviter.during(rebuild);
          during.push(...waited);
          rebuilds.push(rebuilt);
          await operator.dropNext(name);
        }
        measured.push({ what: `${name} is rebuilt and compared ${by}`, rebuilds, during: percentile(during, 0.99) });
      }
    }
    const without = percentile(otherwise, 0.99);
    return measured.map((rebuilding) => figureOf(rebuilding, without, store));
  } finally {
    inviter.stop();
    await service.stop();
  }
}

function figureOf({ what, rebuilds, during }: Measured, without: number, store: string): Figure {
  const areEqual = rebuilds.every(({ equal }) => equal);
  const seconds = rebuilds.map((rebuilt) => round(rebuilt.seconds)).join(' and ');
  return {
    what: `invitations at ${RATE}/s while ${what}, ${store}`,
    value:
      `p99 ${round(during)} ms, ${round(without)} ms otherwise; rebuilt and compared in ${seconds} s; ` +
      `${areEqual ? 'equal' : 'different'}`,
    limit: '≤ 2 × that without; equal',
    holds: during <= 2 * without && areEqual,
  };
}

async function rebuildByTool(setting: Setting, name: string): Promise<Rebuilt> {
  const { seconds, equal } = await run(setting, 'rebuild', name);
  return { seconds, equal: equal === true };
}

/** Who operates the service over HTTP. */
class Operator {
  private readonly client: Client;
  private readonly accessToken: string;

  constructor({ url }: Running, { env }: Setting) {
    this.client = new Client(url);
    this.accessToken = signOperatorToken(keysOf(env), 'bench', inAnHour());
  }

  /** In a process that the service starts. */
  async rebuild(name: string): Promise<Rebuilt> {
    const { startedAt, endedAt, result } = await this.done(name, 'rebuild', { restart: true });
    const seconds = (Date.parse(String(endedAt)) - Date.parse(startedAt)) / 1_000;
    return { seconds, equal: (result as { comparison?: Comparison } | null)?.comparison?.equal === true };
  }

  async dropNext(name: string): Promise<void> {
    await this.done(name, 'drop', { tables: 'next' });
  }

  private async done(name: string, operation: string, body: object): Promise<Work> {
    const { client, accessToken } = this;
    const path = `/v1/operations/projections/${name}`;
    await client.request('POST', `${path}/${operation}`, { accessToken, body });
    return until(
      async () => {
        await delay(ASKS_EVERY);
        const { body } = await client.request<{ work: Work }>('GET', path, { accessToken });
        return body.work.state === 'running' ? undefined : body.work;
      },
      `the ${operation} is over`,
      LONGEST,
    );
  }
}

/** An access token is good for a quarter of an hour, and rebuilds take longer. */
function lasting(owner: Owner, { env }: Setting): Owner {
  const tokens = tokenCodec<object>('access', keysOf(env));
  return { ...owner, accessToken: tokens.sign(tokens.read(owner.accessToken).claims, inAnHour()) };
}

const keysOf = (env: Setting['env']) => parseTokenKeys(String(env['TOKEN_KEYS']));

const inAnHour = () => new Date(Date.now() + 3_600_000);
