import fc from 'fast-check';
import t, { type Test } from 'tap';

import { createDatabase as kyselyOn } from '../../src/database/database.js';
import { migrate } from '../../src/database/migrate.js';
import { createPool } from '../../src/database/pool.js';
import { purgeThrottles, type ThrottleLimits, Throttles } from '../../src/database/throttles.js';
import { createDatabase } from '../support/postgres.js';
import { silent } from '../support/silent-logger.js';

const LONG_AGO = '2020-01-01T00:00:00.000Z';
const DAY = 24 * 60 * 60;
const people = (count: number, name = 'r') => Array.from({ length: count }, (_, index) => `${name}${index}`);

async function openThrottles(t: Test, limits: Partial<ThrottleLimits>) {
  const { url } = await createDatabase(t);
  const pools = ['one', 'other'].map((name) =>
    createPool({ connectionString: url, name, logger: silent, max: 4, waitForDisk: false }),
  );
  t.teardown(() => Promise.all(pools.map((pool) => pool.end())));
  const [pool, second] = pools as [(typeof pools)[number], (typeof pools)[number]];
  await migrate(kyselyOn(pool));
  const refusals: string[] = [];
  const instance = (on: typeof pool) =>
    new Throttles(on, { newWorkspaceDays: 7, ...limits }, silent, (limit) => refusals.push(limit));
  return { pool, refusals, throttles: instance(pool), other: instance(second) };
}

const sender = (userId = 'olivia', workspaceId = 'acme', workspaceSince = LONG_AGO) => ({
  userId,
  workspaceId,
  workspaceOwnerId: 'olivia',
  workspaceSince,
});

t.test('as many are let through as the tighter limit has left, the first ones first', async (t) => {
  const { throttles, refusals } = await openThrottles(t, { perInviter: 3, perWorkspace: 5 });
  const { refused, standing } = await throttles.take(sender(), people(4));
  t.strictSame([...refused.keys()], ['r3']);
  const refusal = refused.get('r3');
  t.match(refusal, { limit: 'inviter', waitSeconds: DAY });
  const wait = Date.parse(refusal?.possibleAt ?? '') - Date.now();
  t.ok(wait > (DAY - 60) * 1000 && wait <= (DAY + 1) * 1000, 'in a day');
  t.match(standing, { inviter: { limit: 3, remaining: 0, windowSeconds: DAY }, workspace: { limit: 5, remaining: 2 } });
  const others = await throttles.take(sender('ada'), people(3, 's'));
  t.strictSame(
    [...others.refused].map(([id, { limit }]) => [id, limit]),
    [['s2', 'workspace']],
  );
  t.match(others.standing, { inviter: { remaining: 1 }, workspace: { remaining: 0 } });
  t.strictSame(refusals, ['inviter', 'workspace']);
});

t.test('a new workspace may send less, until it is old enough', async (t) => {
  const { throttles } = await openThrottles(t, { perWorkspace: 5, perNewWorkspace: 2 });
  const daysAgo = (days: number) => new Date(Date.now() - days * DAY * 1000).toISOString();
  const young = await throttles.take(sender('olivia', 'young', daysAgo(6.9)), people(3));
  t.strictSame([young.refused.size, young.standing.workspace?.limit, young.standing.inviter], [1, 2, undefined]);
  const second = await throttles.take(sender('olivia', 'second', daysAgo(1)), ['s']);
  t.strictSame(
    [...second.refused.values()].map(({ limit }) => limit),
    ['workspace'],
    'together with others of the owner',
  );
  const old = await throttles.take(sender('olivia', 'old', daysAgo(7.1)), people(3));
  t.strictSame([old.refused.size, old.standing.workspace?.limit], [0, 5]);
});

t.test('one recipient is written to so often, from one workspace and from all together', async (t) => {
  const { throttles, refusals } = await openThrottles(t, {
    perRecipient: 3,
    perRecipientInWorkspace: 2,
    perInviter: 99,
  });
  const take = async (workspaceId: string) => (await throttles.take(sender('olivia', workspaceId), ['r'])).refused;
  t.strictSame([(await take('a')).size, (await take('a')).size], [0, 0]);
  t.match((await take('a')).get('r'), { limit: 'recipient' });
  t.equal((await take('b')).size, 0);
  t.match((await take('b')).get('r'), { limit: 'recipient' });
  t.strictSame(refusals, ['recipient-in-workspace', 'recipient'], 'which of them it was is for operators alone');
  const { standing } = await throttles.take(sender('olivia', 'b'), ['r', 's']);
  t.strictSame([standing.inviter?.remaining, standing.workspace], [95, undefined], 'who is refused costs nothing');
});

t.test('without limits nobody is refused', async (t) => {
  const { throttles } = await openThrottles(t, {});
  for (let round = 0; round < 3; round++) {
    const { refused, standing } = await throttles.take(sender(), people(100));
    t.strictSame([refused.size, standing], [0, {}]);
  }
});

