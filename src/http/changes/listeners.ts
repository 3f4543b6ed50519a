import type { Caller } from '../authentication/caller.js';
import { problemOf } from '../problems/from-error.js';
import type { EventStream } from './event-stream.js';
import type { OpenStreams } from './open-streams.js';

/** Somebody who is told of a workspace. */
export interface Listener {
  readonly workspaceId: string;
  readonly caller: Caller;
  readonly stream: EventStream;
}

/** Those who are told of workspaces, as long as they have the right to it. */
export class Listeners implements Iterable<Listener> {
  private readonly all = new Set<Listener>();

  /** @param requireRight throws unless a caller may be told of a workspace */
  constructor(
    private readonly streams: OpenStreams,
    private readonly requireRight: (workspaceId: string, caller: Caller) => Promise<unknown>,
  ) {}

  get size(): number {
    return this.all.size;
  }

  [Symbol.iterator](): Iterator<Listener> {
    return this.all.values();
  }

  /**
   * @param follow brings the log to where something can be told of it
   * @param begin opens the stream. What took the right away before the log was followed is told to nobody
   * @throws Problem `too-many-requests`
   */
  open(
    workspaceId: string,
    caller: Caller,
    follow: () => Promise<void>,
    begin: (stream: EventStream) => Promise<void>,
  ): EventStream {
    const stream = this.streams.open(caller);
    const listener: Listener = { workspaceId, caller, stream };
    this.all.add(listener);
    stream.once('close', () => this.all.delete(listener));
    const beginning = async () => {
      await follow();
      await this.requireRight(workspaceId, caller);
      await begin(stream);
    };
    beginning().catch((error: unknown) => stream.end(problemOf(error).code));
    return stream;
  }

  /** Ends the stream of whoever has lost the right. */
  async check({ workspaceId, caller, stream }: Listener): Promise<void> {
    await this.requireRight(workspaceId, caller).catch((error: unknown) => stream.end(problemOf(error).code));
  }

  /** Ends all streams: nothing can be told any more. */
  lose(): void {
    for (const { stream } of this.all) stream.end('event-store-unavailable');
  }
}
