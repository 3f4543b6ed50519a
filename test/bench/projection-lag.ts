import autocannon from 'autocannon';
import { KeptConnection } from '../../src/database/connection.js';
import { createPool } from '../../src/database/pool.js';
import { CHECKPOINT_CHANNEL } from '../../src/projecting/checkpoint.js';
import { silent } from '../support/silent-logger.js';
import { until } from '../support/until.js';
import { invitations } from './load.js';
import { foundWorkspace, type Setting, startService } from './setting.js';
import { type Figure, percentile, round } from './table.js';

const RATE = 1_000;
const SECONDS = 8;

/** How far the users tab is behind the log while a thousand people a second are invited. */
export async function measureProjectionLag(setting: Setting): Promise<Figure[]> {
  // Mails are left to another process, as an installation of this size would have it.
  const founding = await startService(setting);
  const { accessToken, workspaceId } = await foundWorkspace(founding, setting.trap);
  await founding.stop();
  const service = await startService(setting, { ROLES: 'api,projector' });
  const pool = createPool({ connectionString: setting.databaseUrl, name: 'bench', logger: silent });
  const appended: { readonly position: string; readonly at: number }[] = [];
  const lags: number[] = [];
  let next = 0;
  const listener = await new KeptConnection({
    connectionString: setting.databaseUrl,
    name: 'bench',
    logger: silent,
    onConnect: async (client) => void (await client.query(`listen ${CHECKPOINT_CHANNEL}`)),
    onNotification: (_channel, payload) => {
      const [name, position = ''] = payload.split(' ');
      if (name !== 'users-tab') return;
      for (let event = appended[next]; event && event.position <= position; event = appended[++next]) {
        lags.push(Math.max(0, performance.now() - event.at));
      }
    },
  }).open();
  try {
    const { setupRequest, ...request } = invitations(accessToken);
    const run = autocannon({
      url: `${service.url}/v1/workspaces/${workspaceId}/invitations`,
      connections: 16,
      overallRate: RATE,
      duration: SECONDS,
      ...request,
      requests: [
        {
          setupRequest,
          onResponse: (_status, _body, _context, headers) => {
            const position = (headers as Record<string, string> | undefined)?.['event-position'];
            if (position) appended.push({ position, at: performance.now() });
          },
        },
      ],
    });
    const { '2xx': invited, duration } = await run;
    await until(() => lags.length >= appended.length * 0.99, 'the users tab has caught up');
    const p99 = percentile(lags, 0.99);
    return [
      {
        what: 'users tab behind the log',
        value: `p99 ${round(p99)} ms at ${round(invited / duration)} invitations/s`,
        limit: `p99 < 100 ms at ${round(RATE)}/s`,
        holds: p99 < 100 && invited / duration >= 0.95 * RATE,
      },
    ];
  } finally {
    await listener.close();
    await pool.end();
    await service.stop();
  }
}
