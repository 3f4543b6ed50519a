import { setTimeout as delay } from 'node:timers/promises';

import { PROJECTIONS } from '../../src/projections.js';
import { Inviter, RATE } from './inviting.js';
import { lasting, operatorToken } from './lasting-tokens.js';
import { Operator, type Rebuilt } from './operator.js';
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
  const operator = new Operator(service.url, operatorToken(setting));
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
