import { sql } from 'kysely';
import t from 'tap';

import { userHistory } from '../../projections/user-history/projection.js';
import type { DomainEvent } from '../../src/domain/codec.js';
import { accountStream, membershipStream } from '../../src/domain/streams.js';
import type { RecordedEvent } from '../../src/event-store/event-store.js';
import * as event from '../domain/support/membership-events.js';
import { hour, INVITEE, idOf, WORKSPACE } from '../domain/support/people-and-time.js';
import { openTestCore } from '../support/core.js';
import { recorded } from './recorded.js';

const { core } = await openTestCore(t);
const { db } = core;

t.beforeEach(async () => {
  await sql`truncate user_history.spans, user_history.mails, user_history.counts, user_history.clocks`.execute(db);
});

const STREAM = membershipStream({ workspaceId: WORKSPACE, userId: INVITEE });

/** One event after another, each an hour later, as the log is followed. */
async function follow(story: readonly (DomainEvent | RecordedEvent)[]): Promise<void> {
  for (const [index, one] of story.entries()) {
    const told = 'stream' in one ? one : recorded(STREAM, one, index);
    await db.transaction().execute((tx) => userHistory.apply(tx, [told]));
  }
}

/** The hours at which rows begin. */
async function hoursOf(table: 'spans' | 'mails'): Promise<number[]> {
  const { rows } = await sql<{ hour: number }>`
    select (extract(epoch from valid_from - ${hour(0)}::timestamptz) / 3600)::int as hour
    from ${sql.table(`user_history.${table}`)} order by valid_from`.execute(db);
  return rows.map((row) => row.hour);
}

t.test('each table has a row only where something of it changes', async (t) => {
  const again = { issue: 2 };
  await follow([
    event.invited(),
    event.attempted(),
    event.emailDeferred(hour(3)),
    event.attempted({ attempt: 2 }),
    event.emailSent({ attempt: 2 }),
    event.renewalRequested(hour(5)),
    event.resent(),
    event.attempted(again),
    event.emailSent(again),
    event.accepted(again),
    event.permissionChanged('developer', 'administrator'),
    recorded(accountStream(INVITEE), { type: 'AccountRenamed', data: { name: 'Else', previousName: 'Newcomer' } }, 11),
    event.removed(),
  ]);
  t.strictSame(await hoursOf('spans'), [0, 9, 10, 11, 12]);
  t.strictSame(await hoursOf('mails'), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
});

t.test('what changes both begins a row in each', async (t) => {
  await follow([event.invited(), event.expired(), event.resent(), event.revoked(), event.invited()]);
  t.strictSame(await hoursOf('spans'), [0, 1, 2, 3, 4]);
  t.strictSame(await hoursOf('mails'), [0, 2, 4]);
});

t.test('a span ends where the next one begins, and says until then what it said', async (t) => {
  await follow([event.invited({ name: 'Zoë' }), event.emailSent(), event.accepted({ name: 'Ána' })]);
  const { rows } = await sql<object>`
    select status, name, search, joined_at, valid_from, valid_to from user_history.spans order by valid_from`.execute(
    db,
  );
  t.strictSame(rows, [
    {
      status: 'waiting',
      name: 'Zoë',
      search: 'zoe invitee@example.com',
      joined_at: null,
      valid_from: hour(0),
      valid_to: hour(2),
    },
    {
      status: 'active',
      name: 'Ána',
      search: 'ana invitee@example.com',
      joined_at: hour(2),
      valid_from: hour(2),
      valid_to: 'infinity',
    },
  ]);
});

t.test('that nothing but the time of the last change is another is kept as well', async (t) => {
  await follow([event.founderJoined(), event.permissionChanged('owner', 'owner' as 'developer')]);
  t.strictSame(await hoursOf('spans'), [0]);
  const { rows } = await core.userHistory.list(WORKSPACE, hour(1), { sort: 'name', limit: 1 });
  t.equal(rows[0]?.updated_at, hour(1));
});

t.test('whatever a span says, another one begins where it changes', async (t) => {
  const asIfAtFirst = (one: DomainEvent, index: number): RecordedEvent => {
    const told = recorded(STREAM, one, index);
    return { ...told, metadata: { ...told.metadata, at: hour(0) } };
  };
  await follow([
    event.invited(),
    event.emailSent(),
    asIfAtFirst(event.invited({ invitationId: event.SECOND, locale: 'pt-BR' }), 2),
    event.accepted(),
    event.accepted(),
  ]);
  const { rows } = await sql<object>`
    select times_invited, locale, invited_at, joined_at, valid_from from user_history.spans order by valid_from`.execute(
    db,
  );
  t.strictSame(rows, [
    { times_invited: 1, locale: null, invited_at: hour(0), joined_at: null, valid_from: hour(0) },
    { times_invited: 2, locale: 'pt-BR', invited_at: hour(0), joined_at: null, valid_from: hour(1) },
    { times_invited: 2, locale: 'pt-BR', invited_at: hour(0), joined_at: hour(3), valid_from: hour(3) },
    { times_invited: 2, locale: 'pt-BR', invited_at: hour(0), joined_at: hour(4), valid_from: hour(4) },
  ]);
});

t.test('of what takes effect at one instant, the last counts, whichever of the two it is about', async (t) => {
  const [invited, deferred, sending] = [event.invited(), event.emailDeferred(hour(9)), event.attempted({ attempt: 2 })];
  const told = [invited, deferred, sending].map((one) => recorded(STREAM, one, 0));
  await db.transaction().execute((tx) => userHistory.apply(tx, told));
  const { rows } = await core.userHistory.list(WORKSPACE, hour(0), { sort: 'name', limit: 1 });
  const last = { delivery: 'sending', delivery_attempt: 2, delivery_reply: '451 come back', delivery_next_at: null };
  t.match(rows, [last]);
  t.strictSame([await hoursOf('spans'), await hoursOf('mails')], [[0], [0]]);
});

t.test('a batch about many people writes and writes over what one about few does', async (t) => {
  const people = Array.from({ length: 600 }, (_, number) =>
    membershipStream({ workspaceId: WORKSPACE, userId: idOf(`person${number}x`) }),
  );
  const batches = [event.invited(), event.attempted(), event.accepted()].map((one) =>
    people.map((stream) => recorded(stream, one, 0)),
  );
  for (const batch of batches) await db.transaction().execute((tx) => userHistory.apply(tx, batch));
  const { rows } = await sql<object>`
    select status, delivery, count(*) as people, min(valid_to) as until from user_history.spans
    join user_history.mails using (workspace_id, user_id, valid_from) group by status, delivery`.execute(db);
  t.strictSame(rows, [{ status: 'active', delivery: 'sending', people: 600, until: 'infinity' }]);
});
