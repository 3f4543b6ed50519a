import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { constants } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';

import { lower, lowerSession, sessionOf } from '../giving-way.js';

/** Not the lowest there is: what others wait for may have to wait for a lock that it holds, for a moment. */
const PRIORITY = constants.priority.PRIORITY_BELOW_NORMAL;

/** Linux lets an ordinary user lower one session in a tenth of a second, in milliseconds. */
const PAUSE = 110;

/** So many sessions are lowered before this one at most: as many as a pool has connections, and then some. */
const TRIES = 20;

/** What is not typed of a connection. */
interface Backend {
  readonly processID: number;
  readonly connection: { readonly stream: Socket };
}

/**
 * Lets others go before what Postgres does for a connection, where it runs on this machine and this process may say so: as the one that is
 * built in does, which has the same owner. Each process of Postgres leads a session of its own, which is lowered with it. Elsewhere
 * nothing is changed.
 */
export async function lowerBackend(client: pg.PoolClient): Promise<void> {
  const { processID: id, connection } = client as unknown as Backend;
  if (!isBackendOf(connection.stream, id)) return;
  lower(id, PRIORITY);
  if (sessionOf(id) !== id) return;
  for (let tries = 0; tries < TRIES && !lowerSession(id, PRIORITY); tries++) {
    await delay(PAUSE, undefined, { ref: false });
    if (!isBackendOf(connection.stream, id)) return;
  }
}

/** The number of a process on another machine may be that of any here. A backend's name tells the port of whoever it works for. */
function isBackendOf({ localPort }: Socket, id: number): boolean {
  try {
    const title = readFileSync(`/proc/${id}/cmdline`, 'utf8');
    return title.startsWith('postgres: ') && title.includes(`(${localPort})`);
  } catch {
    return false;
  }
}
