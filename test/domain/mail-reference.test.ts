import fc from 'fast-check';
import t from 'tap';

import {
  attemptName,
  LONGEST_LOCAL_PART,
  messageIdName,
  namedMails,
  noticeMessageIdName,
  noticeName,
  RETURN_PATH_TOKEN_LENGTH,
  referenceOf,
  returnPathOf,
  returnPathToken,
  withoutProofs,
} from '../../src/domain/membership/mail-reference.js';
import { attemptId, invitationId } from '../../src/domain/streams.js';

const ids = fc.stringMatching(/^[a-z0-9]{26}$/);
const numbers = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 999_999 }));
const attempts = fc
  .record({ workspaceId: ids, userId: ids, ordinal: numbers, issue: numbers, attempt: numbers })
  .map(({ workspaceId, userId, ordinal, issue, attempt }) => ({
    invitationId: invitationId({ workspaceId, userId }, ordinal),
    issue,
    attempt,
  }));

t.test('a mail is found by every name that it goes out under', async (t) => {
  fc.assert(
    fc.property(attempts, (of) => {
      const token = returnPathToken(of.invitationId, of.issue, of.attempt);
      const { attempt: _attempt, ...issue } = of;
      t.strictSame(referenceOf({ attemptIds: [attemptId(of)] }), of);
      t.strictSame(referenceOf({ returnPath: `bounces+${token}@example.com` }), of);
      t.strictSame(referenceOf({ returnPath: `<BOUNCES+${token.toUpperCase()}@example.com>` }), of);
      t.strictSame(referenceOf({ messageId: `<${messageIdName(issue)}@example.com>` }), issue);
      t.strictSame(referenceOf({ messageId: `${messageIdName(issue)}@example.com` }), issue);
      const reminder = { ...issue, mail: 'reminder' } as const;
      t.strictSame(referenceOf({ messageId: `<${messageIdName(reminder)}@example.com>` }), reminder);
    }),
  );
});

const PROOF = 'abcdefg234';

t.test('the proof comes back with the name, from a sender as far as there is room for it', async (t) => {
  fc.assert(
    fc.property(attempts, (of) => {
      t.strictSame(namedMails({ attemptIds: [attemptName(of, PROOF)] }), [{ mail: of, proof: PROOF }]);
      t.strictSame(namedMails({ attemptIds: [attemptId(of)] }), [{ mail: of }]);
      for (const pattern of ['{attempt}@b.example.com', 'b+{attempt}@example.com', 'bounces+{attempt}@example.com']) {
        const returnPath = returnPathOf(pattern, of, PROOF);
        const isUsual = returnPathToken(of.invitationId, of.issue, of.attempt).length === RETURN_PATH_TOKEN_LENGTH;
        const proof = isUsual && !pattern.startsWith('bounces') ? { proof: PROOF.slice(0, 7) } : {};
        t.strictSame(namedMails({ returnPath: returnPath.toUpperCase() }), [{ mail: of, ...proof }], returnPath);
        if (isUsual) t.ok(returnPath.indexOf('@') <= LONGEST_LOCAL_PART, returnPath);
      }
    }),
  );
  const of = { invitationId: `${'w'.repeat(26)}.${'u'.repeat(26)}.1`, issue: 1, attempt: 1 };
  t.equal(returnPathOf('b+{attempt}@example.com', of, PROOF).indexOf('@'), LONGEST_LOCAL_PART, 'not a character more');
  t.equal(returnPathOf('bounces@example.com', of, PROOF), 'bounces@example.com');
});

t.test('what a server quotes of a name is told without the proof', async (t) => {
  const of = { invitationId: `${'w'.repeat(26)}.${'u'.repeat(26)}.1`, issue: 2, attempt: 3 };
  const token = returnPathToken(of.invitationId, of.issue, of.attempt);
  const sender = returnPathOf('b+{attempt}@example.com', of, PROOF);
  for (const quoted of [
    sender,
    sender.toUpperCase(),
    sender.slice(0, -'g@example.com'.length),
    attemptName(of, PROOF),
  ]) {
    const told = withoutProofs(`450 4.1.8 <${quoted}>: sender address rejected`);
    t.notMatch(told, /abc/i, told);
    t.match(told, /^450 4\.1\.8 <.*>: sender address rejected$/, 'and the rest of it as it was');
  }
  for (const harmless of ['', '250 2.0.0 Ok: queued as 4BxyzT1Y2pz', `<b+${token}@example.com>`, attemptId(of)]) {
    t.equal(withoutProofs(harmless), harmless);
  }
});

t.test('the most exact name counts, and one that says nothing is passed over', async (t) => {
  const of = { invitationId: `${'w'.repeat(26)}.${'u'.repeat(26)}.1`, issue: 2, attempt: 3 };
  const messageId = `<${messageIdName({ ...of, issue: 9 })}@example.com>`;
  t.strictSame(referenceOf({ attemptIds: [attemptId(of)], messageId }), of);
  t.match(referenceOf({ attemptIds: ['QQ1234'], returnPath: 'bounces@example.com', messageId }), { issue: 9 });
});

t.test('a notice is known by whom it went to, and proven by its name alone', async (t) => {
  const noticeTo = 'u'.repeat(26);
  const named = noticeName({ noticeTo }, 'abcdefg234');
  t.ok(named.length <= 100, 'RFC 3461, section 4.4');
  t.strictSame(namedMails({ attemptIds: [named] }), [{ mail: { noticeTo }, proof: 'abcdefg234' }]);
  const messageId = `<${noticeMessageIdName({ noticeTo }, 'Ab-_9')}@example.com>`;
  t.strictSame(namedMails({ messageId }), [{ mail: { noticeTo } }]);
  for (const text of [`notice.${noticeTo}`, `notice.${noticeTo}.short`, `notice.u.abcdefg234`, `x${named}`]) {
    t.strictSame(namedMails({ attemptIds: [text], messageId: text }), [], text);
  }
});

t.test('the sender of an envelope fits into the 64 characters of a local part', async (t) => {
  const token = returnPathToken(`${'w'.repeat(26)}.${'u'.repeat(26)}.35`, 35, 35);
  t.equal(token.length, RETURN_PATH_TOKEN_LENGTH);
  t.equal(`bounces+${token}`.length, 63);
});

t.test('mails of others have no reference', async (t) => {
  for (const text of [
    '',
    'x',
    '<abc@example.com>',
    `${'w'.repeat(26)}.${'u'.repeat(26)}.0.1.1`,
    `${'w'.repeat(80)}@example.com`,
  ]) {
    t.equal(referenceOf({ attemptIds: [text], returnPath: text, messageId: text }), undefined, text);
  }
});
