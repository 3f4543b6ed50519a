import { type Position, START } from '../event-store.js';
import type { Answer, EventRecord } from './answers.js';
import type { Connection } from './connection.js';
import { isStreamDeleted, isUnknownToServer } from './failures.js';
import { type LogPosition, toPosition } from './position.js';
import { readAt, readBackwards, readHead } from './requests.js';
import type { ReadRequest } from './wire.js';

/** All that a read answered. A stream that does not exist, or does no more, has no last revision. */
export interface Collected {
  readonly records: readonly EventRecord[];
  readonly lastRevision: number | 'none';
}

/** Reads to the end. A caller that gives up closes the connection, which ends the call. */
export async function collect(connection: Connection, request: ReadRequest, alive: () => void): Promise<Collected> {
  const call = await connection.read(request);
  return new Promise((resolve, reject) => {
    const records: EventRecord[] = [];
    let lastRevision: Collected['lastRevision'] = 'none';
    call.on('data', (answer: Answer) => {
      alive();
      if (answer.record) records.push(answer.record);
      lastRevision = answer.lastRevision ?? lastRevision;
    });
    call.on('end', () => resolve({ records, lastRevision }));
    call.on('error', (error: Error) => {
      if (isStreamDeleted(error)) resolve({ records: [], lastRevision: 'none' });
      else reject(error);
    });
  });
}

/** An event by what identifies it. */
export interface Trace {
  readonly id: string;
  readonly revision: number;
  readonly position: Position;
}

/** The last events of a stream, at most `count`, the oldest of them first. */
export async function readTail(
  connection: Connection,
  stream: string,
  count: number,
  alive: () => void,
): Promise<Trace[]> {
  const { records } = await collect(connection, readBackwards(stream, count), alive);
  const traces = records.map((record) => ({
    id: record.id,
    revision: record.revision,
    position: toPosition(record),
  }));
  return traces.reverse();
}

/** The position of the newest event of the log, whoever wrote it; `START` where there is none. */
export async function readHeadPosition(connection: Connection, alive: () => void): Promise<Position> {
  const { records } = await collect(connection, readHead(), alive);
  const [newest] = records;
  return newest ? toPosition(newest) : START;
}

/** The id of the event that begins at a place of the log; undefined where none does, or one of the server's own. */
export async function readEventAt(
  place: LogPosition,
  connection: Connection,
  alive: () => void,
): Promise<string | undefined> {
  const { records } = await collect(connection, readAt(place), alive).catch((error: unknown) => {
    if (isUnknownToServer(error)) return { records: [] };
    throw error;
  });
  const [record] = records;
  // Where nothing begins there, the server may answer with what comes next.
  if (!record || toPosition(record) !== toPosition(place)) return undefined;
  return record.type.startsWith('$') ? undefined : record.id;
}
