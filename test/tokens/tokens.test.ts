import { randomBytes } from 'node:crypto';
import t from 'tap';

import { createInvitationTokens } from '../../src/tokens/invitation-token.js';
import { parseTokenKeys } from '../../src/tokens/keys.js';
import { createSignInTokens, SIGN_IN_SECONDS } from '../../src/tokens/sign-in-token.js';
import { InvalidToken } from '../../src/tokens/signed-token.js';
import { FIRST } from '../domain/support/membership-events.js';

const secret = () => randomBytes(32).toString('base64');
const [older, newer] = [secret(), secret()];
const keys = parseTokenKeys(older);
const invitations = createInvitationTokens(keys);
const signIns = createSignInTokens(keys);

const LINK = { invitationId: FIRST, issue: 2 };
const NOON = new Date('2030-01-01T12:00:00.000Z');

t.test('an invitation token says which issue it is, and is the same whenever it is made', async (t) => {
  const token = invitations.sign(LINK, NOON.toISOString());
  t.strictSame(invitations.read(token), LINK);
  t.equal(invitations.sign(LINK, NOON.toISOString()), token);
  t.match(token, /^[\w-]+\.[\w-]+\.[\w-]+$/, 'it fits a URL as it is');
});

t.test('an expired invitation token can still be read: refusing it is a fact to record', async (t) => {
  t.strictSame(invitations.read(invitations.sign(LINK, '2001-01-01T00:00:00.000Z')), LINK);
});

t.test('what is no invitation id is not signed', async (t) => {
  t.throws(() => invitations.sign({ invitationId: 'nonsense', issue: 1 }, NOON.toISOString()), TypeError);
});

t.test('a sign-in token is good for ten minutes and no longer', async (t) => {
  const token = signIns.sign({ id: 'one', email: 'ann@example.com' }, NOON);
  const expiresAt = new Date(NOON.getTime() + SIGN_IN_SECONDS * 1_000);
  const justBefore = new Date(expiresAt.getTime() - 1);
  t.strictSame(signIns.read(token, justBefore), { id: 'one', email: 'ann@example.com', expiresAt });
  t.throws(() => signIns.read(token, expiresAt), { code: 'invalid-token', message: /expired/ });
});

t.test('one kind of token does not pass for the other', async (t) => {
  const signIn = signIns.sign({ id: 'one', email: 'ann@example.com' }, NOON);
  t.throws(() => invitations.read(signIn), InvalidToken);
  t.throws(() => signIns.read(invitations.sign(LINK, NOON.toISOString()), NOON), InvalidToken);
});

t.test('what was changed, cut, unsigned or signed by somebody else is refused', async (t) => {
  const token = invitations.sign(LINK, NOON.toISOString());
  const [header = '', claims = '', signature = ''] = token.split('.');
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const decoded = JSON.parse(Buffer.from(claims, 'base64url').toString());
  const kid = JSON.parse(Buffer.from(header, 'base64url').toString()).kid;
  const forged = {
    'another issue': `${header}.${encode({ ...decoded, i: 3 })}.${signature}`,
    'cut short': token.slice(0, -4),
    unsigned: `${encode({ alg: 'none', typ: 'JWT', kid })}.${claims}.`,
    'without a key': `${encode({ alg: 'HS256', typ: 'JWT' })}.${claims}.${signature}`,
    'of another key': createInvitationTokens(parseTokenKeys(newer)).sign(LINK, NOON.toISOString()),
    empty: '',
    nonsense: 'nonsense',
  };
  for (const [what, text] of Object.entries(forged)) t.throws(() => invitations.read(text), InvalidToken, what);
});

t.test('when keys rotate, the new one signs and the older one still verifies', async (t) => {
  const rotated = createInvitationTokens(parseTokenKeys(`${newer}, ${older}`));
  const before = invitations.sign(LINK, NOON.toISOString());
  t.strictSame(rotated.read(before), LINK);
  const after = rotated.sign(LINK, NOON.toISOString());
  t.throws(() => invitations.read(after), InvalidToken);
  t.throws(() => createInvitationTokens(parseTokenKeys(newer)).read(before), InvalidToken);
});

t.test('a secret that is too short is refused with what to do', async (t) => {
  for (const text of ['', 'short', `${older},short`]) {
    t.throws(() => parseTokenKeys(text), { name: 'RangeError', message: /openssl rand -base64 32/ });
  }
});
