import type { Kysely } from 'kysely';

import type { EventStore } from '../event-store/event-store.js';
import { makeMailsDue, type QueuedMail, readQueuedMails } from './queue.js';
import { type ReactorStanding, readReactorStanding } from './reactor-standing.js';

/** What operators ask of the reactor and of the mails that it has called for. */
export class ReactorOperations {
  constructor(
    // biome-ignore lint/suspicious/noExplicitAny: reads the checkpoint and the queue only
    private readonly db: Kysely<any>,
    private readonly store: EventStore,
  ) {}

  status(): Promise<ReactorStanding> {
    return readReactorStanding(this.db, this.store);
  }

  /** The mails that wait, those first that are due first. */
  mails(limit: number): Promise<QueuedMail[]> {
    return readQueuedMails(this.db, limit);
  }

  /** Makes mails that wait due now. @param id the only one; all where it is absent. @returns how many */
  retryMails(id?: number): Promise<number> {
    return makeMailsDue(this.db, id);
  }
}
