import { type EventStore, EventStoreError } from '../event-store/event-store.js';

/** Told how long each append took and what came of it: `appended`, or the error's code. */
export interface AppendObserver {
  appended(outcome: string, seconds: number): void;
}

/** The same store, with its appends timed. */
export function observed(store: EventStore, observer: AppendObserver): EventStore {
  const timed = async <T>(append: () => Promise<T>): Promise<T> => {
    const start = performance.now();
    const report = (outcome: string) => observer.appended(outcome, (performance.now() - start) / 1000);
    try {
      const result = await append();
      report('appended');
      return result;
    } catch (error) {
      report(error instanceof EventStoreError ? error.code : 'error');
      throw error;
    }
  };
  return {
    append: (...request) => timed(() => store.append(...request)),
    appendMany: (appends) => timed(() => store.appendMany(appends)),
    readStream: (stream, from) => store.readStream(stream, from),
    readStreams: (streams) => store.readStreams(streams),
    subscribe: (options) => store.subscribe(options),
    head: () => store.head(),
    eventAt: (position) => store.eventAt(position),
    ...(store.eventsAt && { eventsAt: store.eventsAt.bind(store) }),
    close: () => store.close(),
  };
}
