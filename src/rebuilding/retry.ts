import { readParkedStreams } from '../projecting/parking.js';
import { record } from './journal.js';
import { OperationRefused } from './operation-refused.js';
import { holdLive, NOTHING_REPLAYED, type Retried, replay } from './replay.js';
import type { ProjectionWork } from './work.js';

/** Every parked stream. */
const ALL = 2_147_483_647;

/**
 * Projects what is parked of one stream, or of all where it is absent, those first that have waited longest.
 *
 * @throws OperationRefused `nothing-parked`; and what `replay` throws
 */
export async function retry(work: ProjectionWork, stream: string | undefined): Promise<Retried> {
  const { db, projection, decision } = work;
  const { name } = projection;
  const parked = (await readParkedStreams(db, name, ALL)).map((each) => each.stream);
  const streams = stream === undefined ? parked : parked.filter((each) => each === stream);
  if (streams.length === 0) throw nothingParked(stream ?? name);
  const asked = stream === undefined ? { streams: streams.length } : { stream };
  const entry = await db.transaction().execute(async (tx) => {
    await holdLive(tx, projection);
    return record(tx, name, 'retried', decision, { ...asked, ...NOTHING_REPLAYED });
  });
  return replay(work, streams, entry);
}

/** @param what a stream, or a projection */
export function nothingParked(what: string): OperationRefused {
  return new OperationRefused('nothing-parked', `nothing of ${what} is parked`);
}
