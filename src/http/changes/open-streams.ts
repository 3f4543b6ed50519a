import type { Caller } from '../authentication/caller.js';
import type { HttpDependencies } from '../dependencies.js';
import { scrubbedError } from '../logging.js';
import { Problem } from '../problems/problem.js';
import { EventStream } from './event-stream.js';

/** How many streams one person may have open at one instance. */
const MOST_OF_ONE_PERSON = 20;

/** The longest that a timer waits (Node would take more for nothing): the stream ends then, and its reader comes back. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** The streams that are open at this instance, whatever they tell: each ends with its caller's session, and shows that it is alive. */
export class OpenStreams {
  private readonly callers = new Map<EventStream, Caller>();
  private readonly heart: NodeJS.Timeout;

  constructor(private readonly dependencies: Pick<HttpDependencies, 'config' | 'logger' | 'redeemedTokens'>) {
    this.heart = setInterval(() => void this.beat(), dependencies.config.heartbeat).unref();
  }

  /** @throws Problem `too-many-requests` */
  open(caller: Caller): EventStream {
    const ofCaller = [...this.callers.values()].filter(({ userId }) => userId === caller.userId);
    if (ofCaller.length >= MOST_OF_ONE_PERSON) throw new Problem('too-many-requests');
    const stream = new EventStream();
    const left = (caller.until?.getTime() ?? Infinity) - Date.now();
    const timer = setTimeout(() => stream.end('session-ended'), Math.min(left, LONGEST_TIMER)).unref();
    this.callers.set(stream, caller);
    stream.once('close', () => {
      clearTimeout(timer);
      this.callers.delete(stream);
    });
    return stream;
  }

  /** Ends every stream, so that the server can close. */
  close(): void {
    clearInterval(this.heart);
    for (const stream of this.callers.keys()) stream.end('closing');
  }

  private async beat(): Promise<void> {
    for (const stream of this.callers.keys()) stream.beat();
    const ids = [...this.callers.values()].flatMap(({ sessionId }) => sessionId ?? []);
    if (ids.length === 0) return;
    try {
      const over = await this.dependencies.redeemedTokens.redeemedOf(ids);
      for (const [stream, { sessionId }] of this.callers) {
        if (sessionId !== undefined && over.has(sessionId)) stream.end('session-ended');
      }
    } catch (error) {
      this.dependencies.logger.warn({ err: scrubbedError(error) }, 'whether sessions have ended cannot be read');
    }
  }
}
