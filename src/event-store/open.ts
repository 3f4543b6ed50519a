import type { Logger } from '../logger.js';
import type { EventStore } from './event-store.js';

export interface OpenOptions {
  /** The database of the service, for the engine that lives in it. */
  readonly connectionString: string;
  readonly logger: Logger;
}

/**
 * Opens the event store that a setting names: `postgres`, or the connection string of an EventStoreDB. Only the engine
 * that is used is loaded.
 *
 * @throws RangeError for any other setting
 * @throws EventStoreUnavailable
 */
export async function openEventStore(location: string, { connectionString, logger }: OpenOptions): Promise<EventStore> {
  if (location === 'postgres') {
    const { openPostgresEventStore } = await import('./postgres.js');
    return openPostgresEventStore({ connectionString, logger });
  }
  if (/^esdb(\+discover)?:\/\//.test(location)) {
    const { openEventStoreDB } = await import('./eventstoredb.js');
    return openEventStoreDB({ connectionString: location, logger });
  }
  throw new RangeError('EVENT_STORE is `postgres` or a connection string that begins with esdb:// or esdb+discover://');
}
