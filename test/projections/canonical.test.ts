import canonicalize from 'canonicalize';
import fc from 'fast-check';
import t from 'tap';

import { canonical } from '../../projections/audit-history/chain.js';
import type { Json } from '../../src/event-store/event-store.js';

t.test('it writes JSON as RFC 8785 has it', async (t) => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
      return canonical(value as Json) === canonicalize(value);
    }),
    { numRuns: 1_000 },
  );
  // Section 3.2.3, with names that numbers would be sorted otherwise by.
  const value = {
    '\u20ac': 'Euro',
    '\r': 1e21,
    1: -0,
    10: 0.1,
    2: [],
    '\u{1f600}': {},
    '\u0080': null,
    '\ufb33': true,
  };
  t.equal(canonical(value), canonicalize(value));
  t.match(canonical(value), /^\{"\\r":1e\+21,"1":0,"10":0\.1,"2":\[\]/);
});

t.test('halves of surrogate pairs are replaced, in names too, and what comes of it is canonical', async (t) => {
  const text = canonical({ 'b\ud800': 1, 'b\udfff': ['\udfff!'], a: '\u{1f600}' });
  t.equal(text, '{"a":"\u{1f600}","b\ufffd":["\ufffd!"]}');
  t.equal(canonical(JSON.parse(text)), text);
});
