import { readCheckpoint } from '../projecting/checkpoint.js';
import type { Projection } from '../projecting/projection.js';
import { type Outcome, switchTo } from './rebuild.js';
import { type AnyDatabase, checkpointOf, dropSlot, makeSlot } from './slot.js';
import { buildInto, type ProjectionWork } from './work.js';

/**
 * Why live tables are left alone. `newer`: they, or those being built, are of a later version than the program's. `gone-back`:
 * somebody has put tables of an older version in the place of the program's, on purpose.
 */
export type NoUpgrade = 'up-to-date' | 'newer' | 'gone-back';

/** What came of an upgrade. */
export type Upgrade = Outcome | { readonly state: NoUpgrade };

/**
 * Builds tables of the program's version beside the live ones and switches. The tables of before become the previous; what was
 * previous until then is of an older version still, and is dropped just before.
 */
export async function upgrade(work: ProjectionWork): Promise<Upgrade> {
  const { db, projection, decision } = work;
  const reason = await whyNotUpgrade(db, projection);
  if (reason) return { state: reason };
  const begun = await readCheckpoint(db, checkpointOf(projection, 'next'));
  if (begun && begun.version < projection.version) await dropSlot(db, projection, 'next');
  await makeSlot(db, projection, 'next');
  const comparison = await buildInto(work, 'next');
  if (!comparison) return { state: 'interrupted' };
  await dropSlot(db, projection, 'previous', decision);
  await switchTo(work, 'next', 'upgraded');
  return { state: 'switched', comparison };
}

/** @returns undefined where the live tables are of an older version than the program's */
export async function whyNotUpgrade(db: AnyDatabase, projection: Projection): Promise<NoUpgrade | undefined> {
  const versionOf = async (checkpoint: string) => (await readCheckpoint(db, checkpoint))?.version ?? 0;
  const live = await versionOf(projection.name);
  if (live === projection.version) return 'up-to-date';
  if (live > projection.version) return 'newer';
  if ((await versionOf(checkpointOf(projection, 'next'))) > projection.version) return 'newer';
  if ((await versionOf(checkpointOf(projection, 'previous'))) >= projection.version) return 'gone-back';
  return undefined;
}
