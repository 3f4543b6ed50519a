import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import t from 'tap';

import { Closing } from '../../src/closing.js';
import { openCore } from '../../src/core.js';
import { membershipStream } from '../../src/domain/streams.js';
import { parseTokenKeys } from '../../src/tokens/keys.js';
import { createDatabase } from '../support/postgres.js';
import { silent } from '../support/silent-logger.js';
import { until } from '../support/until.js';
import { appOn, wordsFor } from './support/api.js';

t.test('a batch that died half-way is finished by whoever gets it next, and invites nobody twice', async (t) => {
  const { url: databaseUrl } = await createDatabase(t, { mayHaveTables: true });
  const addressKey = randomBytes(32).toString('base64');
  const keys = randomBytes(32).toString('base64');
  const tokenKeys = parseTokenKeys(keys);
  const closing = new Closing((what, error) => t.fail(`could not close ${what}: ${error}`));
  t.teardown(() => closing.close());
  const core = await openCore({
    databaseUrl,
    eventStore: 'postgres',
    secrets: { addressKey: Buffer.from(addressKey, 'base64'), tokenKeys },
    logger: silent,
    closing,
  });
  const app = await appOn({ core }, tokenKeys, {});
  t.teardown(() => app.close());
  const { call, signIn, createWorkspace } = wordsFor(app, { core });
  const owner = await signIn('owner@example.com');
  const workspaceId = await createWorkspace(owner);

  const request = `POST /v1/workspaces/${workspaceId}/invitations/batch`;
  const body = { recipients: Array.from({ length: 40 }, (_, index) => `p${index}@example.com`).join('\n') };
  const key = 'a-batch';
  const task = { databaseUrl, addressKey, tokenKeys: keys, request, token: owner.token, body, key };
  const script = fileURLToPath(new URL('./support/dying-instance.js', import.meta.url));
  const child = spawn(process.execPath, [script, JSON.stringify(task)], { stdio: ['ignore', 'ignore', 'inherit'] });
  const [, signal] = await once(child, 'exit');
  t.equal(signal, 'SIGKILL');

  const { rows } = await core.pool.query('select worker, answer from http.idempotency_keys');
  t.strictSame(rows.length, 1);
  t.not(rows[0].worker, null, 'the dead instance still has its name on the request');

  const send = () => call(request, { as: owner, body, headers: { 'idempotency-key': key } });
  // Postgres takes a moment to see that a killed process is gone.
  const finished = await until(async () => {
    const answer = await send();
    return answer.body.code === 'request-in-flight' ? undefined : answer;
  }, 'the request is taken over');
  t.strictSame(finished.body.summary, {
    invited: 40,
    'already-invited': 0,
    'already-member': 0,
    duplicate: 0,
    'invalid-address': 0,
    'not-allowed': 0,
    throttled: 0,
    unavailable: 0,
  });
  const again = await send();
  t.strictSame([again.text, again.headers['idempotency-replayed']], [finished.text, 'true']);
  const streams = finished.body.results.map(({ userId }: { userId: string }) =>
    membershipStream({ workspaceId, userId }),
  );
  const reads = await core.store.readStreams(streams);
  t.strictSame(new Set(reads.map(({ events }) => events.length)), new Set([1]));
});
