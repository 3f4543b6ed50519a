export interface GatherOptions<Request, Answer> {
  /** Sends requests together; answers each, in their order. A rejection is the answer to all of them. */
  readonly send: (requests: readonly Request[]) => Promise<readonly Answer[]>;
  /** How many calls may be under way at once. What is asked for meanwhile waits for the next call. */
  readonly callsInFlight: number;
  /** How many requests one call may carry. */
  readonly largestCall: number;
  /** What one call may weigh in all; a request heavier than this goes alone. */
  readonly heaviestCall?: number;
  readonly weigh?: (request: Request) => number;
}

interface Waiting<Request, Answer> {
  readonly request: Request;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Gathers requests into calls: those that come while a call is under way go out together in the next one. A busy caller
 * pays for few round trips (and few waits for the disk) that way, and an idle one waits for nothing.
 *
 * A request joins only a call that has not been sent when it is made, in the order in which requests are made.
 */
export class Gather<Request, Answer> {
  #queue: Waiting<Request, Answer>[] = [];
  #callsInFlight = 0;
  #isSendDue = false;
  readonly #whenIdle: (() => void)[] = [];

  constructor(private readonly options: GatherOptions<Request, Answer>) {}

  ask(request: Request): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ request, resolve, reject });
      this.#sendSoon();
    });
  }

  /** Settles when everything asked for is answered. */
  async idle(): Promise<void> {
    if (this.#queue.length === 0 && this.#callsInFlight === 0) return;
    await new Promise<void>((resolve) => this.#whenIdle.push(resolve));
  }

  /** Leaves time for whatever else this turn of the event loop brings: requests of other connections, for example. */
  #sendSoon(): void {
    if (this.#isSendDue || this.#callsInFlight >= this.options.callsInFlight) return;
    this.#isSendDue = true;
    setImmediate(() => {
      this.#isSendDue = false;
      while (this.#queue.length > 0 && this.#callsInFlight < this.options.callsInFlight) void this.#send(this.#take());
    });
  }

  #take(): Waiting<Request, Answer>[] {
    const { largestCall, heaviestCall = Number.POSITIVE_INFINITY, weigh = () => 0 } = this.options;
    let count = 0;
    let weight = 0;
    for (const { request } of this.#queue) {
      weight += weigh(request);
      if (count === largestCall || (count > 0 && weight > heaviestCall)) break;
      count += 1;
    }
    return this.#queue.splice(0, count);
  }

  async #send(asked: readonly Waiting<Request, Answer>[]): Promise<void> {
    this.#callsInFlight += 1;
    try {
      const answers = await this.options.send(asked.map(({ request }) => request));
      for (const [index, { resolve }] of asked.entries()) resolve(answers[index] as Answer);
    } catch (error) {
      for (const { reject } of asked) reject(error);
    } finally {
      this.#callsInFlight -= 1;
      if (this.#queue.length > 0) this.#sendSoon();
      else if (this.#callsInFlight === 0) for (const resolve of this.#whenIdle.splice(0)) resolve();
    }
  }
}
