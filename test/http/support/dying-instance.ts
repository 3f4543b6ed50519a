/**
 * An instance of the service that is killed in the middle of a batch: half of its invitations are in the log, nothing is
 * answered, nothing let go of. Started by `crash.test.ts` with what it needs as JSON in its only argument.
 */
import { Closing } from '../../../src/closing.js';
import { InviteMany } from '../../../src/commands/invite-many.js';
import { openCore } from '../../../src/core.js';
import type { EventStore } from '../../../src/event-store/event-store.js';
import { parseTokenKeys } from '../../../src/tokens/keys.js';
import { silent } from '../../support/silent-logger.js';
import { appOn, wordsFor } from './api.js';

interface Task {
  readonly databaseUrl: string;
  readonly addressKey: string;
  readonly tokenKeys: string;
  readonly request: string;
  readonly token: string;
  readonly body: object;
  readonly key: string;
}

const task = JSON.parse(process.argv[2] ?? '') as Task;
const tokenKeys = parseTokenKeys(task.tokenKeys);
const core = await openCore({
  databaseUrl: task.databaseUrl,
  eventStore: 'postgres',
  secrets: { addressKey: Buffer.from(task.addressKey, 'base64'), tokenKeys },
  logger: silent,
  closing: new Closing(() => {}),
});

const deadly = new Proxy(core.store, {
  get(store, property: keyof EventStore) {
    if (property !== 'appendMany') return store[property]?.bind(store);
    return async (...[appends]: Parameters<EventStore['appendMany']>) => {
      await store.appendMany(appends.slice(0, appends.length / 2));
      process.kill(process.pid, 'SIGKILL');
      return new Promise(() => {});
    };
  },
});

const app = await appOn({ core }, tokenKeys, {
  replace: () => ({ inviteMany: new InviteMany(deadly, core.aggregates) }),
});
await wordsFor(app, { core }).call(task.request, {
  body: task.body,
  headers: { authorization: `Bearer ${task.token}`, 'idempotency-key': task.key },
});
