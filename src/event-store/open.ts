import type { Pool } from 'pg';
import type { Logger } from '../logger.js';
import type { EventStore } from './event-store.js';
import { openPostgresEventStore } from './postgres.js';

export interface OpenOptions {
  /** The database of the read model, where the Postgres engine keeps its log too. Other engines do not use it. */
  readonly pool: Pool;
  readonly logger: Logger;
  /** Opens only a log that is there, and makes or changes nothing where its tables stand: for those who look at it from beside. */
  readonly mustExist?: boolean;
}

/** The setting names no engine there is. */
export class UnknownEventStore extends Error {
  readonly code = 'unknown-event-store';
  override readonly name = 'UnknownEventStore';
}

/**
 * Opens the event store that a setting names.
 *
 * @param url `postgres`, or the connection string of an EventStoreDB: `esdb://…`, `esdb+discover://…`
 * @throws UnknownEventStore for anything else; the setting is not in the message, for it may hold a password
 * @throws EventStoreMissing where it must exist and does not
 * @throws EventStoreUnavailable when the engine cannot open without its server
 */
export async function openEventStore(
  url: string,
  { pool, logger, mustExist = false }: OpenOptions,
): Promise<EventStore> {
  if (url === 'postgres') return openPostgresEventStore({ pool, logger, mustExist });
  if (/^esdb(\+discover)?:\/\//.test(url)) {
    // Loaded when needed: an installation on Postgres alone does without gRPC.
    const { openEventStoreDB } = await import('./eventstoredb.js');
    return openEventStoreDB({ connectionString: url, logger });
  }
  throw new UnknownEventStore('the event store is either "postgres" or begins with esdb:// or esdb+discover://');
}
