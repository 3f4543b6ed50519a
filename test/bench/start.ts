import { rm } from 'node:fs/promises';

import { temporaryFolder } from '../support/temporary-postgres.js';
import { startProgram } from './processes.js';
import { MAIN } from './setting.js';
import { type Figure, round } from './table.js';

/** From the start of the service with all its built-in parts, the data being there, until it is ready. */
export async function measureStart(): Promise<Figure[]> {
  const folder = await temporaryFolder();
  try {
    const first = await startProgram(MAIN, { DATA_DIR: folder });
    await first.stop();
    const second = await startProgram(MAIN, { DATA_DIR: folder });
    await second.stop();
    return [
      {
        what: 'start to ready, data there',
        value: `${round(second.startedIn / 1000, 2)} s (first start ${round(first.startedIn / 1000, 2)} s)`,
        limit: '< 4 s',
        holds: second.startedIn < 4_000,
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
