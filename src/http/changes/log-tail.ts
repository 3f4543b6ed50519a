import { setTimeout as delay } from 'node:timers/promises';

import type { EventBatch, Position } from '../../event-store/event-store.js';
import { frameOf } from './event-stream.js';

const QUIET = Symbol('nothing came');

/**
 * Events of the log as they are sent to whoever follows it: `event` with each, `ready` when all that there was has been told. Each
 * has its position for an id; so has a sign of life, so that who comes back goes on from there, however long nothing matched.
 *
 * @param heartbeat milliseconds after which a sign of life is sent where nothing happens
 */
export async function* framesOfLog(
  batches: AsyncIterable<EventBatch>,
  heartbeat: number,
): AsyncGenerator<string, void, undefined> {
  const iterator = batches[Symbol.asyncIterator]();
  let position: Position | undefined;
  let isReady = false;
  let next = iterator.next();
  try {
    for (;;) {
      const result = await withinOr(next, heartbeat);
      if (result === QUIET) {
        yield position ? `id: ${position}\n\n` : ': \n\n';
        continue;
      }
      if (result.done) return;
      const { events, caughtUp } = result.value;
      position = result.value.position;
      for (const event of events) yield frameOf('event', event, event.position);
      if (caughtUp && !isReady) yield frameOf('ready', {}, position);
      isReady ||= caughtUp;
      next = iterator.next();
    }
  } finally {
    next.catch(() => {});
  }
}

async function withinOr<T>(promise: Promise<T>, milliseconds: number): Promise<T | typeof QUIET> {
  const over = new AbortController();
  try {
    const quiet = delay(milliseconds, QUIET, { signal: over.signal, ref: false });
    quiet.catch(() => {});
    return await Promise.race([promise, quiet]);
  } finally {
    over.abort();
  }
}
