import { EventStoreUnavailable } from '../event-store.js';
import type { Answer } from './answers.js';
import type { ReadCall } from './wire.js';

/** What is held of a subscription before its server is made to wait: answers, and bytes of them. */
const MOST_ANSWERS = 500;
const MOST_BYTES = 2 * 1024 * 1024;

/** What has arrived of a call and was not taken yet; bounded, and in the order in which the server sent it. */
export class Inbox {
  #answers: Answer[] = [];
  #bytes = 0;
  #end: { readonly reason: Error } | undefined;
  #wake = () => {};

  /** @param failed told at once when the call fails, though what arrived before is yet to be taken */
  constructor(
    private readonly call: ReadCall,
    failed: (error: Error) => void,
  ) {
    call.on('data', (answer: Answer) => this.#put(answer));
    call.on('error', (error: Error) => {
      if (this.#end) return;
      this.#stop(error);
      failed(error);
    });
    call.on('end', () => this.#stop(new EventStoreUnavailable('the server ended the subscription')));
  }

  get isEmpty(): boolean {
    return this.#answers.length === 0;
  }

  /** Why nothing more will arrive, once all is taken. */
  get end(): Error | undefined {
    return this.isEmpty ? this.#end?.reason : undefined;
  }

  /** Takes everything that is there. `more`: something is known to follow, here or in a subscription after this one. */
  take(): { readonly answers: readonly Answer[]; readonly more: boolean } {
    const taken = { answers: this.#answers, more: this.call.isPaused() || this.#end !== undefined };
    this.#answers = [];
    this.#bytes = 0;
    if (this.call.isPaused()) this.call.resume();
    return taken;
  }

  /** Waits until something is there, the call is over, `signal` aborts, or so many milliseconds have passed. */
  arrival(milliseconds: number, signal: AbortSignal): Promise<void> {
    if (!this.isEmpty || this.#end || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        this.#wake = () => {};
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

  #put(answer: Answer): void {
    this.#bytes += answer.bytes;
    this.#answers.push(answer);
    if (this.#answers.length >= MOST_ANSWERS || this.#bytes >= MOST_BYTES) this.call.pause();
    this.#wake();
  }

  #stop(reason: Error): void {
    this.#end ??= { reason };
    this.#wake();
  }
}
