import { setTimeout as delay } from 'node:timers/promises';

import { Client } from '../../src/demo/client.js';
import type { Work } from '../../src/rebuilding/background-work.js';
import type { Comparison } from '../../src/rebuilding/compare.js';
import { until } from '../support/until.js';

/** More than any rebuild takes, in milliseconds. */
const LONGEST = 1_200_000;

/** How often an operator asks whether it is over, in milliseconds: as often as the operations page does. */
const ASKS_EVERY = 2_000;

/** A rebuild, however it is done. */
export interface Rebuilt {
  readonly equal: boolean;
  /** Until it was over, comparing included. */
  readonly seconds: number;
}

/** Who operates the service over HTTP. */
export class Operator {
  private readonly client: Client;

  constructor(
    url: string,
    private readonly accessToken: string,
  ) {
    this.client = new Client(url);
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
