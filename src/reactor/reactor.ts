import type { Kysely } from 'kysely';

import { MEMBERSHIP_STREAMS } from '../domain/streams.js';
import { START } from '../event-store/event-store.js';
import { moveCheckpoint, readCheckpoint, startCheckpoint } from '../projecting/checkpoint.js';
import type { Follower } from '../projecting/follower.js';
import { enqueue, withdraw } from './jobs.js';
import { react, settle } from './react.js';

export const REACTOR = 'reactor';
export const REACTOR_STREAMS = [MEMBERSHIP_STREAMS];

/**
 * Follows the log and turns events into jobs: checkpoint and jobs go into one transaction, so that an event is neither
 * forgotten nor acted upon twice. Never rebuilt: its effects are mails.
 */
// biome-ignore lint/suspicious/noExplicitAny: touches its checkpoint and the job queue only
export function reactor(db: Kysely<any>): Follower {
  return {
    name: REACTOR,
    streamPrefixes: REACTOR_STREAMS,
    async start() {
      await startCheckpoint(db, REACTOR, 1, START);
      return (await readCheckpoint(db, REACTOR)) ?? { position: START, witness: null };
    },
    async advance(batch, from, witness = batch.events.at(-1)) {
      await db.transaction().execute(async (tx) => {
        await enqueue(tx, batch.events.flatMap(react));
        // After what the same events put in: an attempt is asked for before it is spared.
        await withdraw(tx, batch.events.flatMap(settle));
        await moveCheckpoint(tx, REACTOR, from, batch.position, { witness });
      });
    },
  };
}
