import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import * as streams from '../../src/domain/streams.js';
import {
  accountStream,
  ID_PATTERN,
  INVITATION_ID_PATTERN,
  invitationId,
  membershipKeyOf,
  membershipStream,
  parseInvitationId,
  workspaceStream,
} from '../../src/domain/streams.js';
import { INVITEE, idOf, WORKSPACE } from './support/people-and-time.js';

const ids = fc.stringMatching(/^[a-z0-9]{26}$/);
const keys = fc.record({ workspaceId: ids, userId: ids }, { noNullPrototype: true });

t.test('a stream is named after what it is about', async (t) => {
  t.equal(workspaceStream(WORKSPACE), `workspace-${WORKSPACE}`);
  t.equal(membershipStream({ workspaceId: WORKSPACE, userId: INVITEE }), `membership-${WORKSPACE}.${INVITEE}`);
  t.equal(accountStream(INVITEE), `account-${INVITEE}`);
  t.equal(invitationId({ workspaceId: WORKSPACE, userId: INVITEE }, 3), `${WORKSPACE}.${INVITEE}.3`);
});

t.test('a membership is found again in the name of its stream', async () => {
  fc.assert(
    fc.property(keys, (key) => {
      assert.deepEqual(membershipKeyOf(membershipStream(key)), key);
    }),
  );
});

t.test('an invitation id says whose it is and which', async () => {
  fc.assert(
    fc.property(keys, fc.integer({ min: 1, max: 999_999 }), (key, ordinal) => {
      assert.deepEqual(parseInvitationId(invitationId(key, ordinal)), { ...key, ordinal });
    }),
  );
});

t.test('other streams are no memberships', async (t) => {
  const other = [
    workspaceStream(WORKSPACE),
    accountStream(INVITEE),
    `membership-${WORKSPACE}`,
    `membership-${WORKSPACE}.${INVITEE}.1`,
    `membership-${WORKSPACE}.${INVITEE.toUpperCase()}`,
    `membership-${WORKSPACE}.${INVITEE}\n`,
    `xmembership-${WORKSPACE}.${INVITEE}`,
    '',
  ];
  for (const stream of other) t.equal(membershipKeyOf(stream), undefined, stream);
});

t.test('other texts are no invitation ids', async (t) => {
  const other = [
    `${WORKSPACE}.${INVITEE}`,
    `${WORKSPACE}.${INVITEE}.0`,
    `${WORKSPACE}.${INVITEE}.01`,
    `${WORKSPACE}.${INVITEE}.1000000`,
    `${WORKSPACE}.${INVITEE}.1.1`,
    `${WORKSPACE}.${INVITEE}.-1`,
    `${WORKSPACE}.${INVITEE.slice(1)}.1`,
    `${WORKSPACE}-${INVITEE}-1`,
    ` ${WORKSPACE}.${INVITEE}.1`,
    `${WORKSPACE}.${INVITEE}.1\n`,
    '',
  ];
  for (const id of other) t.equal(parseInvitationId(id), undefined, JSON.stringify(id));
});

t.test('the patterns of the public interface are those that are parsed', async (t) => {
  const id = new RegExp(ID_PATTERN);
  t.match(idOf('a1'), id);
  for (const other of ['', idOf('a').slice(1), `${idOf('a')}a`, idOf('A'), idOf('a.')]) t.notMatch(other, id, other);
  t.match(invitationId({ workspaceId: WORKSPACE, userId: INVITEE }, 1), new RegExp(INVITATION_ID_PATTERN));
});

t.test('whoever looks at all streams sees every kind that there is', async (t) => {
  const kinds = Object.entries(streams).flatMap(([name, prefix]) =>
    /^(?!ALL_).*_STREAMS$/.test(name) ? [prefix as string] : [],
  );
  t.ok(kinds.length >= 5);
  t.strictSame([...streams.ALL_STREAMS].sort(), kinds.sort());
});
