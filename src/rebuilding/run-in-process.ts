import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { ROOM_FOR_YOUNG } from '../heap-growth.js';
import type { Logger } from '../logger.js';
import { type FromProcess, INTERRUPT, type ProcessData } from './process-messages.js';
import type { Progress } from './standing.js';
import { type ToldError, toldAs } from './told-error.js';

/** The process that worked on a projection is gone, and has not told what came of it. */
export class WorkCrashed extends Error {
  override readonly name = 'WorkCrashed';
  readonly code = 'projection-work-crashed';
}

export interface RunOptions {
  /** What the process runs. */
  readonly module: URL;
  readonly data: ProcessData<unknown>;
  /** What its heap may take, in MB. */
  readonly memory: number;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/** How long a process has to close what it has opened once it has told what came of its work, in milliseconds. */
const CLOSING = 10_000;

/** So many characters of what it printed at the end are kept: V8 tells first that memory is short, and then of each frame. */
const KEPT = 16_000;

/**
 * Does work in a process of its own, and returns when that has ended.
 *
 * @returns what the work did
 * @throws what the work threw, as `toldAs` has it; WorkCrashed
 */
export async function runInProcess({ module, data, memory, logger, signal, onProgress }: RunOptions): Promise<unknown> {
  const { projection } = data.work;
  const child = start(module, memory);
  const ended = new AbortController();
  let outcome: Extract<FromProcess, { tells: 'result' | 'failure' }> | undefined;
  let crash: ToldError | undefined;
  child.on('message', (news: FromProcess) => {
    if (news.tells === 'progress') onProgress(news.progress);
    else if (news.tells === 'crash') crash = news.error;
    else if (news.tells === 'line') {
      const { level, fields, err, message } = news.line;
      logger[level]({ projection, ...fields, ...(err ? { err: toldAs(err) } : {}) }, message);
    } else {
      outcome = news;
      void delay(CLOSING, undefined, { signal: ended.signal }).then(
        () => child.kill('SIGKILL'),
        () => {},
      );
    }
  });
  // A process that is gone meanwhile is told nothing.
  const tell = (message: ProcessData<unknown> | typeof INTERRUPT) => child.send(message, () => {});
  const interrupt = () => tell(INTERRUPT);
  tell(data);
  signal.addEventListener('abort', interrupt);
  if (signal.aborted) interrupt();
  try {
    const end = await endOf(child);
    if (outcome?.tells === 'result') return outcome.result;
    if (outcome) throw toldAs(outcome.error);
    throw crashed(projection, end, crash);
  } finally {
    signal.removeEventListener('abort', interrupt);
    ended.abort();
  }
}

/** What prints goes nowhere but into the error that tells of its crash: the log of the service is no place for lines of any form. */
function start(module: URL, memory: number): ChildProcess {
  const execArgv = process.execArgv.filter((argument) => !argument.startsWith('--inspect'));
  return fork(fileURLToPath(module), {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // A session of its own, so that it can be lowered.
    detached: true,
    execArgv: [ROOM_FOR_YOUNG, ...execArgv, `--max-old-space-size=${memory}`],
  });
}

/** How a process ended, and the last that it printed. */
interface End {
  readonly reason: string;
  readonly printed: string;
}

async function endOf(child: ChildProcess): Promise<End> {
  let printed = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    printed = (printed + text).slice(-KEPT);
  });
  const reason = await new Promise<string>((resolve) => {
    child.on('error', ({ message }) => resolve(message));
    // Not before all is read that it printed and told.
    child.once('close', (code, signal) => resolve(signal ? `it was ended by ${signal}` : `it ended with code ${code}`));
  });
  return { reason, printed };
}

/** What V8 prints where a heap may not grow any more. */
const OUT_OF_MEMORY = 'heap out of memory';

function crashed(projection: string, { reason, printed }: End, crash: ToldError | undefined): WorkCrashed {
  const why = crash?.message ?? (printed.includes(OUT_OF_MEMORY) ? 'its memory was not enough' : reason);
  return new WorkCrashed(
    `the process that worked on ${projection} crashed: ${why}. What was built stays; ask for the same again to go on`,
    { cause: crash ? toldAs(crash) : printed || undefined },
  );
}
