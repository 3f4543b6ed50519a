import type pg from 'pg';
import t from 'tap';

import { MailPace, type MailRates, type MailSlot, purgeMailPace } from '../../src/database/mail-pace.js';
import { openTestCore } from '../support/core.js';

const { core } = await openTestCore(t);
const { pool } = core;

t.beforeEach(async () => void (await pool.query('delete from mail.pace')));

/** While no time passes, as in a transaction. */
async function atOneMoment(rates: MailRates, act: (pace: MailPace) => Promise<void>): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await act(new MailPace(client as unknown as pg.Pool, rates));
  } finally {
    await client.query('rollback');
    client.release();
  }
}

/** How many of so many mails may go at once, and when the others come back, in order. */
async function ask(pace: MailPace, domain: string, mails: number) {
  const waits = [];
  for (let mail = 0; mail < mails; mail++) waits.push(await pace.wait(domain));
  const later = waits.filter((slot) => slot !== undefined);
  return { atOnce: mails - later.length, later };
}

const times = (slots: readonly MailSlot[]) => slots.map(({ at }) => Date.parse(at));

t.test('without a rate nothing waits, and the database is not asked', async (t) => {
  t.strictSame(await ask(new MailPace(pool, {}), 'example.com', 50), { atOnce: 50, later: [] });
  t.equal((await pool.query('select from mail.pace')).rowCount, 0);
});

t.test('mails over the rate come back one after the other, at the rate', async (t) => {
  await atOneMoment({ perSecond: 2 }, async (pace) => {
    const { atOnce, later } = await ask(pace, 'example.com', 8);
    t.equal(atOnce, 3, 'about as many as in a second go at once');
    const at = times(later);
    const gaps = at.slice(1).map((time, index) => time - (at[index] ?? 0));
    t.ok(
      gaps.every((gap) => Math.abs(gap - 500) <= 1),
      `${gaps}`,
    );
  });
});

t.test('processes share a rate', async (t) => {
  await ask(new MailPace(pool, { perSecond: 0.001 }), 'example.com', 3);
  const { atOnce } = await ask(new MailPace(pool, { perSecond: 0.001 }), 'example.com', 2);
  t.equal(atOnce, 0);
});

t.test('a domain has a rate of its own, whatever its case, and leaves the rate of all to the others', async (t) => {
  const pace = new MailPace(pool, { perSecond: 4, perDomain: 0.001 });
  await ask(pace, 'slow.example', 1);
  const { atOnce, later } = await ask(pace, 'SLOW.example', 20);
  t.equal(atOnce, 0);
  t.ok(later.every(({ of }) => of === 'domain'));
  const others = await Promise.all(['a', 'b', 'c'].map((name) => pace.wait(`${name}.example`)));
  t.strictSame(others, [undefined, undefined, undefined]);
});

t.test('whoever comes back at the moment given queues no second time', async (t) => {
  await atOneMoment({ perSecond: 10, perDomain: 0.1 }, async (pace) => {
    await ask(pace, 'example.com', 1);
    const now = new Date().toISOString();
    t.equal(
      await pace.wait('example.com', { of: 'domain', at: now }),
      undefined,
      'only the rate of all is left to ask',
    );
    await ask(pace, 'other.example', 1);
    for (let n = 0; n < 30; n++) await pace.wait(`${n}.example`);
    t.match(await pace.wait('example.com', { of: 'domain', at: now }), { of: 'all' });
    t.equal(await pace.wait('example.com', { of: 'all', at: now }), undefined);
  });
});

t.test('a moment long past, as after an outage, is not kept', async (t) => {
  const pace = new MailPace(pool, { perSecond: 0.001 });
  await ask(pace, 'example.com', 1);
  const longAgo = new Date(Date.now() - 60_000).toISOString();
  t.match(await pace.wait('example.com', { of: 'all', at: longAgo }), { of: 'all' });
});

t.test('what does not wait counts', async (t) => {
  const pace = new MailPace(pool, { perSecond: 0.001, perDomain: 0.001 });
  for (let mail = 0; mail < 5; mail++) await pace.count('example.com');
  t.match(await pace.wait('other.example'), { of: 'all' });
  t.match(await pace.wait('example.com'), { of: 'domain' });
});

t.test('domains that nobody waits for are forgotten', async (t) => {
  const pace = new MailPace(pool, { perDomain: 0.001 });
  await ask(pace, 'waiting.example', 3);
  await pool.query(`insert into mail.pace (key, next_at) values ('@past.example', now() - interval '1 second')`);
  t.equal(await purgeMailPace(pool), 1);
});
