import fc from 'fast-check';
import { sql } from 'kysely';
import t from 'tap';

import { usersTab } from '../../projections/users-tab/projection.js';
import type { UserRow } from '../../projections/users-tab/row.js';
import type { DomainEvent } from '../../src/domain/codec.js';
import { accountStream, membershipStream } from '../../src/domain/streams.js';
import type { RecordedEvent } from '../../src/event-store/event-store.js';
import { events as anyEvent } from '../domain/support/arbitraries.js';
import * as event from '../domain/support/membership-events.js';
import { ADMINISTRATOR, day, EMAIL, hour, INVITEE, idOf, OWNER, WORKSPACE } from '../domain/support/people-and-time.js';
import { openTestCore } from '../support/core.js';
import { recorded } from './recorded.js';

const { core } = await openTestCore(t);
const { db } = core;

const STREAM = membershipStream({ workspaceId: WORKSPACE, userId: INVITEE });

/** Projects events from nothing, in batches of the given sizes and then the rest. */
async function project(log: readonly RecordedEvent[], cuts: readonly number[] = []): Promise<void> {
  await sql`truncate users_tab.users, users_tab.counts`.execute(db);
  let from = 0;
  for (const size of [...cuts, log.length]) {
    const batch = log.slice(from, from + size);
    from += size;
    if (batch.length > 0) await db.transaction().execute((tx) => usersTab.apply(tx, batch));
  }
}

const rows = async (): Promise<UserRow[]> =>
  (await sql<UserRow>`select * from users_tab.users order by workspace_id, user_id`.execute(db)).rows;

const counts = async (table: 'users' | 'counts') => {
  const people = table === 'users' ? sql`count(*)` : sql`sum(people)`;
  const { rows } = await sql<{ status: string; people: number }>`
    select workspace_id, status, ${people}::integer as people from ${sql.table(`users_tab.${table}`)}
    group by workspace_id, status having ${people} <> 0 order by 1, 2`.execute(db);
  return rows;
};

/** The row after a story about one person; only the fields that are asked about. */
async function rowAfter<Field extends keyof UserRow>(story: readonly DomainEvent[], ...fields: Field[]) {
  await project(story.map((event, index) => recorded(STREAM, event, index)));
  const [row] = await rows();
  return Object.fromEntries(fields.map((field) => [field, row?.[field]]));
}

t.test('a person invited is shown whole', async (t) => {
  const invited = event.invited({ name: 'Inês', locale: 'pt-BR' });
  await project([recorded(STREAM, invited, 0)]);
  t.strictSame(await core.usersTab.get(WORKSPACE, INVITEE), {
    workspace_id: WORKSPACE,
    user_id: INVITEE,
    email: EMAIL,
    name: 'Inês',
    role: 'developer',
    status: 'waiting',
    delivery: 'queued',
    delivery_mail: 'invitation',
    delivery_reply: null,
    delivery_code: null,
    delivery_enhanced_code: null,
    delivery_attempt: null,
    delivery_next_at: null,
    delivery_at: hour(0),
    invitation_id: event.FIRST,
    issue: 1,
    locale: 'pt-BR',
    expires_at: day(7),
    invited_by: OWNER.userId,
    invited_at: hour(0),
    joined_at: null,
    times_invited: 1,
    renewal_requested_at: null,
    updated_at: hour(0),
    search: 'ines invitee@example.com',
    name_key: 'ines',
    email_key: 'invitee@example.com',
  });
});

const SENT = [event.attempted(), event.emailSent()];
const LATE = { kind: 'transient', stillTrying: true } as const;

