import { setTimeout as delay } from 'node:timers/promises';
import { type ResourceLimits, Worker } from 'node:worker_threads';

import type { Logger } from '../logger.js';
import type { Progress } from './standing.js';
import { type FromThread, INTERRUPT, type ThreadData } from './thread-messages.js';
import { toldAs } from './told-error.js';

/** The thread that worked on a projection is gone, and has not told what came of it. */
export class WorkCrashed extends Error {
  override readonly name = 'WorkCrashed';
  readonly code = 'projection-work-crashed';
}

export interface RunOptions {
  /** What the thread runs. */
  readonly module: URL;
  readonly data: ThreadData<unknown>;
  readonly memory: ResourceLimits;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/** How long a thread has to close what it has opened once it has told what came of its work, in milliseconds. */
const CLOSING = 10_000;

/**
 * Does work in a thread of its own, and returns when that has ended.
 *
 * @returns what the work did
 * @throws what the work threw, as `toldAs` has it; WorkCrashed
 */
export async function runInThread({ module, data, memory, logger, signal, onProgress }: RunOptions): Promise<unknown> {
  const { projection } = data.work;
  const worker = new Worker(module, { workerData: data, resourceLimits: memory, name: `work on ${projection}` });
  const ended = new AbortController();
  let outcome: Exclude<FromThread, { tells: 'progress' | 'line' }> | undefined;
  let crash: Error | undefined;
  worker.on('error', (error) => {
    crash = error;
  });
  worker.on('message', (news: FromThread) => {
    if (news.tells === 'progress') onProgress(news.progress);
    else if (news.tells === 'line') {
      const { level, fields, err, message } = news.line;
      logger[level]({ projection, ...fields, ...(err ? { err: toldAs(err) } : {}) }, message);
    } else {
      outcome = news;
      void delay(CLOSING, undefined, { signal: ended.signal }).then(
        () => worker.terminate(),
        () => {},
      );
    }
  });
  const interrupt = () => worker.postMessage(INTERRUPT);
  signal.addEventListener('abort', interrupt);
  if (signal.aborted) interrupt();
  try {
    await new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  } finally {
    signal.removeEventListener('abort', interrupt);
    ended.abort();
  }
  if (outcome?.tells === 'result') return outcome.result;
  throw outcome ? toldAs(outcome.error) : crashed(projection, crash);
}

function crashed(projection: string, cause: Error | undefined): WorkCrashed {
  const { code, message = 'it ended before its work was done' } = (cause ?? {}) as Partial<NodeJS.ErrnoException>;
  const reason = code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'its memory was not enough' : message;
  return new WorkCrashed(
    `the thread that worked on ${projection} crashed: ${reason}. What was built stays; ask for the same again to go on`,
    { cause },
  );
}
