import type { Logger } from '../logger.js';
import type { Building } from './operations.js';
import { type FromProcess, INTERRUPT, type LogLine, type ProcessData } from './process-messages.js';
import type { Progress } from './standing.js';
import { told } from './told-error.js';

/**
 * What a process does that `BuildingProcesses` has started: the work that it was started for, and tells of it. It ends when that is done, and
 * when whoever started it is gone, however that ended.
 *
 * @param withBuilding opens what is worked on, by the settings that the process was given, has the work done, and closes all again;
 *   what its logger is told, the service logs
 */
export async function workInProcess<Settings>(
  withBuilding: (settings: Settings, logger: Logger, work: (building: Building) => Promise<void>) => Promise<void>,
): Promise<void> {
  if (!process.send) throw new Error('the service starts this, as a process of its own');
  process.once('disconnect', () => process.exit());
  // It may have gone while this process read its program.
  if (!process.connected) process.exit();
  process.once('uncaughtException', (error) => {
    void tell({ tells: 'crash', error: told(error) }).then(() => process.exit(1));
  });
  // A terminal or a supervisor tells all processes of a group to stop. The one that started this tells when.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
  const interruption = new AbortController();
  const { signal } = interruption;
  // It may be interrupted in the very turn in which it is told what to do.
  const { work, settings } = await new Promise<ProcessData<Settings>>((resolve) => {
    process.on('message', (message) => {
      if (message === INTERRUPT) interruption.abort();
      else resolve(message as ProcessData<Settings>);
    });
  });
  const { operation, projection, request } = work;
  const onProgress = (progress: Progress) => void tell({ tells: 'progress', progress });
  const logger = loggerTo((line) => void tell({ tells: 'line', line }));
  try {
    await withBuilding(settings, logger, async (building) => {
      const result = await building[operation](projection, { ...request, signal, onProgress });
      await tell({ tells: 'result', result });
    });
  } catch (error) {
    await tell({ tells: 'failure', error: told(error) });
  }
  process.disconnect();
}

/** Returns once it is on its way. Who is gone is told nothing. */
function tell(news: FromProcess): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected) process.send?.(news, undefined, undefined, () => resolve());
    else resolve();
  });
}

function loggerTo(write: (line: LogLine) => void): Logger {
  const at = (level: LogLine['level']) => (fields: object, message: string) => {
    const { err, ...others } = fields as { readonly err?: unknown };
    write({ level, fields: others, err: err === undefined ? undefined : told(err), message });
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