t.test('a window that has ended begins anew with the next mail', async (t) => {
  const { throttles, pool } = await openThrottles(t, { perInviter: 2, perRecipient: 2 });
  const take = async () => (await throttles.take(sender(), ['r'])).refused.size;
  t.strictSame([await take(), await take(), await take()], [0, 0, 1]);
  await pool.query('update mail.throttles set ends_at = now()');
  t.strictSame([await take(), await take(), await take()], [0, 0, 1]);
});

t.test('what is put back can be taken again, unless its window has ended since', async (t) => {
  const { throttles, pool } = await openThrottles(t, { perInviter: 3, perRecipient: 1 });
  const taken = await throttles.take(sender(), people(3));
  t.match(await taken.release(['r0', 'r1']), { inviter: { limit: 3, remaining: 2 } });
  t.strictSame([...(await throttles.take(sender(), people(3))).refused.keys()], ['r2']);
  await pool.query('update mail.throttles set ends_at = now()');
  await throttles.take(sender(), people(3));
  await taken.release(['r2']);
  t.equal((await throttles.take(sender(), ['r2'])).refused.size, 1, 'the new window is another one');
});

t.test('windows that have ended are forgotten', async (t) => {
  const { throttles, pool } = await openThrottles(t, { perInviter: 1 });
  await throttles.take(sender(), ['r']);
  t.equal(await purgeThrottles(pool), 0);
  await pool.query('update mail.throttles set ends_at = now()');
  t.equal(await purgeThrottles(pool), 4);
});

t.test(
  'whoever asks at once, on whichever instance: no limit is exceeded, and nobody is refused for nothing',
  async (t) => {
    const LIMITS = { perRecipient: 3, perRecipientInWorkspace: 2, perInviter: 8, perWorkspace: 10 };
    const { throttles, other, pool } = await openThrottles(t, LIMITS);
    const ask = fc.record({
      inviter: fc.constantFrom('i1', 'i2', 'i3'),
      workspace: fc.constantFrom('w1', 'w2'),
      recipients: fc.uniqueArray(fc.constantFrom(...people(5)), { minLength: 1, maxLength: 5 }),
      isOnOther: fc.boolean(),
      comesBack: fc.boolean(),
    });
    type Asked = typeof ask extends fc.Arbitrary<infer Each> ? Each : never;
    const someAsks = fc.array(ask, { minLength: 1, maxLength: 12 });
    const lasting = (asks: Asked[]): Asked[] => asks.map((each) => ({ ...each, comesBack: false }));
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.oneof(someAsks, someAsks.map(lasting)), async (asks) => {
        const nth = run++;
        const of = (id: string) => `${id}.${nth}`;
        const keysOf = (inviter: string, workspace: string, id: string) => [
          `by:${of(inviter)}`,
          `in:${of(workspace)}`,
          `to:${id}`,
          `to:${id}@${of(workspace)}`,
        ];
        const refusedKeys: string[][] = [];
        const used = new Map<string, number>();
        const count = (key: string) => used.set(key, (used.get(key) ?? 0) + 1);
        await Promise.all(
          asks.map(async ({ inviter, workspace, recipients, isOnOther, comesBack }) => {
            const ids = recipients.map(of);
            const taken = await (isOnOther ? other : throttles).take(sender(of(inviter), of(workspace)), ids);
            const granted = ids.filter((id) => !taken.refused.has(id));
            if (comesBack) {
              await taken.release(granted);
              return;
            }
            for (const id of granted) for (const key of keysOf(inviter, workspace, id)) count(key);
            for (const id of taken.refused.keys()) refusedKeys.push(keysOf(inviter, workspace, id));
          }),
        );
        const { rows } = await pool.query<{ key: string; used: number }>(
          `select key, used from mail.throttles where used > 0 and key ~ $1`,
          [`\\.${nth}(?:$|@)`],
        );
        const most = { by: LIMITS.perInviter, in: LIMITS.perWorkspace, to: LIMITS.perRecipient };
        const mostOf = (key: string) =>
          key.includes('@') ? LIMITS.perRecipientInWorkspace : most[key.slice(0, 2) as keyof typeof most];
        const counted = new Map(rows.map(({ key, used: times }) => [key, times]));
        for (const [key, times] of used) {
          if (times > mostOf(key) || counted.get(key) !== times) return false;
        }
        const isFull = (key: string) => counted.get(key) === mostOf(key);
        const isForNothing =
          asks.every(({ comesBack }) => !comesBack) && !refusedKeys.every((keys) => keys.some(isFull));
        return counted.size === used.size && !isForNothing;
      }),
      { numRuns: 60 },
    );
  },
);

t.test('sign-in mails are counted by address, and asking on does not make anybody wait longer', async (t) => {
  const { throttles, other, pool } = await openThrottles(t, {});
  const limit = { max: 2, seconds: 3600 };
  const answers = await Promise.all([throttles, other, throttles, other].map((each) => each.countSignIn('ana', limit)));
  const waits = answers.filter((wait) => wait !== undefined);
  t.equal(waits.length, 2);
  for (const wait of waits) t.ok(wait > 3500 && wait <= 3600);
  t.equal(await throttles.countSignIn('ben', limit), undefined);
  await pool.query('update mail.throttles set ends_at = now()');
  t.equal(await throttles.countSignIn('ana', limit), undefined);
});
