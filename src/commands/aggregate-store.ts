import { setTimeout as delay } from 'node:timers/promises';

import { type DomainEvent, upcast } from '../domain/codec.js';
import { type Decider, fold } from '../domain/decider.js';
import { DomainError } from '../domain/domain-error.js';
import {
  type Appended,
  type EventStore,
  EventStoreUnavailable,
  type NewEvent,
  type Position,
  type RecordedEvent,
  START,
  StreamConflict,
  type StreamRead,
  type StreamState,
} from '../event-store/event-store.js';
import { type CommandContext, eventId, toNewEvents } from './command-context.js';

/** What a command led to. */
export interface Outcome<State> {
  /** The state with the command's events in it. */
  readonly state: State;
  /** The whole stream as known after the command. */
  readonly history: readonly RecordedEvent[];
  /** What this command wrote, now or when it was first sent; empty when there was nothing to do. */
  readonly written: readonly RecordedEvent[];
  /** Where the stream's last event stands in the log: a read model at this position shows the outcome. */
  readonly position: Position;
}

/** Told of what happens, for the metrics. */
export interface CommandObserver {
  /** Somebody else wrote to the stream between reading and appending. */
  conflict(): void;
}

export interface ExecuteOptions {
  /** The stream as just read together with others. */
  readonly read?: StreamRead;
  /**
   * Decides first as though the stream had no events, which spares a read where that is so nearly every time. If it is
   * not, the append conflicts, and the command is decided on what is there; nor is it refused before that was read.
   */
  readonly assumeNew?: boolean;
  /** Other streams that the command was built on: it is not carried out once they have moved. */
  readonly given?: readonly StreamState[];
  /** Asked before every append, with what was decided on: what it throws, the command comes to. */
  readonly admit?: () => Promise<void>;
}

/** How often a command is decided anew because somebody else wrote first, or because the store did not answer. */
const MAX_ATTEMPTS = 8;

/** Loads, decides, appends: the only way from a command to the log. */
export class AggregateStore {
  constructor(
    private readonly store: EventStore,
    private readonly observer: CommandObserver,
  ) {}

  /** Several streams in one call, in the order asked for. */
  async read(...streams: string[]): Promise<StreamRead[]> {
    return this.store.readStreams(streams);
  }

  /**
   * Carries out a command on a stream. Sent again with the same context, it answers the first outcome again: a command
   * recognises its own events in the stream by their ids.
   *
   * @param decide the events for a state; may run several times
   * @throws DomainError when the rules forbid it
   * @throws StreamConflict when others kept writing first, or wrote to a given stream
   * @throws EventStoreUnavailable when it is not known whether the events were stored
   */
  async execute<Command, State, Event extends DomainEvent>(
    decider: Decider<Command, State, Event>,
    stream: string,
    command: Command | ((state: State) => Command),
    context: CommandContext,
    options: ExecuteOptions = {},
  ): Promise<Outcome<State>> {
    const { given, admit } = options;
    // What was sent before has left events, most likely.
    const assumeNew = options.assumeNew === true && !context.isRepeat;
    let read = options.read ?? (assumeNew ? emptyRead(stream) : await this.store.readStream(stream));
    for (let attempt = 1; ; attempt++) {
      const before = outcomeSoFar(decider, read, context);
      if (before.written.length > 0) return before;
      const { state } = before;
      const toDecide = typeof command === 'function' ? (command as (state: State) => Command)(state) : command;
      try {
        const events = decider.decide(toDecide, state);
        if (events.length === 0) return before;
        await admit?.();
        const sent = toNewEvents(events, stream, context);
        return withAppended(decider, read, sent, await this.store.append(stream, sent, read.revision, given));
      } catch (error) {
        const isAssumption = assumeNew && attempt === 1 && error instanceof DomainError;
        if (!isAssumption) await this.recover(error, stream, attempt);
      }
      read = await this.store.readStream(stream);
    }
  }

  /** After a conflict at once; after silence in a little while, twice at most, since the caller waits too. */
  private async recover(error: unknown, stream: string, attempt: number): Promise<void> {
    if (attempt === MAX_ATTEMPTS) throw error;
    if (error instanceof StreamConflict && error.stream === stream) {
      this.observer.conflict();
      return;
    }
    if (!(error instanceof EventStoreUnavailable) || attempt > 2) throw error;
    await delay(50 * attempt + Math.random() * 50);
  }
}

export function emptyRead(stream: string): StreamRead {
  return { stream, revision: 'none', events: [] };
}

/** The state that a stream's events add up to. */
export function stateOf<Command, State, Event extends DomainEvent>(
  decider: Decider<Command, State, Event>,
  read: StreamRead,
): State {
  return fold(
    decider,
    read.events.map((recorded) => upcast(recorded) as Event),
  );
}

/** A stream as read, seen by a command: which of its events the command wrote itself, when it was sent before. */
export function outcomeSoFar<Command, State, Event extends DomainEvent>(
  decider: Decider<Command, State, Event>,
  read: StreamRead,
  context: CommandContext,
): Outcome<State> {
  const start = ownStart(read, context);
  const written = start === -1 ? [] : ownEvents(read, start, context);
  return {
    state: stateOf(decider, read),
    history: read.events,
    written,
    position: read.events.at(-1)?.position ?? START,
  };
}

/** Where the command's own events begin, -1 where there are none. */
function ownStart({ stream, events }: StreamRead, context: CommandContext): number {
  if (events.length === 0) return -1;
  const first = eventId(context, stream, 0);
  return events.findIndex(({ id }) => id === first);
}

function ownEvents(read: StreamRead, start: number, context: CommandContext): RecordedEvent[] {
  let end = start + 1;
  while (read.events[end]?.id === eventId(context, read.stream, end - start)) end++;
  return read.events.slice(start, end);
}

/** The outcome of an append, without reading the stream again. */
export function withAppended<Command, State, Event extends DomainEvent>(
  decider: Decider<Command, State, Event>,
  read: StreamRead,
  sent: readonly NewEvent[],
  { revision, position }: Appended,
): Outcome<State> {
  const first = revision - sent.length + 1;
  const written = sent.map((event, index) => ({ ...event, stream: read.stream, revision: first + index, position }));
  const history = [...read.events, ...written];
  return { state: stateOf(decider, { ...read, events: history }), history, written, position };
}
