import { randomUUID } from 'node:crypto';
import type { Test } from 'tap';
import {
  type Appended,
  type EventStore,
  EventStoreUnavailable,
  type ExpectedRevision,
  type JsonObject,
  type NewEvent,
  type Position,
} from '../../../src/event-store/event-store.js';
import { until } from '../../support/until.js';

/** What an engine hands the contract: a store, and what can be done to the server behind it. */
export interface Opened {
  readonly store: EventStore;
  /** Text that cannot be a position of this engine, such as one of another engine. */
  readonly foreignPosition: Position;
  /** Cuts the connections of every store to the server, which goes on running. Left out where it cannot be done. */
  readonly disconnect?: () => Promise<void>;
  /** Stops the server and starts it again at the same address on the same data. Left out where it cannot be done. */
  readonly restart?: () => Promise<void>;
}

/** The store under test, and a way to open more stores on the same log; all are closed with the test that opened them. */
export class Subject {
  private constructor(
    readonly first: Opened,
    private readonly open: () => Promise<Opened>,
  ) {}

  static async open(t: Test, open: () => Promise<Opened>): Promise<Subject> {
    const first = await open();
    t.teardown(() => first.store.close());
    return new Subject(first, open);
  }

  get store(): EventStore {
    return this.first.store;
  }

  async another(t: Test): Promise<EventStore> {
    const { store } = await this.open();
    t.teardown(() => store.close());
    return store;
  }
}

/** For the cases about what cannot be done to the server here. */
export const CANNOT_DO = { skip: 'the server cannot be made to do it here' };

/** A category of streams that nobody else uses: `name('a')` is a stream in it, `prefix` matches all of them. */
export function ownStreams(): { prefix: string; name: (suffix: string | number) => string } {
  const prefix = `contract_${randomUUID()}-`;
  return { prefix, name: (suffix) => prefix + suffix };
}

/** A stream that nobody else uses. */
export const ownStream = (): string => ownStreams().name('only');

export const anEvent = (data: JsonObject = {}, type = 'SomethingHappened'): NewEvent => ({
  id: randomUUID(),
  type,
  data,
  metadata: { schemaVersion: 1 },
});

/** Events whose data carry their number, counted from `from`. */
export const someEvents = (count: number, from = 0): NewEvent[] =>
  Array.from({ length: count }, (_, index) => anEvent({ number: from + index }));

export const ids = (events: readonly { readonly id: string }[]): string[] => events.map((event) => event.id);

/** A door that holds up whoever awaits `opened` until `open` is called. */
export function door(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** What `promised` rejects with; fails the test when it does not reject. */
export async function failureOf(promised: Promise<unknown>): Promise<unknown> {
  try {
    await promised;
  } catch (error) {
    return error;
  }
  throw new Error('expected a rejection');
}

/** Appends as a client has to while a server may be away: again with the same event ids until the outcome is known. */
export function appendSurely(
  store: EventStore,
  stream: string,
  events: readonly NewEvent[],
  expectedRevision: ExpectedRevision,
): Promise<Appended> {
  return surely(() => store.append(stream, events, expectedRevision), `the append to ${stream} was answered`);
}

/** Does it again while the store is unavailable. */
export function surely<T extends object>(attempt: () => Promise<T>, what: string): Promise<T> {
  return until(
    () =>
      attempt().catch((error: unknown) => {
        if (error instanceof EventStoreUnavailable) return undefined;
        throw error;
      }),
    what,
    60_000,
  ) as Promise<T>;
}
