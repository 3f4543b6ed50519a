import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { freePort } from '../../src/free-port.js';
import { until } from '../support/until.js';

export interface Running {
  readonly url: string;
  /** Milliseconds from the start until `/health/ready`, or `/health/live` for what has no other. */
  readonly startedIn: number;
  stop(): Promise<void>;
}

/** Starts a program of this project and waits until it answers. */
export async function startProgram(
  path: string,
  settings: Record<string, string>,
  health = '/health/ready',
): Promise<Running> {
  const port = await freePort('127.0.0.1');
  const url = `http://127.0.0.1:${port}`;
  const startedAt = performance.now();
  const child = spawn(process.execPath, [fileURLToPath(new URL(path, import.meta.url))], {
    env: { PATH: process.env['PATH'], LOG_LEVEL: 'silent', ...settings, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    await until(async () => answers(child, url + health), `${path} answers`, 60_000);
  } catch (error) {
    await stop(child);
    throw error;
  }
  return { url, startedIn: performance.now() - startedAt, stop: () => stop(child) };
}

async function answers(child: ChildProcess, url: string): Promise<boolean> {
  if (child.exitCode !== null) throw new Error(`it ended with code ${child.exitCode}`);
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
