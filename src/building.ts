import { Closing } from './closing.js';
import { createDatabase } from './database/database.js';
import { createPool } from './database/pool.js';
import { openEventStore } from './event-store/open.js';
import { PROJECTIONS } from './projections.js';
import { ProjectionOperations } from './rebuilding/operations.js';
import { workInProcess } from './rebuilding/within-process.js';

export interface BuildingSettings {
  readonly databaseUrl: string;
  readonly eventStore: string;
  /** Of each projection, as the service has them that starts the process. */
  readonly versions: Readonly<Record<string, number>>;
}

/** The files of the program are of another release than the service that runs: a process reads them when it starts. */
class OtherRelease extends Error {
  override readonly name = 'OtherRelease';
  readonly code = 'other-release';
}

/** What a process does that the service starts to build tables of projections: on the stores of the service, by connections of its own. */
export const buildInProcess = () =>
  workInProcess<BuildingSettings>(async (settings, logger, work) => {
    requireSameRelease(settings);
    const { databaseUrl: connectionString, eventStore } = settings;
    const closing = new Closing((what, error) => logger.error({ what, err: error }, 'could not be closed'));
    try {
      // What is lost in a crash of Postgres is built again from the log.
      const options = { connectionString, logger, givesWay: true };
      const pool = createPool({ ...options, name: 'building', max: 6, waitForDisk: false });
      closing.add('database pool', () => pool.end());
      const logPool = createPool({ ...options, name: 'building, event store', max: 2 });
      closing.add('event store pool', () => logPool.end());
      const store = await openEventStore(eventStore, { pool: logPool, logger, mustExist: true });
      closing.add('event store', () => store.close());
      await work(
        new ProjectionOperations({ db: createDatabase(pool), connectionString, store, projections: PROJECTIONS }),
      );
    } finally {
      await closing.close();
    }
  });

/** @throws OtherRelease where tables would be built that the process does not know */
function requireSameRelease({ versions }: BuildingSettings): void {
  const other = PROJECTIONS.find(({ name, version }) => versions[name] !== version);
  if (!other) return;
  const { name, version } = other;
  throw new OtherRelease(
    `the files of this program were replaced while it runs: they have version ${version} of ${name}, the process has ` +
      `${versions[name] ?? 'none'}; start it again`,
  );
}
