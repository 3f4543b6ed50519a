import { createHash, randomBytes, randomUUID } from 'node:crypto';

import { parseAddress } from '../../src/addresses/parse-recipients.js';
import { Closing } from '../../src/closing.js';
import { type Core, openCore } from '../../src/core.js';
import { readCheckpoint } from '../../src/projecting/checkpoint.js';
import { Following } from '../../src/projecting/follower.js';
import { projecting } from '../../src/projecting/project.js';
import { PROJECTIONS } from '../../src/projections.js';
import { reactor } from '../../src/reactor/reactor.js';
import { parseTokenKeys } from '../../src/tokens/keys.js';
import { startMailing } from '../support/mailing.js';
import { type Mood, type MoodyServer, startMoodyServer } from '../support/moody-server.js';
import { silent as logger } from '../support/silent-logger.js';
import { until } from '../support/until.js';
import { accountFor, type Mailed } from './delivery-account.js';
import type { Setting } from './setting.js';
import { type Figure, round } from './table.js';

const MAILS = 20_000;
const CONCURRENCY = 20;
/** How long the server is gone each time, in milliseconds, and after how many mails that it took. */
const OUTAGE = 5_000;
const OUTAGES_AFTER = [MAILS * 0.2, MAILS * 0.6];
/** Instead of half a minute to hours, and of two minutes; a busy machine must not be taken for a silent server. */
const PAUSES = [200, 500, 1_000] as const;
const SILENCE = 5_000;

/** What the server does at the first tries of an address, by the share of addresses; from then on it takes the mail. */
const MOODS: readonly { readonly percent: number; readonly moods: readonly Mood[] }[] = [
  { percent: 8, moods: ['greylists'] },
  { percent: 4, moods: ['greylists', 'greylists', 'is-busy'] },
  { percent: 4, moods: ['is-busy'] },
  { percent: 4, moods: ['drops-in-data'] },
  { percent: 3, moods: ['takes-and-drops'] },
  { percent: 1, moods: ['takes-and-drops', 'greylists', 'takes-and-drops'] },
  { percent: 1, moods: ['takes-and-hangs'] },
  { percent: 4, moods: ['refuses'] },
  { percent: 1, moods: ['greylists', 'refuses'] },
];

function moodOf(to: string, nth: number): Mood {
  let percent = createHash('sha256').update(to).digest().readUInt32BE() % 100;
  for (const { percent: share, moods } of MOODS) {
    if (percent < share) return moods[nth - 1] ?? (moods.includes('refuses') ? 'refuses' : 'takes');
    percent -= share;
  }
  return 'takes';
}

/** Many mails through a server that does all that servers do, and what the log, the queue and the server say of each at the end. */
export async function measureDelivery({ databaseUrl }: Setting): Promise<Figure[]> {
  const closing = new Closing((what, error) => {
    throw new Error(`could not close the ${what}`, { cause: error });
  });
  try {
    const secrets = { addressKey: randomBytes(32), tokenKeys: parseTokenKeys(randomBytes(32).toString('base64')) };
    const core = await openCore({ databaseUrl, eventStore: 'postgres', secrets, logger, closing });
    const followers = [...PROJECTIONS.map((each) => projecting(each, core.followersDb)), reactor(core.followersDb)];
    for (const follower of followers) {
      const following = new Following(follower, {
        store: core.store,
        connectionString: databaseUrl,
        logger,
        observer: core.metrics,
      });
      following.start();
      closing.add('follower', () => following.stop());
    }
    const server = await startMoodyServer(moodOf);
    closing.add('mail server', () => server.close());
    const mailing = await startMailing(core, {
      smtpUrl: server.url,
      pauses: PAUSES,
      silence: SILENCE,
      concurrency: CONCURRENCY,
      circuit: { pause: 500, longestPause: 2_000 },
    });
    closing.add('mailing', () => mailing.stop());

    const startedAt = performance.now();
    const people = await invite(core);
    const outages = await goAway(server, mailing.counts);
    await until(() => finals(mailing.counts) >= MAILS, 'every mail has an outcome', 900_000);
    const seconds = (performance.now() - startedAt) / 1000;
    await until(async () => (await jobsLeft(core)) === 0, 'no job is left', 60_000);
    await caughtUp(core);
    const account = await accountFor(core, people, server, mailing, moodOf);
    return [
      {
        what: `${round(MAILS)} mails through a flaky server`,
        value: `${round(account.sent)} sent, ${round(account.failed)} refused for good, ${round(account.unaccounted)} unaccounted for`,
        limit: 'one outcome each, in log, users tab, metrics and at the server',
        holds: account.unaccounted === 0 && account.sent + account.failed === MAILS,
      },
      {
        what: 'mails that came more than once',
        value: `${round(account.copied)}, of which ${round(account.otherwiseCopied)} without need or under another Message-ID`,
        limit: 'only where the server took a mail and never said so; the same Message-ID',
        holds: account.otherwiseCopied === 0,
      },
      {
        what: `attempts while the server was gone, ${OUTAGE / 1000} s each time`,
        value: outages.map((outage) => round(outage)).join(', '),
        limit: `≤ ${3 * CONCURRENCY}`,
        holds: outages.every((outage) => outage <= 3 * CONCURRENCY),
      },
      {
        what: 'from the first invitation to the last outcome',
        value: `${round(seconds)} s, ${round(account.attempts)} attempts, ${round(account.attempts / seconds)}/s`,
        limit: 'ends',
        holds: true,
      },
    ];
  } finally {
    await closing.close();
  }
}

