import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { freePort } from '../../src/free-port.js';
import { until } from '../support/until.js';

const MAIN = fileURLToPath(new URL('../../src/main.js', import.meta.url));
const PROGRAMS = {
  'this release': [MAIN],
  'the next release': ['--import', new URL('./next-release.js', import.meta.url).href, MAIN],
} as const;

/** The service as operators run it, in a process of its own that can be killed and started again. */
export class KilledService {
  private child: ChildProcess | undefined;

  private constructor(
    readonly url: string,
    private readonly env: NodeJS.ProcessEnv,
    private readonly program: keyof typeof PROGRAMS,
  ) {}

  static async prepare(
    settings: Record<string, string>,
    program: keyof typeof PROGRAMS = 'this release',
  ): Promise<KilledService> {
    const port = await freePort('127.0.0.1');
    const secret = () => randomBytes(32).toString('base64');
    const env = {
      PATH: process.env['PATH'],
      PORT: String(port),
      ADDRESS_KEY: secret(),
      TOKEN_KEYS: secret(),
      LOG_LEVEL: 'silent',
      SIGN_IN_LINKS_PER_HOUR: '1000',
      RESEND_PAUSE_SECONDS: '0',
      INVITATIONS_PER_RECIPIENT: '0',
      INVITATIONS_PER_RECIPIENT_IN_WORKSPACE: '0',
      INVITATIONS_PER_INVITER: '0',
      INVITATIONS_PER_WORKSPACE: '0',
      INVITATIONS_PER_NEW_WORKSPACE: '0',
      ...settings,
    };
    return new KilledService(`http://127.0.0.1:${port}`, env, program);
  }

  get settings(): Readonly<Record<string, string | undefined>> {
    return this.env;
  }

  /** Starts it and waits until it takes requests. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, PROGRAMS[this.program], {
      env: this.env,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    this.child = child;
    await until(async () => {
      if (child.exitCode !== null) throw new Error(`the service ended by itself with code ${child.exitCode}`);
      return fetch(`${this.url}/health/live`).then(
        ({ ok }) => ok,
        () => false,
      );
    }, 'the service takes requests');
  }

  async kill(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }
}