t.test('each kind of event changes what it is about', async (t) => {
  const first = event.invited();
  const told: [string, readonly DomainEvent[], Partial<UserRow>][] = [
    ['founder', [event.founderJoined()], { status: 'active', role: 'owner', delivery: null, joined_at: hour(0) }],
    ['resent', [first, event.resent()], { status: 'waiting', issue: 2, expires_at: day(8), delivery: 'queued' }],
    ['resent by', [first, event.resent()], { invited_by: ADMINISTRATOR.userId }],
    ['revoked', [first, event.revoked()], { status: 'revoked', updated_at: hour(1) }],
    ['corrected', [first, event.addressCorrected()], { status: 'revoked' }],
    ['link copied', [first, event.linkCopied()], { status: 'waiting', updated_at: hour(0) }],
    ['renewal requested', [first, event.renewalRequested(day(8))], { renewal_requested_at: day(8) }],
    ['renewed', [first, event.renewalRequested(day(8)), event.resent()], { renewal_requested_at: null }],
    ['declined', [first, event.declined()], { status: 'declined' }],
    ['expired', [first, event.expired()], { status: 'expired' }],
    ['accepted', [first, event.accepted()], { status: 'active', role: 'developer', joined_at: hour(1) }],
    ['refused', [first, event.refused('revoked')], { status: 'waiting', updated_at: hour(0) }],
    [
      'changed',
      [first, event.accepted(), event.permissionChanged('developer', 'administrator')],
      { role: 'administrator' },
    ],
    ['heir', [first, event.accepted(), event.ownershipAssumed('developer')], { role: 'owner' }],
    ['removed', [first, event.accepted(), event.removed()], { status: 'removed' }],
    ['left', [first, event.accepted(), event.left()], { status: 'removed' }],
    ['under way', [first, event.attempted()], { delivery: 'sending', delivery_at: hour(1), delivery_attempt: 1 }],
    [
      'sent',
      [first, event.attempted(), event.emailSent({ reply: '250 ok' })],
      { delivery: 'sent', delivery_reply: '250 ok' },
    ],
    [
      'deferred',
      [first, event.attempted(), event.emailDeferred(hour(3), { code: 450, enhancedCode: '4.7.1' })],
      { delivery: 'deferred', delivery_code: 450, delivery_enhanced_code: '4.7.1', delivery_next_at: hour(3) },
    ],
    [
      'tried again',
      [first, event.attempted(), event.emailDeferred(hour(3), { code: 450 }), event.attempted({ attempt: 2 })],
      { delivery: 'sending', delivery_code: 450, delivery_attempt: 2, delivery_next_at: null },
    ],
    [
      'failed',
      [first, event.attempted(), event.emailFailed({ reply: '550 no' })],
      { delivery: 'failed', delivery_reply: '550 no' },
    ],
    [
      'reminded',
      [first, event.attempted(), event.emailSent(), event.attempted({ mail: 'reminder', attempt: 2 })],
      { delivery: 'sending', delivery_mail: 'reminder', delivery_reply: null, delivery_attempt: 2 },
    ],
    [
      'whose reminder came back',
      [
        first,
        event.attempted(),
        event.emailSent(),
        event.attempted({ mail: 'reminder', attempt: 2 }),
        event.emailSent({ mail: 'reminder', attempt: 2 }),
        event.emailBounced({ mail: 'reminder', attempt: 2 }),
      ],
      { delivery: 'bounced', delivery_mail: 'reminder', delivery_reply: '550 gone' },
    ],
    [
      'sent again after a reminder',
      [first, event.attempted(), event.attempted({ mail: 'reminder', attempt: 2 }), event.resent()],
      { delivery: 'queued', delivery_mail: 'invitation' },
    ],
    [
      'delivered, and then reminded',
      [first, ...SENT, event.emailDelivered(), event.attempted({ mail: 'reminder', attempt: 2 })],
      { delivery: 'sending', delivery_mail: 'reminder' },
    ],
    [
      'reminded before it is told that the invitation was delivered',
      [first, ...SENT, event.attempted({ mail: 'reminder', attempt: 2 }), event.emailDelivered()],
      { delivery: 'sending', delivery_mail: 'reminder' },
    ],
    [
      'late, and then delivered',
      [first, ...SENT, event.emailBounced(LATE), event.emailDelivered({ reply: '250 at last', enhancedCode: '2.6.0' })],
      {
        delivery: 'delivered',
        delivery_reply: '250 at last',
        delivery_code: null,
        delivery_enhanced_code: '2.6.0',
        delivery_at: hour(4),
      },
    ],
    [
      'said to be late behind time',
      [first, ...SENT, event.emailDelivered(), event.emailBounced(LATE)],
      { delivery: 'delivered' },
    ],
    [
      'delivered before it is recorded as sent',
      [first, event.attempted(), event.emailDelivered(), event.emailSent()],
      { delivery: 'delivered' },
    ],
    [
      'delivered, and come back',
      [first, ...SENT, event.emailDelivered(), event.emailBounced()],
      { delivery: 'bounced' },
    ],
    [
      'said to be delivered behind time',
      [first, ...SENT, event.emailBounced(), event.emailDelivered()],
      { delivery: 'bounced' },
    ],
    ['delivered, of an older mail', [first, ...SENT, event.resent(), event.emailDelivered()], { delivery: 'queued' }],
    [
      'perhaps come back',
      [first, ...SENT, event.emailBounced({ unproven: true })],
      { delivery: 'sent', delivery_at: hour(2) },
    ],
    [
      'older mail',
      [first, event.resent(), event.emailSent()],
      { delivery: 'queued', delivery_reply: null, delivery_attempt: null },
    ],
    [
      'again',
      [first, event.revoked(), event.invited({ invitationId: event.SECOND })],
      { status: 'waiting', times_invited: 2, invitation_id: event.SECOND, issue: 1, invited_at: hour(2) },
    ],
  ];
  for (const [what, story, expected] of told) {
    t.strictSame(await rowAfter(story, ...(Object.keys(expected) as (keyof UserRow)[])), expected, what);
  }
});