async function invite(core: Core): Promise<Mailed[]> {
  const idOf = (email: string) => {
    const parsed = parseAddress(email);
    if (!parsed.ok) throw new TypeError(`${email} is no address`);
    return core.digest(parsed.address);
  };
  const context = () => ({
    commandId: randomUUID(),
    correlationId: randomUUID(),
    actor: { type: 'user' as const, id: ownerId },
    now: new Date().toISOString(),
  });
  const owner = { email: 'owner@example.com', name: 'Owner' };
  const ownerId = idOf(owner.email);
  const workspaceId = core.newId();
  await core.accounts.register(ownerId, owner, context());
  await core.workspaces.create(workspaceId, 'Example', { userId: ownerId, ...owner }, context());
  const people: Mailed[] = [];
  for (let from = 0; from < MAILS; from += 1_000) {
    const invitees = Array.from({ length: 1_000 }, (_, index) => {
      const email = `person${from + index}@example.com`;
      return { userId: idOf(email), email, role: 'developer' as const };
    });
    const { results } = await core.inviteMany.invite(workspaceId, ownerId, invitees, context());
    if (results.some(({ status }) => status !== 'invited')) throw new Error('somebody was not invited');
    people.push(...invitees.map(({ userId, email }) => ({ workspaceId, userId, email })));
  }
  return people;
}

/** Lets the server go away and come back. @returns the attempts that were begun meanwhile, for each time */
async function goAway(server: MoodyServer, counts: ReadonlyMap<string, number>): Promise<number[]> {
  const attempts = () => counts.get('attempted invitation') ?? 0;
  const outages = [];
  for (const after of OUTAGES_AFTER) {
    await until(() => finals(counts) >= after, 'the server has taken so many mails', 600_000);
    await server.leave();
    const [before, backAt] = [attempts(), performance.now() + OUTAGE];
    await until(() => performance.now() >= backAt, 'the server comes back');
    outages.push(attempts() - before);
    await server.comeBack();
  }
  return outages;
}

function finals(counts: ReadonlyMap<string, number>): number {
  return (counts.get('mail invitation sent') ?? 0) + (counts.get('mail invitation failed') ?? 0);
}

async function jobsLeft({ pool }: Core): Promise<number> {
  const { rowCount } = await pool.query(
    `select from graphile_worker.jobs where task_identifier = 'send-invitation' limit 1`,
  );
  return rowCount ?? 0;
}

async function caughtUp({ db, store }: Core): Promise<void> {
  const head = await store.head();
  for (const { name } of PROJECTIONS) {
    const reached = async () => ((await readCheckpoint(db, name))?.position ?? '') >= head;
    await until(reached, `${name} has caught up`, 120_000);
  }
}
