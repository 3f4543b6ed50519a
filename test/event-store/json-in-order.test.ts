import canonicalize from 'canonicalize';
import fc from 'fast-check';
import t from 'tap';

import type { JsonObject } from '../../src/event-store/event-store.js';
import { jsonInOrder } from '../../src/event-store/json-in-order.js';

t.test('a value is written with its names in canonical order', async (t) => {
  const value = { b: [{ d: 1, c: [] }, 'text', null], a: { '\u20ac': true, '\r': 1e21 }, A: -0 };
  t.equal(jsonInOrder(value), canonicalize(value));
});

t.test('names that are whole numbers, and halves of surrogate pairs, are kept as they are', async (t) => {
  t.equal(jsonInOrder({ a: '\ud800', 10: 1, 9: 2 }), '{"9":2,"10":1,"a":"\\ud800"}');
});

t.test('whatever is written is read as it was', async (t) => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ stringUnit: 'binary' })), (value) => {
      t.strictSame(JSON.parse(jsonInOrder(value as JsonObject)), JSON.parse(JSON.stringify(value)));
    }),
  );
});
