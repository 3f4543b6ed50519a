import t from 'tap';

import {
  attemptName,
  messageIdName,
  returnPathOf,
  returnPathToken,
} from '../../src/domain/membership/mail-reference.js';
import { attemptId } from '../../src/domain/streams.js';
import { readDsn } from '../../src/inbound/dsn/read-dsn.js';
import type { ProofCheck } from '../../src/inbound/inbound.js';
import { type Notification, notification } from './notifications.js';

const MAIL = { invitationId: `${'w'.repeat(26)}.${'u'.repeat(26)}.1`, issue: 2, attempt: 3 };
const { attempt: _attempt, ...ISSUE } = MAIL;
const MESSAGE_ID = `Message-ID: <${messageIdName(ISSUE)}@example.com>`;

const PROOF = 'abcdefg234';
const isGenuine: ProofCheck = (attempt, proof) =>
  'attempt' in attempt && attemptId(attempt) === attemptId(MAIL) && (proof === PROOF || proof === PROOF.slice(0, 7));

const read = async (about: Notification) => (await readDsn(notification(about), isGenuine))[0];

t.test('a mail that came back is found by each of its names', async (t) => {
  t.strictSame((await read({ envelopeId: attemptId(MAIL) }))?.mail, MAIL);
  t.strictSame((await read({ returned: [`X-Attempt-Id: ${attemptId(MAIL)}`, MESSAGE_ID] }))?.mail, MAIL);
  t.strictSame((await read({ returned: ['X-Attempt-Id: not ours', MESSAGE_ID] }))?.mail, ISSUE);
  const { invitationId, issue, attempt } = MAIL;
  t.strictSame(
    (await read({ to: `bounces+${returnPathToken(invitationId, issue, attempt)}@example.com` }))?.mail,
    MAIL,
  );
  t.equal((await read({}))?.mail, undefined, 'and that of somebody else is not');
});

t.test('it is proven by any name that gives the proof back, whatever else stands there', async (t) => {
  const proven = attemptName(MAIL, PROOF);
  const another = { ...MAIL, attempt: 1 };
  for (const about of [
    { envelopeId: proven },
    { returned: [`X-Attempt-Id: ${proven}`, MESSAGE_ID] },
    { to: returnPathOf('b+{attempt}@example.com', MAIL, PROOF), returned: [MESSAGE_ID] },
    { envelopeId: attemptId(another), returned: [`X-Attempt-Id: ${proven}`] },
    { envelopeId: attemptName(another, PROOF), to: returnPathOf('b+{attempt}@example.com', MAIL, PROOF) },
  ]) {
    t.match(await read(about), { mail: MAIL, isProven: true }, JSON.stringify(about));
  }
  for (const about of [
    { envelopeId: attemptId(MAIL) },
    { envelopeId: attemptName(another, PROOF) },
    { envelopeId: attemptName(MAIL, 'a'.repeat(10)) },
    { to: returnPathOf('b+{attempt}@example.com', MAIL, 'a'.repeat(10)) },
    { to: returnPathOf('bounces+{attempt}@example.com', MAIL, PROOF) },
    { returned: [MESSAGE_ID] },
  ]) {
    t.match(await read(about), { mail: { invitationId: MAIL.invitationId }, isProven: false }, JSON.stringify(about));
  }
});

t.test('what the server said, in one line, with its status code', async (t) => {
  t.match(await read({ messageId: '<a@example.net>', diagnostic: 'smtp; 550-5.1.1 No such\r\n    user <x>' }), {
    id: '<a@example.net> 0',
    reportedBy: 'dsn',
    kind: 'permanent',
    enhancedCode: '5.1.1',
    reply: '550-5.1.1 No such user <x>',
  });
  t.match(await read({ status: '5.0.0', diagnostic: 'smtp; 550 5.1.10 No such recipient' }), {
    enhancedCode: '5.1.10',
  });
});

t.test('what is permanent, what is not, and what is only late', async (t) => {
  const kinds = [
    [{ status: '5.1.1' }, 'permanent'],
    [{ status: '5.4.1' }, 'permanent'],
    [{ status: 'unknown', diagnostic: 'smtp; 550 no' }, 'permanent'],
    [{ status: '4.4.7' }, 'transient'],
    [{ status: '5.2.2' }, 'transient'],
    [{ status: '5.7.1' }, 'transient'],
    [{ status: '5.0.0', diagnostic: 'smtp; 552 5.2.2 mailbox full' }, 'transient'],
  ] as const;
  for (const [about, kind] of kinds)
    t.match(await read(about), { kind, stillTrying: undefined }, JSON.stringify(about));
  t.match(await read({ action: 'Delayed (for now)', status: '4.4.1' }), { kind: 'transient', stillTrying: true });
});

t.test('that a mail arrived is a report too', async (t) => {
  for (const action of ['delivered', 'Relayed']) {
    const about = { action, status: '2.0.0', diagnostic: 'smtp; 250 2.0.0 taken' };
    t.match(await read(about), { kind: 'delivered', enhancedCode: '2.0.0', reply: '250 2.0.0 taken' }, action);
  }
});

t.test('what is no news of a mail has no reports', async (t) => {
  for (const action of ['expanded', 'nonsense']) t.equal(await read({ action }), undefined);
  for (const raw of ['', 'x', 'Subject: Out of office\r\n\r\nBack on Monday', '\0\xff']) {
    t.strictSame(await readDsn(Buffer.from(raw, 'latin1'), isGenuine), [], JSON.stringify(raw));
  }
});

t.test('without a Message-ID, the message itself names its reports', async (t) => {
  const withoutId = (reason: string) =>
    Buffer.from(String(notification({ diagnostic: reason })).replace(/^Message-ID: <\d+@mx.*\r\n/m, ''));
  const ids = await Promise.all(
    ['a', 'a', 'b'].map(async (reason) => (await readDsn(withoutId(reason), isGenuine))[0]?.id),
  );
  t.equal(ids[0], ids[1]);
  t.not(ids[0], ids[2]);
});

t.test('a notification about several recipients, one of whom is a list', async (t) => {
  const group = ['', 'Final-Recipient: rfc822; bob@example.com', 'Action: expanded', 'Status: 2.0.0', ''].join('\r\n');
  const raw = String(notification()).replace(
    '\r\n\r\n--part\r\nContent-Type: text/rfc822',
    `\r\n${group}\r\n--part\r\nContent-Type: text/rfc822`,
  );
  t.equal((await readDsn(Buffer.from(raw), isGenuine)).length, 1);
});
