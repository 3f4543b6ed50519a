import { EventEmitter } from 'node:events';
import { Logger as GraphileLogger, type Runner, run, runMigrations, type WorkerEvents } from 'graphile-worker';
import type pg from 'pg';
import { findDead, type Liveness } from '../database/liveness.js';
import type { Logger } from '../logger.js';
import { pauseFor } from '../pause-for.js';
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

/** Between two tries to begin to work again while the database is away, in milliseconds. */
const RELIEF_PAUSE = 1_000;

/** How often the queue is looked at besides being told, in milliseconds: this bounds how late a timed job starts. */
const POLL_INTERVAL = 1_000;

/** Makes the queue's tables. Many instances may do so at once. */
export async function prepareQueue(pool: pg.Pool, logger: Logger): Promise<void> {
  await runMigrations({ pgPool: pool, logger: queueLogger(logger) });
}

/** A run of the queue's own worker, which gives up for good when the database is away as a job ends. */
interface Shift {
  /** The name that it holds jobs under. */
  readonly id: string;
  readonly runner: Runner;
  /** Settles when it takes no more jobs, for whatever reason. */
  readonly over: Promise<void>;
  /** Settles when its last job has ended, too. */
  readonly ended: Promise<void>;
}

/** Works the job queue off until it is stopped. */
export class Worker {
  private readonly stopping = new AbortController();
  /** The last one takes jobs; the others finish what they hold. */
  private readonly shifts = new Set<Shift>();
  private background: Promise<unknown> | undefined;

  constructor(private readonly options: WorkerOptions) {}

  async start(): Promise<void> {
    const { shift, announced } = await this.begin();
    await announced;
    this.background = Promise.all([this.rescue(), this.relieve(shift)]);
  }

  /** Lets the jobs at hand finish and hands the others back. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.background;
    // Of a shift that is over already there is nothing to stop, but what it holds to wait for.
    await Promise.all(
      [...this.shifts].map(({ runner, ended }) =>
        runner.stop().then(
          () => ended,
          () => ended,
        ),
      ),
    );
  }

  private async begin(): Promise<{ readonly shift: Shift; readonly announced: Promise<void> }> {
    const { pool, liveness, tasks, logger, concurrency } = this.options;
    const events = new EventEmitter() as WorkerEvents;
    let id = '';
    let announced = Promise.resolve();
    events.once('pool:create', ({ workerPool }) => {
      ({ id } = workerPool);
      announced = liveness.announce(id);
      // Who starts waits for it; afterwards the connection announces whatever it is made anew with.
      announced.catch(() => {});
    });
    const over = new Promise<void>((resolve) => {
      events.once('pool:gracefulShutdown', () => resolve());
    });
    const runner = await run({
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
    const ended = runner.promise
      .catch((error: unknown) => logger.warn({ err: error }, 'the worker of the job queue ended'))
      .finally(() => this.shifts.delete(shift));
    const shift: Shift = { id, runner, over, ended };
    this.shifts.add(shift);
    return { shift, announced };
  }

  /** Begins another shift whenever one is over. */
  private async relieve(first: Shift): Promise<void> {
    const { logger, liveness } = this.options;
    const { signal } = this.stopping;
    const stopped = new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    let shift: Shift | undefined = first;
    while (shift) {
      await Promise.race([shift.over, stopped]);
      if (signal.aborted) return;
      logger.warn({}, 'the worker of the job queue gave up; another one begins');
      const { id, ended }: Shift = shift;
      // The jobs whose end it could not record are for others to look at then.
      void ended.then(() => liveness.retract(id));
      shift = await this.beginAgain();
    }
  }

  /** @returns undefined when it was stopped meanwhile */
  private async beginAgain(): Promise<Shift | undefined> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        return (await this.begin()).shift;
      } catch (error) {
        this.options.logger.warn({ err: error }, 'no worker of the job queue can begin yet');
        await pauseFor(RELIEF_PAUSE, signal);
      }
    }
    return undefined;
  }

  /** Jobs that a killed worker held would otherwise rest for hours. */
  private async rescue(): Promise<void> {
    const { pool, logger } = this.options;
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        const rescued = await releaseJobsOfTheDead(
          pool,
          [...this.shifts].map(({ id }) => id),
        );
        if (rescued > 0) logger.warn({ jobs: rescued }, 'took over the jobs of a worker that is gone');
      } catch (error) {
        logger.warn({ err: error }, 'could not look for jobs of workers that are gone');
      }
      await pauseFor(RESCUE_INTERVAL, signal);
    }
  }
}

/**
 * Gives back the jobs of workers that are alive nowhere. A job just taken is left alone: its worker may be about to
 * announce itself. So are all for as long as a database that was started again, or crashed, is young: nobody holds a lock there until
 * they have found that out, and a mail that is being sent would be sent once more.
 *
 * @param alive workers that are known to be, whatever their locks say
 */
export async function releaseJobsOfTheDead(pool: pg.Pool, alive: readonly string[] = []): Promise<number> {
  const { rows } = await pool.query<{ locked_by: string }>(
    `select distinct locked_by from graphile_worker._private_jobs
     where locked_by is not null and locked_at < now() - interval '1 second' and locked_by <> all($1)
       and (select coalesce(max(backend_start), pg_postmaster_start_time()) from pg_stat_activity
         where backend_type = 'checkpointer') < now() - interval '5 seconds'`,
    [alive],
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
