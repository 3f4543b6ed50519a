import type { Logger } from '../../logger.js';
import type { RecordedEvent, StreamRead } from '../event-store.js';
import { isStreamName } from '../validate-append.js';
import { mapAtOnce } from './at-once.js';
import { collect } from './collect.js';
import { Gate } from './gate.js';
import type { Link } from './link.js';
import { readForwards } from './requests.js';
import { recordedEvent } from './responses.js';
import { Turns } from './turns.js';

/** A server takes about a hundred calls on one connection and lets further ones hang. The rest is for subscriptions. */
const AT_ONCE = 64;

/**
 * Reads of streams. At most one of a stream is under way; those asked for meanwhile become one, sent when it is over.
 * So each sees all that was acknowledged before it was asked for, and a stream that everybody reads costs little.
 */
export class Reads {
  readonly #turns = new Turns();
  readonly #gate = new Gate(AT_ONCE);
  readonly #unsent = new Map<string, Promise<StreamRead>>();

  constructor(
    private readonly link: Link,
    private readonly logger: Logger,
  ) {}

  readStreams(streams: readonly string[]): Promise<StreamRead[]> {
    return mapAtOnce(streams, AT_ONCE, (stream) => this.readStream(stream, 0));
  }

  readStream(stream: string, from: number): Promise<StreamRead> {
    if (!isStreamName(stream)) return Promise.resolve({ stream, revision: 'none', events: [] });
    const key = `${from} ${stream}`;
    const unsent = this.#unsent.get(key);
    if (unsent) return unsent;
    const deadline = this.link.deadline();
    const read = this.#turns.take(key, () =>
      this.#gate.pass(() => {
        this.#unsent.delete(key);
        return this.#send(stream, from, deadline);
      }),
    );
    this.#unsent.set(key, read);
    return read;
  }

  async #send(stream: string, from: number, deadline: number): Promise<StreamRead> {
    const { records, lastRevision } = await this.link.attempt(
      `read of ${stream}`,
      (connection, alive) => collect(connection, readForwards(stream, from), alive),
      deadline,
    );
    const events: RecordedEvent[] = [];
    for (const record of records) {
      const event = recordedEvent(record);
      if (event) events.push(event);
      else this.logger.debug({ stream, revision: record.revision }, 'left out an event that is not ours');
    }
    return { stream, revision: lastRevision, events };
  }
}
