import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { printed } from '../support/printed.js';

const OPERATE = fileURLToPath(new URL('../../src/operate.js', import.meta.url));

/** What a command line said, and how it ended. */
export interface Said {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A command line of the operator's tool in a process of its own. */
export interface Running {
  /** What it has said so far. */
  readonly out: () => string;
  /** As Ctrl-C does. */
  interrupt(): void;
  readonly ended: Promise<Said>;
}

/** Starts the tool on a database, as a script does: without a terminal. */
export function start(databaseUrl: string, ...line: string[]): Running {
  return startIn({ DATABASE_URL: databaseUrl }, ...line);
}

/** The same with other settings. */
export function startIn(environment: Readonly<Record<string, string>>, ...line: string[]): Running {
  return spawned(process.execPath, [OPERATE, ...line], environment);
}

/** A line of a shell, which knows the tool as `"$NODE" "$OPERATE"`. */
export function inShell(databaseUrl: string, line: string): Promise<Said> {
  const environment = { DATABASE_URL: databaseUrl, NODE: process.execPath, OPERATE };
  return spawned('/bin/sh', ['-c', line], environment).ended;
}

function spawned(program: string, args: readonly string[], environment: Readonly<Record<string, string>>): Running {
  const child = spawn(program, args, {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err] = [printed(child.stdout), printed(child.stderr)];
  return {
    out,
    interrupt: () => void child.kill('SIGINT'),
    ended: new Promise((resolve) => {
      child.once('close', (code) => resolve({ code, out: out(), err: err() }));
    }),
  };
}

/** Runs the tool to its end. */
export function operate(databaseUrl: string, ...line: string[]): Promise<Said> {
  return start(databaseUrl, ...line).ended;
}
