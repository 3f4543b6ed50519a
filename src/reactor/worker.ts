import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { Logger as GraphileLogger, type Runner, run, runMigrations, type WorkerEvents } from 'graphile-worker';
import type pg from 'pg';

import { findDead, type Liveness } from '../database/liveness.js';
import type { Logger } from '../logger.js';
import type { Tasks } from './tasks.js';

export interface WorkerOptions {
  readonly pool: pg.Pool;
  readonly liveness: Liveness;
  readonly tasks: Tasks;
  readonly logger: Logger;
  /** Jobs at a time. */
  readonly concurrency: number;
}

/** How often jobs are looked for whose worker was killed, in milliseconds. */
const RESCUE_INTERVAL = 2_000;

/** How often the queue is looked at besides being told, in milliseconds: this bounds how late a timed job starts. */
const POLL_INTERVAL = 1_000;

/** Makes the queue's tables. Many instances may do so at once. */
export async function prepareQueue(pool: pg.Pool, logger: Logger): Promise<void> {
  await runMigrations({ pgPool: pool, logger: queueLogger(logger) });
}

/** Works the job queue off until it is stopped. */
export class Worker {
  private readonly stopping = new AbortController();
  private runner: Runner | undefined;
  private rescuing: Promise<void> | undefined;

  constructor(private readonly options: WorkerOptions) {}

  async start(): Promise<void> {
    const { pool, liveness, tasks, logger, concurrency } = this.options;
    const events = new EventEmitter() as WorkerEvents;
    const announced = new Promise<void>((resolve, reject) => {
      events.once('pool:create', ({ workerPool }) => {
        liveness.announce(workerPool.id).then(resolve, reject);
      });
    });
    this.runner = await run({
      pgPool: pool,
      noHandleSignals: true,
      events,
      logger: queueLogger(logger),
      taskList: Object.fromEntries(
        Object.entries(tasks).map(([name, task]) => [name, (payload: unknown) => task(payload as never)]),
      ),
      crontab: '17 * * * * housekeeping',
      preset: {
        worker: {
          concurrentJobs: concurrency,
          pollInterval: POLL_INTERVAL,
          localQueue: { size: concurrency * 5, ttl: 60_000 },
          completeJobBatchDelay: 5,
          failJobBatchDelay: 5,
        },
      },
    });
    await announced;
    this.rescuing = this.rescue();
  }

  /** Lets the jobs at hand finish and hands the others back. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.rescuing;
    await this.runner?.stop();
  }

  /** Jobs that a killed worker held would otherwise rest for hours. */
  private async rescue(): Promise<void> {
    const { pool, logger } = this.options;
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        const rescued = await releaseJobsOfTheDead(pool);
        if (rescued > 0) logger.warn({ jobs: rescued }, 'took over the jobs of a worker that is gone');
      } catch (error) {
        logger.warn({ err: error }, 'could not look for jobs of workers that are gone');
      }
      await delay(RESCUE_INTERVAL, undefined, { signal }).catch(() => {});
    }
  }
}

/**
 * Gives back the jobs of workers that are alive nowhere. A job just taken is left alone: its worker may be about to
 * announce itself.
 */
export async function releaseJobsOfTheDead(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ locked_by: string }>(
    `select distinct locked_by from graphile_worker._private_jobs
     where locked_by is not null and locked_at < now() - interval '1 second'`,
  );
  const dead = await findDead(
    pool,
    rows.map(({ locked_by }) => locked_by),
  );
  if (dead.length === 0) return 0;
  const { rowCount } = await pool.query(
    `update graphile_worker._private_jobs set locked_at = null, locked_by = null, run_at = least(run_at, now())
     where locked_by = any($1)`,
    [dead],
  );
  await pool.query(`select pg_notify('jobs:insert', '{"r":1,"count":1}')`);
  return rowCount ?? 0;
}

function queueLogger(logger: Logger): GraphileLogger {
  return new GraphileLogger(() => (level, message, meta) => {
    // What it says at info is for debugging here.
    const fields = { queue: meta ?? {} };
    if (level === 'error') logger.error(fields, message);
    else if (level === 'warning') logger.warn(fields, message);
    else logger.debug(fields, message);
  });
}
