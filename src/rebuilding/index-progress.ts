import { sql } from 'kysely';
import { pauseFor } from '../pause-for.js';

import type { Projection } from '../projecting/projection.js';
import { finishSlot } from './finish-slot.js';
import { type AnyDatabase, type Slot, schemaOf } from './slot.js';

/** How far Postgres is with the index that it makes. */
export interface IndexProgress {
  /** It has just begun; reads the table; sorts what it read; writes it into the index. */
  readonly phase: 'starting' | 'scanning' | 'sorting' | 'loading';
  /** Of the phase. */
  readonly done: number;
  /** 0 where nothing is counted, as while it sorts. */
  readonly total: number;
  readonly unit: 'blocks' | 'tuples';
}

/** Which of how many indexes was begun last. */
export interface IndexStep {
  readonly number: number;
  readonly of: number;
}

/** How often it is looked how far an index is, in milliseconds. */
const INTERVAL = 1_000;

/**
 * Makes the indexes of a slot that were left for later, and tells how far it is: before each, and every second while some are made, of
 * one of them.
 *
 * @param isAlone whether nobody else wants the machine
 * @param tell given null for an index where nothing is known of it, as before Postgres has begun and once it is done
 * @throws BrokenOff when `signal` aborts: those that were done stay
 */
export async function makeIndexesWatched(
  db: AnyDatabase,
  projection: Projection,
  slot: Slot,
  isAlone: boolean,
  signal: AbortSignal,
  tell: (step: IndexStep, index: IndexProgress | null) => void,
): Promise<void> {
  let step: IndexStep | undefined;
  let hasTold = false;
  const tellOf = (index: IndexProgress | null) => {
    if (step && (index || hasTold)) tell(step, index);
    hasTold = index !== null;
  };
  await watching(db, projection, slot, tellOf, () =>
    finishSlot(db, projection, slot, isAlone, signal, (number, of) => {
      step = { number, of };
      hasTold = false;
      tell(step, null);
    }),
  );
}

/**
 * Does work in the midst of which an index of the slot may be made, as keys are where rows are read again, and looks every second
 * how far it is.
 *
 * @param tell given null where none is being made, or nothing is known of it
 */
export async function watching<T>(
  db: AnyDatabase,
  projection: Projection,
  slot: Slot,
  tell: (index: IndexProgress | null) => void,
  work: () => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const watched = watch(db, schemaOf(projection, slot), over.signal, tell);
  try {
    return await work();
  } finally {
    over.abort();
    await watched;
  }
}

async function watch(
  db: AnyDatabase,
  schema: string,
  over: AbortSignal,
  tell: (index: IndexProgress | null) => void,
): Promise<void> {
  for (;;) {
    await pauseFor(INTERVAL, over);
    if (over.aborted) return;
    // The indexes are made without its being known how far they are, too.
    const indexes = await indexesUnderWay(db).catch(() => undefined);
    if (!over.aborted) tell(indexes?.get(schema) ?? null);
  }
}

/** A row of `pg_stat_progress_create_index`. */
export interface IndexRow {
  readonly phase: string;
  readonly blocksDone: number;
  readonly blocksTotal: number;
  readonly tuplesDone: number;
  readonly tuplesTotal: number;
}

/**
 * How far the indexes are that are made right now, whoever makes them, by the schema of their tables. By the tables, which others can
 * see: an index is there for nobody else until it is committed. Empty for a database role that may not see what other roles do.
 */
export async function indexesUnderWay(db: AnyDatabase): Promise<Map<string, IndexProgress>> {
  const { rows } = await sql<IndexRow & { readonly schema: string }>`
    select n.nspname as schema, p.phase, p.blocks_done as "blocksDone", p.blocks_total as "blocksTotal",
      p.tuples_done as "tuplesDone", p.tuples_total as "tuplesTotal"
    from pg_stat_progress_create_index p join pg_class c on c.oid = p.relid join pg_namespace n on n.oid = c.relnamespace
    where p.datname = current_database()`.execute(db);
  return new Map(rows.map(({ schema, ...row }) => [schema, progressIn(row)]));
}

/**
 * Postgres names the phases in words of its own, by its version and the kind of index: a b-tree is scanned for, sorted and loaded, an
 * index of words is sorted and merged by several processes, or filled while the table is read ("building index", and no more).
 */
export function progressIn({ phase, blocksDone, blocksTotal, tuplesDone, tuplesTotal }: IndexRow): IndexProgress {
  if (phase.includes('sorting')) return { phase: 'sorting', done: 0, total: 0, unit: 'tuples' };
  if (/loading|merging/.test(phase)) return { phase: 'loading', ...counted(tuplesDone, tuplesTotal), unit: 'tuples' };
  if (!phase.startsWith('building index')) return { phase: 'starting', done: 0, total: 0, unit: 'blocks' };
  return { phase: 'scanning', ...counted(blocksDone, blocksTotal), unit: 'blocks' };
}

/** Postgres counts one more than there are when it merges. */
const counted = (done: number, total: number) => ({ done: Math.min(done, total), total });
