import type { Migration } from 'kysely';

import { checkpoints } from './0001-checkpoints.js';
import { http } from './0002-http.js';
import { rebuilds } from './0003-rebuilds.js';
import { parking } from './0004-parking.js';
import { works } from './0005-works.js';
import { mailPace } from './0006-mail-pace.js';
import { digests } from './0007-digests.js';
import { throttles } from './0008-throttles.js';
import { operating } from './0009-operating.js';

/** In order of their names; a migration that was released is never changed. */
export const migrations: Record<string, Migration> = {
  '0001-checkpoints': checkpoints,
  '0002-http': http,
  '0003-rebuilds': rebuilds,
  '0004-parking': parking,
  '0005-works': works,
  '0006-mail-pace': mailPace,
  '0007-digests': digests,
  '0008-throttles': throttles,
  '0009-operating': operating,
};