t.test(
  'whatever the history and wherever its batches end, the rows are its fold and the counts are right',
  async (t) => {
    const histories = fc.array(fc.record({ who: fc.nat(3), event: anyEvent.membership }), { maxLength: 40 });
    const cuts = fc.array(fc.integer({ min: 1, max: 15 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(histories, cuts, async (history, sizes) => {
        const log = history.map(({ who, event }, index) =>
          recorded(
            membershipStream({ workspaceId: WORKSPACE, userId: idOf(`person${who}`) }),
            event as DomainEvent,
            index,
          ),
        );
        await project(log, sizes);
        const streams = [...new Set(log.map(({ stream }) => stream))].sort();
        const folded = streams.flatMap(
          (stream) => core.usersTab.fold(log.filter((one) => one.stream === stream)) ?? [],
        );
        const shown = (await rows()).map((row) => {
          const {
            search: _search,
            name_key: _name,
            email_key: _email,
            ...rest
          } = row as UserRow & Record<string, unknown>;
          return rest;
        });
        t.strictSame(shown, folded);
        t.strictSame(await counts('counts'), await counts('users'));
      }),
      { numRuns: 40 },
    );
  },
);

t.test('a new name reaches the rows where the person is active, and what came before it stays before it', async (t) => {
  const rename = (name: string, index: number) =>
    recorded(accountStream(INVITEE), { type: 'AccountRenamed', data: { name, previousName: 'Old' } }, index);
  const log = [
    recorded(STREAM, event.invited({ name: 'Invited' }), 0),
    rename('Too early', 1),
    recorded(STREAM, event.accepted({ name: 'Accepted' }), 2),
    rename('Renée', 3),
    recorded(STREAM, event.permissionChanged('developer', 'administrator'), 4),
  ];
  const nameAfter = async (count: number) => {
    await project(log.slice(0, count));
    return (await rows())[0]?.name;
  };
  t.equal(await nameAfter(2), 'Invited');
  t.equal(await nameAfter(3), 'Accepted');
  t.equal(await nameAfter(4), 'Renée');
  t.equal(await nameAfter(5), 'Renée');
  const found = await core.usersTab.list(WORKSPACE, { search: 'renee invitee@', sort: 'name', limit: 5 });
  t.strictSame(
    found.rows.map(({ user_id }) => user_id),
    [INVITEE],
  );
});

t.test('a name that no row can hold does not stop the projection', async (t) => {
  const name = 'N\0ul and half \ud83d a pair';
  t.strictSame(await rowAfter([event.invited({ name })], 'name'), { name: 'N\uFFFDul and half \uFFFD a pair' });
});

t.test('an instant that no calendar has stops nothing', async (t) => {
  const invitedAt = async (at: string) => {
    const log = [{ ...recorded(STREAM, event.invited(), 0), metadata: { schemaVersion: 1, at } }];
    await project(log);
    return (await rows())[0]?.invited_at;
  };
  t.equal(await invitedAt('2026-02-30T00:00:00.000Z'), '2026-03-02T00:00:00.000Z', 'the day is counted on');
  t.equal(await invitedAt('2026-02-03T00:00:00Z'), '2026-02-03T00:00:00.000Z', 'milliseconds are added');
  t.equal(await invitedAt('2028-02-29T00:00:00.000Z'), '2028-02-29T00:00:00.000Z', 'a leap day');
  t.equal(await invitedAt('0000-01-01T00:00:00.000Z'), '1970-01-01T00:00:00.000Z', 'no such year');
  t.equal(await invitedAt('2026-13-01T00:00:00.000Z'), '1970-01-01T00:00:00.000Z', 'no such month');
  t.equal(await invitedAt('soon'), '1970-01-01T00:00:00.000Z', 'no instant');
});
