import { randomBytes } from 'node:crypto';
import t from 'tap';

import { createAttemptProofs } from '../../src/tokens/attempt-proof.js';
import { parseTokenKeys } from '../../src/tokens/keys.js';
import { FIRST } from '../domain/support/membership-events.js';

const secret = () => randomBytes(32).toString('base64');
const [older, newer] = [secret(), secret()];
const proofs = createAttemptProofs(parseTokenKeys(older));
const ATTEMPT = { invitationId: FIRST, issue: 2, attempt: 3 };

t.test('an attempt has one proof, whole or in its beginning', async (t) => {
  const proof = proofs.prove(ATTEMPT);
  t.match(proof, /^[a-z2-7]{10}$/);
  t.equal(proofs.prove(ATTEMPT), proof);
  t.ok(proofs.isGenuine(ATTEMPT, proof));
  t.ok(proofs.isGenuine(ATTEMPT, proof.slice(0, 7)));
});

t.test('it proves nothing else, and less of it proves nothing', async (t) => {
  const proof = proofs.prove(ATTEMPT);
  for (const other of [{ issue: 1 }, { attempt: 4 }, { invitationId: `${FIRST}0` }]) {
    t.notOk(proofs.isGenuine({ ...ATTEMPT, ...other }, proof), JSON.stringify(other));
  }
  for (const part of ['', proof.slice(0, 1), proof.slice(0, 6), proof.slice(3), `${proof}a`, 'é'.repeat(10)]) {
    t.notOk(proofs.isGenuine(ATTEMPT, part), part);
  }
});

t.test('a proof holds as long as its key is kept', async (t) => {
  const proof = proofs.prove(ATTEMPT);
  const rotated = createAttemptProofs(parseTokenKeys(`${newer},${older}`));
  t.not(rotated.prove(ATTEMPT), proof);
  t.ok(rotated.isGenuine(ATTEMPT, proof));
  t.notOk(createAttemptProofs(parseTokenKeys(newer)).isGenuine(ATTEMPT, proof));
});
