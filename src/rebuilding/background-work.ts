import { randomUUID } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type pg from 'pg';

import { findDead } from '../database/liveness.js';
import type { Logger } from '../logger.js';
import type { Progress } from './standing.js';
import type { WorkOptions } from './work.js';
import { WorkUnderWay } from './work-lock.js';

/** A piece of work on a projection that is being done, or was done last, by whichever process. */
export interface Work {
  readonly operation: string;
  readonly by: string;
  readonly state: 'running' | 'done' | 'failed' | 'interrupted';
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly progress: Progress | null;
  /** What came of it. */
  readonly result: object | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

export interface BackgroundWorkOptions {
  readonly pool: pg.Pool;
  // biome-ignore lint/suspicious/noExplicitAny: its own table, whatever tables the connection knows
  readonly db: Kysely<any>;
  /** The name under which this process announces that it is alive. */
  readonly process: string;
  readonly logger: Logger;
}

/** How often at most it is written down how far a piece of work is, in milliseconds. */
const PROGRESS_INTERVAL = 500;

/**
 * Does work that takes its time while nobody waits for it. How far it is and what came of it can be asked of any process, until
 * the next piece of work on the same projection; what a process was doing when it was killed counts as interrupted.
 */
export class BackgroundWork {
  private readonly running = new Set<Promise<void>>();
  private readonly stopping = new AbortController();

  constructor(private readonly options: BackgroundWorkOptions) {}

  async of(projection: string): Promise<Work | null> {
    const recorded = await this.read(projection);
    return recorded?.work ?? null;
  }

  private async read(projection: string): Promise<{ readonly id: string; readonly work: Work } | undefined> {
    const { pool, db } = this.options;
    const { rows } = await sql<Work & { id: string; process: string }>`
      select id, operation, asked_by as by, state, started_at as "startedAt", ended_at as "endedAt", progress, result, error, process
      from following.works where projection = ${projection}`.execute(db);
    const [row] = rows;
    if (!row) return undefined;
    const { id, process, ...work } = row;
    const wasKilled = work.state === 'running' && (await findDead(pool, [process])).length > 0;
    return { id, work: wasKilled ? { ...work, state: 'interrupted' } : work };
  }

  /**
   * Begins, and returns at once.
   *
   * @throws WorkUnderWay when some process is at work on the projection already, by a request like this
   */
  async start(
    projection: string,
    { operation, by }: Pick<Work, 'operation' | 'by'>,
    action: (options: WorkOptions) => Promise<object | undefined>,
  ): Promise<Work> {
    const { db, process, logger } = this.options;
    const before = await this.read(projection);
    if (before?.work.state === 'running') throw underWay(projection);
    const id = randomUUID();
    const { rows } = await sql<Work>`
      insert into following.works as w (projection, id, process, operation, asked_by, state)
      values (${projection}, ${id}, ${process}, ${operation}, ${by}, 'running')
      on conflict (projection) do update
        set id = excluded.id, process = excluded.process, operation = excluded.operation, asked_by = excluded.asked_by, state = excluded.state,
          started_at = excluded.started_at, ended_at = null, progress = null, result = null, error = null
        where w.id = ${before?.id ?? null}
      returning operation, asked_by as by, state, started_at as "startedAt", ended_at as "endedAt", progress, result, error`.execute(
      db,
    );
    const [begun] = rows;
    if (!begun) throw underWay(projection);
    logger.info({ projection, operation, by }, 'an operator has started work on a projection');
    const done = this.carryOut(projection, id, begun, action).finally(() => this.running.delete(done));
    this.running.add(done);
    return begun;
  }

  /** Interrupts what is under way here; the same request goes on from there. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.running);
  }

  private async carryOut(
    projection: string,
    id: string,
    { operation, by }: Work,
    action: (options: WorkOptions) => Promise<object | undefined>,
  ): Promise<void> {
    const { logger } = this.options;
    let toldAt = Number.NEGATIVE_INFINITY;
    let phase: Progress['phase'] = null;
    const onProgress = (progress: Progress) => {
      const now = performance.now();
      if (progress.phase === phase && now - toldAt < PROGRESS_INTERVAL) return;
      toldAt = now;
      phase = progress.phase;
      void this.tell(id, sql`progress = ${JSON.stringify(progress)}`);
    };
    try {
      const result = await action({ signal: this.stopping.signal, onProgress });
      const state = result === undefined || this.stopping.signal.aborted ? 'interrupted' : 'done';
      logger.info({ projection, operation, by, state }, 'the work on a projection has ended');
      await this.tell(id, sql`state = ${state}, ended_at = now(), result = ${result ? JSON.stringify(result) : null}`);
    } catch (error) {
      const { code = 'unexpected', message } = error as NodeJS.ErrnoException;
      logger.warn({ projection, operation, by, err: error }, 'the work on a projection has failed');
      await this.tell(id, sql`state = 'failed', ended_at = now(), error = ${JSON.stringify({ code, message })}`);
    }
  }

  /** The work itself must not fail for its being told. */
  private async tell(id: string, change: ReturnType<typeof sql>): Promise<void> {
    const { db, logger } = this.options;
    try {
      await sql`update following.works set ${change} where id = ${id}`.execute(db);
    } catch (error) {
      logger.warn({ err: error }, 'what became of the work on a projection could not be written down');
    }
  }
}

function underWay(projection: string): WorkUnderWay {
  return new WorkUnderWay(`${projection} is being worked on`);
}
