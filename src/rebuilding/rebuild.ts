import { readCheckpoint, VersionMismatch } from '../projecting/checkpoint.js';
import type { Projection } from '../projecting/projection.js';
import { eventsOf } from './build-and-compare.js';
import type { Comparison } from './compare.js';
import type { Act } from './journal.js';
import { OperationRefused } from './operation-refused.js';
import { type AnyDatabase, checkpointOf, dropSlot, makeSlot, type Slot } from './slot.js';
import { progressAt } from './standing.js';
import { type SwitchOptions, switchTables } from './switch.js';
import { buildInto, type ProjectionWork } from './work.js';

export interface SwitchRequest {
  /** Switches even where the tables differ. */
  readonly switchOnDifference?: boolean;
}

export interface RebuildRequest extends SwitchRequest {
  /** Throws away what was built so far instead of going on with it. */
  readonly restart?: boolean;
  /** Switches when it has caught up. */
  readonly switch?: boolean;
}

/** What came of a rebuild or a switch. */
export type Outcome =
  | { readonly state: 'interrupted' }
  | { readonly state: 'built' | 'switched'; readonly comparison: Comparison };

/**
 * Builds the tables anew beside the live ones, compares, and switches where that is asked for.
 *
 * @throws OperationRefused `tables-differ` when it was to switch and may not on a difference; what is built stays
 */
export async function rebuild(work: ProjectionWork, request: RebuildRequest): Promise<Outcome> {
  const { db, projection, decision } = work;
  if (request.switch) await requireNoPrevious(work);
  if (request.restart) await dropSlot(db, projection, 'next', decision);
  await makeSlot(db, projection, 'next');
  const comparison = await buildInto(work, 'next');
  if (!comparison) return { state: 'interrupted' };
  return request.switch ? switchOver(work, comparison, request) : { state: 'built', comparison };
}

/** Puts what was rebuilt in place of the live tables, once it has caught up and been compared again. */
export async function switchToBuilt(work: ProjectionWork, request: SwitchRequest): Promise<Outcome> {
  const { name } = work.projection;
  await requireSlot(work, 'next', `rebuild ${name} first`);
  await requireNoPrevious(work);
  const comparison = await buildInto(work, 'next');
  return comparison ? switchOver(work, comparison, request) : { state: 'interrupted' };
}

/** Puts the previous tables in place again, once they have caught up, whether or not they differ. */
export async function switchBack(work: ProjectionWork): Promise<Outcome> {
  await requireSlot(work, 'previous', `${work.projection.name} has not been switched, or they were dropped`);
  const comparison = await buildInto(work, 'previous');
  if (!comparison) return { state: 'interrupted' };
  await switchTo(work, 'previous', 'switched-back');
  return { state: 'switched', comparison };
}

/**
 * Compares the live tables with a fresh fold of the log, which is made beside them and removed again.
 *
 * @returns undefined where it was interrupted
 */
export async function verify(work: ProjectionWork): Promise<Comparison | undefined> {
  const { db, projection } = work;
  const { name, version } = projection;
  const live = await readCheckpoint(db, name);
  if (live && live.version !== version) {
    throw new VersionMismatch(
      `the live tables of ${name} are of version ${live.version}, this program has version ${version}: ` +
        'verify them with the program that keeps them',
    );
  }
  await dropSlot(db, projection, 'check');
  await makeSlot(db, projection, 'check');
  try {
    return await buildInto(work, 'check');
  } finally {
    await dropSlot(db, projection, 'check');
  }
}

/** Removes tables that are not live. */
export async function drop({ db, projection, decision }: ProjectionWork, slot: Slot): Promise<void> {
  if (!(await dropSlot(db, projection, slot, decision))) throw nothingIn(projection, slot);
}

/** Switches to tables that are where the live ones stand, but for what is written meanwhile. */
export async function switchTo(work: ProjectionWork, slot: SwitchOptions['slot'], act: Act): Promise<void> {
  const { db, store, projection, signal, decision, onProgress } = work;
  onProgress?.(progressAt('switching', await eventsOf(db, projection, slot)));
  await switchTables({ db, store, projection, slot, signal, act, decision });
}

async function switchOver(work: ProjectionWork, comparison: Comparison, request: SwitchRequest): Promise<Outcome> {
  if (!comparison.equal && !request.switchOnDifference) {
    throw new OperationRefused(
      'tables-differ',
      `the rebuilt tables of ${work.projection.name} differ from the live ones; nothing was switched. ` +
        'If that is what you want (a new version, a bug mended), switch with --switch-on-difference.',
      comparison,
    );
  }
  await switchTo(work, 'next', 'switched');
  return { state: 'switched', comparison };
}

async function requireSlot({ db, projection }: ProjectionWork, slot: Slot, why: string): Promise<void> {
  if (!(await hasSlot(db, projection, slot))) throw nothingIn(projection, slot, why);
}

async function requireNoPrevious({ db, projection }: ProjectionWork): Promise<void> {
  if (!(await hasSlot(db, projection, 'previous'))) return;
  const { name } = projection;
  throw new OperationRefused(
    'previous-exists',
    `${name} still has the tables of before its last switch; drop them first: projections drop ${name} --previous`,
  );
}

async function hasSlot(db: AnyDatabase, projection: Projection, slot: Slot): Promise<boolean> {
  return (await readCheckpoint(db, checkpointOf(projection, slot))) !== undefined;
}

const NOTHING_IN = {
  next: 'nothing-built',
  previous: 'nothing-previous',
  check: 'nothing-checked',
} as const satisfies Record<Slot, OperationRefused['code']>;

function nothingIn({ name }: Projection, slot: Slot, why?: string): OperationRefused {
  return new OperationRefused(NOTHING_IN[slot], `there are no ${slot} tables of ${name}${why ? `: ${why}` : ''}`);
}
