import { EventStoreDBClient } from '@eventstore/db-client';
import type { Appended } from '../event-store.js';
import type { ReadyAppend } from '../validate-append.js';
import { answerOf } from './answers.js';
import { AppendStream } from './append-stream.js';
import { type AppendCall, type ReadCall, type ReadRequest, StreamsClient, StreamsService } from './wire.js';

type Stub = InstanceType<typeof StreamsClient>;

/**
 * What is used of the official client: its understanding of connection strings, TLS, credentials, discovery and
 * leaders, and its generated protocol. Its class shares these members with subclasses only, but makes instances from a
 * connection string only of itself. They were read in version 6.2.1, which `package.json` pins.
 *
 * Its own calls are not used. Its appends lose answers and never settle when anything goes wrong (see `AppendStream`),
 * its subscriptions report checkpoints before the events that precede them, and its reads take twice the time.
 */
interface OfficialClient {
  /** Opens a call on the present channel, making one first where there is none. */
  GRPCStreamCreator<Call>(
    stub: typeof StreamsClient,
    name: string,
    create: (client: Stub) => Call,
  ): () => Promise<Call>;
  callArguments(
    options: { readonly requiresLeader: boolean },
    callOptions: { readonly deadline: number },
  ): Required<Parameters<Stub['batchAppend']>>;
  /** Told of the end of every call. Turns to the leader when the answer was "not the leader". */
  handleError: (client: unknown, error: Error) => Promise<void>;
  /** Cancels every open call. */
  dispose(): Promise<void>;
}

/**
 * A client of a server or cluster, used until something is wrong with it and then replaced as a whole.
 *
 * Every call asks for the leader: only the leader has every append that it acknowledged, so that a read sees it.
 */
export class Connection {
  readonly #client: OfficialClient;
  readonly #channels = new Set<{ close(): void }>();
  #appends: Promise<AppendStream> | undefined;
  #closed = false;

  /** Nothing is sent before the first call. @throws Error when the connection string cannot be read */
  constructor(connectionString: string) {
    this.#client = EventStoreDBClient.connectionString(connectionString) as unknown as OfficialClient;
    const handleError = this.#client.handleError;
    // Rejects when it awaits a discovery that fails, and nobody handles that: it would end the process.
    this.#client.handleError = (client, error) => handleError(client, error).catch(() => {});
  }

  /** Opens a read or a subscription. It may fail, or fall silent, at any time from here on. */
  read(request: ReadRequest): Promise<ReadCall> {
    const { path, requestSerialize } = StreamsService.read;
    return this.#open('read', (client) =>
      client.makeServerStreamRequest(path, requestSerialize, answerOf, request, ...this.#callArguments()),
    );
  }

  /** Sends an append on the one call that carries them all. */
  async append(append: ReadyAppend): Promise<Appended> {
    this.#appends ??= this.#openAppends();
    const opening = this.#appends;
    const stream = await opening;
    if (!stream.ended) return stream.append(append);
    if (this.#appends === opening) this.#appends = undefined;
    return this.append(append);
  }

  /** Ends every open call with an error and gives the sockets back. */
  close(): void {
    this.#closed = true;
    void this.#client.dispose();
    for (const channel of this.#channels) channel.close();
  }

  async #openAppends(): Promise<AppendStream> {
    try {
      const call = await this.#open('batchAppend', (client) => client.batchAppend(...this.#callArguments()));
      return new AppendStream(call);
    } catch (error) {
      this.#appends = undefined;
      throw error;
    }
  }

  #callArguments() {
    return this.#client.callArguments({ requiresLeader: true }, { deadline: Number.POSITIVE_INFINITY });
  }

  #open<Call extends ReadCall | AppendCall>(name: string, create: (client: Stub) => Call): Promise<Call> {
    return this.#client.GRPCStreamCreator(StreamsClient, name, (client) => {
      // A discovery that was under way when this connection was closed ends here.
      if (this.#closed) throw new Error('the connection was closed');
      this.#channels.add(client.getChannel());
      const call = create(client);
      // An error with no listener ends the process, and a call may fail before or after anybody listens.
      call.on('error', () => {});
      return call;
    })();
  }
}
