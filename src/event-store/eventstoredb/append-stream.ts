import type { Appended } from '../event-store.js';
import type { ReadyAppend } from '../validate-append.js';
import { appendRequests } from './requests.js';
import { appendedBy } from './responses.js';
import type { AppendCall, AppendResponse } from './wire.js';

interface Waiting {
  readonly append: ReadyAppend;
  readonly resolve: (appended: Appended) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * One long call that carries any number of appends at once, each known by its correlation id.
 *
 * The client has the same, but keeps what waits in one table for the whole process: a server lost by one client fails
 * the appends of another, and their late answers then crash the process. This table belongs to this call alone.
 */
export class AppendStream {
  readonly #waiting = new Map<string, Waiting>();
  readonly #call: AppendCall;
  #end: { readonly reason: unknown } | undefined;

  constructor(call: AppendCall) {
    this.#call = call;
    call.on('data', (response: AppendResponse) => this.#answer(response));
    call.on('error', (error: Error) => this.#stop(error));
    call.on('end', () => this.#stop(new Error('the server ended the call')));
  }

  /** Whether the call is over: a new one is needed. */
  get ended(): boolean {
    return this.#end !== undefined;
  }

  /**
   * Settles with the server's answer, or rejects with the reason why the call ended before it. No answer may ever come:
   * the caller limits the time.
   */
  append(append: ReadyAppend): Promise<Appended> {
    return new Promise((resolve, reject) => {
      if (this.#end) return reject(this.#end.reason);
      const { id, messages } = appendRequests(append);
      this.#waiting.set(id, { append, resolve, reject });
      for (const message of messages) this.#call.write(message);
    });
  }

  #answer(response: AppendResponse): void {
    const id = response.getCorrelationId()?.getString() ?? '';
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    try {
      waiting?.resolve(appendedBy(response, waiting.append));
    } catch (error) {
      waiting?.reject(error);
    }
  }

  #stop(reason: unknown): void {
    if (this.#end) return;
    this.#end = { reason };
    for (const { reject } of this.#waiting.values()) reject(reason);
    this.#waiting.clear();
  }
}
