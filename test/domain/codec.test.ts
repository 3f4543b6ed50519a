import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { schemaVersion, type Upcasters, upcast } from '../../src/domain/codec.js';
import { EMAIL } from './support/people-and-time.js';

/** As if the address had been called `address` once, and the name had been in two parts before it was in one. */
const UPCASTERS: Upcasters = new Map([
  [
    'AccountRegistered',
    [
      ({ address, ...data }) => ({ ...data, email: address }),
      ({ first, last, ...data }) => ({ ...data, name: `${first} ${last}` }),
    ],
  ],
]);

const newest = { type: 'AccountRegistered', data: { email: EMAIL, name: 'New Comer' } };

t.test('a type is at version 1 until its shape changes, and one higher with every change', async (t) => {
  t.equal(schemaVersion('AccountRenamed', UPCASTERS), 1);
  t.equal(schemaVersion('AccountRegistered', UPCASTERS), 3);
  t.equal(schemaVersion('AccountRegistered'), 1, 'no shape has changed so far');
});

t.test('every older version is lifted to the newest, through all between', async (t) => {
  const versions = [
    { address: EMAIL, first: 'New', last: 'Comer' },
    { email: EMAIL, first: 'New', last: 'Comer' },
    { email: EMAIL, name: 'New Comer' },
  ];
  for (const [index, data] of versions.entries()) {
    const recorded = { type: 'AccountRegistered', data, metadata: { schemaVersion: index + 1 } };
    t.strictSame(upcast(Object.freeze(recorded), UPCASTERS), newest, `version ${index + 1}`);
  }
});

t.test('an event without a version is of the first', async (t) => {
  const recorded = { type: 'AccountRegistered', data: { address: EMAIL, first: 'New', last: 'Comer' }, metadata: {} };
  t.strictSame(upcast(recorded, UPCASTERS), newest);
});

t.test('an event of a version to come, written by a newer release beside this one, is left as it is', async (t) => {
  const data = { email: EMAIL, name: 'New Comer', more: true };
  const recorded = { type: 'AccountRegistered', data, metadata: { schemaVersion: 4 } };
  t.strictSame(upcast(recorded, UPCASTERS), { type: 'AccountRegistered', data });
});

t.test('only type and data are left of a recorded event', async (t) => {
  const recorded = { ...newest, id: 'id', stream: 'stream', revision: 0, metadata: { schemaVersion: 3, at: 'then' } };
  t.strictSame(upcast(recorded, UPCASTERS), newest);
});

t.test('a type that nobody knows is passed on, whatever it is called', async () => {
  const types = fc.oneof(fc.string(), fc.constantFrom('constructor', 'toString', '__proto__', 'hasOwnProperty'));
  fc.assert(
    fc.property(types, fc.dictionary(fc.string(), fc.jsonValue()), (type, data) => {
      assert.deepEqual(upcast({ type, data, metadata: { schemaVersion: 1 } }, UPCASTERS), { type, data });
      assert.equal(schemaVersion(type, UPCASTERS), 1);
    }),
  );
});
