import { sql } from 'kysely';

import type { EventStore } from '../event-store/event-store.js';
import { readCheckpoints } from '../projecting/checkpoint.js';
import type { FollowerFigures } from '../projecting/follower-figures.js';
import { lagSeconds } from '../projecting/lag.js';
import { asItIsNow, whyNotThisLog } from '../projecting/same-log.js';
import type { AnyDatabase } from './slot.js';

/** Figures of followers; of those that never started there are none. */
export async function readFollowerFigures(
  db: AnyDatabase,
  store: EventStore,
  followers: readonly { readonly name: string; readonly streamPrefixes: readonly string[] }[],
): Promise<FollowerFigures[]> {
  const checkpoints = await readCheckpoints(db);
  const { rows } = await sql<{ checkpoint: string }>`
    select checkpoint from following.builds where failure is not null`.execute(db);
  const failed = new Set(rows.map(({ checkpoint }) => checkpoint.split(':', 1)[0]));
  const log = asItIsNow(store);
  const figures = followers.map(async ({ name, streamPrefixes }): Promise<FollowerFigures[]> => {
    const checkpoint = checkpoints.get(name);
    if (!checkpoint) return [];
    const isNewerThanLog = (await whyNotThisLog(log, checkpoint)) !== undefined;
    const { position } = checkpoint;
    return [
      {
        name,
        lagSeconds: isNewerThanLog ? 0 : await lagSeconds(store, { position, streamPrefixes }),
        isPaused: checkpoint.pausedAt !== null,
        isNewerThanLog,
        hasBuildFailed: failed.has(name),
      },
    ];
  });
  return (await Promise.all(figures)).flat();
}
