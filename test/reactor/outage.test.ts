/** A database that is away for a while in the middle of the work. */
import pg from 'pg';
import t, { type Test } from 'tap';

import type { InvitationEmails } from '../../src/commands/invitation-emails.js';
import { Liveness } from '../../src/database/liveness.js';
import { EventStoreUnavailable } from '../../src/event-store/event-store.js';
import type { Logger } from '../../src/logger.js';
import { enqueueNow, sendSignInLink } from '../../src/reactor/jobs.js';
import type { Tasks } from '../../src/reactor/tasks.js';
import { untilStored } from '../../src/reactor/until-stored.js';
import { Worker } from '../../src/reactor/worker.js';
import { openTestCore } from '../support/core.js';
import { deliveryTo } from '../support/delivery.js';
import { startMailing } from '../support/mailing.js';
import { startMoodyServer } from '../support/moody-server.js';
import { silent } from '../support/silent-logger.js';
import { startTcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';

const testCore = await openTestCore(t, { followers: true });
const { core, url } = testCore;
const founded = await testCore.foundWorkspace();
const { invite, jobsOf, nothingLeft } = deliveryTo(testCore, founded);

/** A worker of sign-in mails that reaches the database by a way that can be cut, and what it logs. */
async function startWorker(t: Test, task: (tokenId: string) => Promise<void>) {
  const address = new URL(url);
  const proxy = await startTcpProxy(Number(address.port));
  t.teardown(() => proxy.close());
  address.port = String(proxy.port);
  const pool = new pg.Pool({ connectionString: address.href, connectionTimeoutMillis: 2_000 });
  pool.on('error', () => {}).on('connect', (client) => client.on('error', () => {}));
  t.teardown(() => pool.end());
  const liveness = await new Liveness(address.href, silent).open();
  t.teardown(() => liveness.close());
  const said: string[] = [];
  const logger: Logger = { ...silent, warn: (_fields, message) => void said.push(message) };
  const tasks = { 'send-sign-in-link': ({ tokenId }) => task(tokenId) } satisfies Partial<Tasks>;
  const worker = new Worker({ pool, liveness, tasks: tasks as unknown as Tasks, logger, concurrency: 2 });
  await worker.start();
  t.teardown(() => worker.stop());
  return { proxy, said };
}

const signIn = (tokenId: string) =>
  enqueueNow(
    core.pool,
    sendSignInLink({ email: `${tokenId}@example.com`, locale: 'en', tokenId, issuedAt: new Date().toISOString() }),
  );

const jobsLeft = async () => (await core.pool.query('select 1 from graphile_worker._private_jobs')).rowCount;

t.test('a worker that cannot say that a job is done is followed by another, and that job is seen to', async (t) => {
  const done: string[] = [];
  let finish = (): void => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const { proxy, said } = await startWorker(t, async (tokenId) => {
    done.push(tokenId);
    if (tokenId === 'first') await finished;
  });
  await signIn('first');
  await until(() => done.length === 1, 'the job is under way');
  proxy.swallow();
  finish();
  await until(() => said.includes('the worker of the job queue gave up; another one begins'), 'it gave up');
  proxy.pass();
  await signIn('second');
  await until(() => done.includes('second'), 'there is work done again');
  await until(async () => (await jobsLeft()) === 0, 'no job is left');
});

/** A worker of mails that cannot record what became of the first `failures` of them. */
async function mailingWithout(t: Test, failures: number) {
  const server = await startMoodyServer(() => 'takes');
  t.teardown(() => server.close());
  let left = failures;
  const emails = new Proxy(core.emails, {
    get(real, property: keyof InvitationEmails) {
      if (property !== 'record') return real[property].bind(real);
      return async (...args: Parameters<InvitationEmails['record']>) => {
        if (left-- > 0) throw new EventStoreUnavailable('away');
        return real.record(...args);
      };
    },
  });
  const worker = await startMailing({ ...core, emails }, { smtpUrl: server.url });
  t.teardown(() => worker.stop());
  return { server, worker };
}

const SENT = [
  ['Attempted', 1],
  ['Sent', 1, 250, '2.0.0'],
];

t.test('what the mail server said is kept until it can be recorded, and the mail is not sent again', async (t) => {
  const { server } = await mailingWithout(t, 2);
  const { link, told } = await invite('kept@example.com');
  t.strictSame(await told('Sent'), SENT);
  await nothingLeft(t, link.invitationId, 'send-invitation');
  t.equal(server.copies.length, 1);
});

t.test('it outlives the process that heard it', async (t) => {
  const { server, worker } = await mailingWithout(t, Number.POSITIVE_INFINITY);
  const { link, told } = await invite('outlives@example.com');
  const kept = await until(async () => {
    const [job] = await jobsOf(link.invitationId, 'send-invitation');
    return job?.payload['outcome'] && job.payload;
  }, 'the queue keeps it in place of the mail');
  t.match(kept, { outcome: 'sent', attempt: 1, code: 250 });
  await worker.stop();
  await core.pool.query('update graphile_worker._private_jobs set run_at = now()');
  const healthy = await startMailing(core, { smtpUrl: server.url });
  t.teardown(() => healthy.stop());
  t.strictSame(await told('Sent'), SENT);
  await nothingLeft(t, link.invitationId, 'send-invitation');
  t.equal(server.copies.length, 1);
  t.equal(healthy.counts.get('mail invitation sent'), 1);
});

t.test('the first store that takes it is enough, and all are tried until one does', async (t) => {
  const tried: string[] = [];
  const store = (name: string, failures: number) => async () => {
    tried.push(name);
    if (tried.filter((each) => each === name).length <= failures) throw new Error('away');
  };
  const stopping = new AbortController().signal;
  await untilStored([store('log', 2), store('queue', 1)], { logger: silent, stopping });
  t.strictSame(tried, ['log', 'queue', 'log', 'queue']);
});

t.test('who stops is not waited for, but for a last try', async (t) => {
  const stopping = new AbortController();
  let tries = 0;
  const refusing = async () => {
    tries += 1;
    throw new Error('away');
  };
  // Its pauses have grown to seconds by then.
  const refused = t.rejects(untilStored([refusing], { logger: silent, stopping: stopping.signal }), {
    message: 'away',
  });
  await until(() => tries === 6, 'it was tried a few times');
  stopping.abort();
  await refused;
  t.equal(tries, 7);
  const silence = () => new Promise<void>(() => {});
  await untilStored([silence, async () => {}], { logger: silent, stopping: stopping.signal });
  await t.rejects(untilStored([silence], { logger: silent, stopping: stopping.signal }), {
    message: /does not answer/,
  });
});
