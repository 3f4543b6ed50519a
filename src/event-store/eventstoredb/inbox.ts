import { EventStoreUnavailable } from '../event-store.js';
import type { ReadCall, ReadResponse } from './wire.js';

/** What is held of a subscription before its server is made to wait: responses, and bytes of events in them. */
const MOST_RESPONSES = 500;
const MOST_BYTES = 2 * 1024 * 1024;

/** What has arrived of a call and was not taken yet; bounded, and in the order in which the server sent it. */
export class Inbox {
  #responses: ReadResponse[] = [];
  #bytes = 0;
  #end: { readonly reason: Error } | undefined;
  #wake = () => {};

  /** @param failed told at once when the call fails, though what arrived before is yet to be taken */
  constructor(
    private readonly call: ReadCall,
    failed: (error: Error) => void,
  ) {
    call.on('data', (response: ReadResponse) => this.#put(response));
    call.on('error', (error: Error) => {
      if (this.#end) return;
      this.#stop(error);
      failed(error);
    });
    call.on('end', () => this.#stop(new EventStoreUnavailable('the server ended the subscription')));
  }

  get isEmpty(): boolean {
    return this.#responses.length === 0;
  }

  /** Why nothing more will arrive, once all is taken. */
  get end(): Error | undefined {
    return this.isEmpty ? this.#end?.reason : undefined;
  }

  /** Takes everything that is there. `more`: something is known to follow, here or in a subscription after this one. */
  take(): { readonly responses: readonly ReadResponse[]; readonly more: boolean } {
    const taken = { responses: this.#responses, more: this.call.isPaused() || this.#end !== undefined };
    this.#responses = [];
    this.#bytes = 0;
    if (this.call.isPaused()) this.call.resume();
    return taken;
  }

  /** Waits until something is there, the call is over, `signal` aborts, or so many milliseconds have passed. */
  arrival(milliseconds: number, signal: AbortSignal): Promise<void> {
    if (!this.isEmpty || this.#end || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      signal.addEventListener('abort', done);
      this.#wake = done;
    });
  }

  /** Ends the call. One that is left open would count against the number that the server takes, for ever. */
  close(): void {
    this.#stop(new EventStoreUnavailable('the subscription was left'));
    this.call.cancel();
  }

  #put(response: ReadResponse): void {
    const record = response.getEvent()?.getEvent();
    this.#bytes += record ? record.getData_asU8().length + record.getCustomMetadata_asU8().length : 0;
    this.#responses.push(response);
    if (this.#responses.length >= MOST_RESPONSES || this.#bytes >= MOST_BYTES) this.call.pause();
    this.#wake();
  }

  #stop(reason: Error): void {
    this.#end ??= { reason };
    this.#wake();
  }
}
