import { spawn } from 'node:child_process';

/** A user of this machine to run Postgres as. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** How a program ended, and the end of what it printed on either output. */
export interface ProgramResult {
  readonly code: number | null;
  readonly output: string;
}

/** Where and as whom a program runs: in a folder the account can enter, as this process's own user without one. */
export interface RunAs {
  readonly cwd: string;
  readonly account?: Account | undefined;
}

/**
 * Runs a program to its end.
 *
 * @throws the system's error (`ENOENT`, `EACCES`, …) when the program cannot be run at all
 */
export function run(program: string, args: readonly string[], { cwd, account }: RunAs): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      // With a locale that this machine lacks, initdb fails; with one that it has, initdb takes it over, and on macOS the
      // server refuses to run with none set.
      env: { ...process.env, LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      ...(account && { uid: account.uid, gid: account.gid }),
    });
    let output = '';
    const keep = (chunk: string): void => {
      output = (output + chunk).slice(-20_000);
    };
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output: output.trim() }));
  });
}
