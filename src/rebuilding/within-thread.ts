import { type MessagePort, parentPort, workerData } from 'node:worker_threads';

import type { Logger } from '../logger.js';
import type { Building } from './operations.js';
import type { Progress } from './standing.js';
import type { FromThread, LogLine, ThreadData } from './thread-messages.js';
import { told } from './told-error.js';

/**
 * What a thread does that `BuildingThreads` has started: the work that it was started for, and tells of it.
 *
 * @param withBuilding opens what is worked on, by the settings that the thread was given, has the work done, and closes all again;
 *   what its logger is told, the service logs
 */
export async function workInThread<Settings>(
  withBuilding: (settings: Settings, logger: Logger, work: (building: Building) => Promise<void>) => Promise<void>,
): Promise<void> {
  if (!parentPort) throw new Error('the service starts this, in a thread');
  const port = parentPort;
  const tell = (news: FromThread) => port.postMessage(news);
  const { work, settings } = workerData as ThreadData<Settings>;
  const { operation, projection, request } = work;
  const signal = interruptionBy(port);
  const onProgress = (progress: Progress) => tell({ tells: 'progress', progress });
  const logger = loggerTo((line) => tell({ tells: 'line', line }));
  try {
    await withBuilding(settings, logger, async (building) => {
      const result = await building[operation](projection, { ...request, signal, onProgress });
      tell({ tells: 'result', result });
    });
  } catch (error) {
    tell({ tells: 'failure', error: told(error) });
  }
}

function interruptionBy(port: MessagePort): AbortSignal {
  const interruption = new AbortController();
  port.once('message', () => interruption.abort());
  // Who only waits to be interrupted has nothing left to do.
  port.unref();
  return interruption.signal;
}

function loggerTo(write: (line: LogLine) => void): Logger {
  const at = (level: LogLine['level']) => (fields: object, message: string) => {
    const { err, ...others } = fields as { readonly err?: unknown };
    write({ level, fields: others, err: err === undefined ? undefined : told(err), message });
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
