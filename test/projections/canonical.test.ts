import canonicalize from 'canonicalize';
import fc from 'fast-check';
import t from 'tap';

import { canonical, canonicalOf } from '../../projections/audit-history/canonical-json.js';
import type { Json } from '../../src/event-store/event-store.js';

const name = fc.constantFrom('"a"', '"b"', '"c"', '"1"', '"10"', '"__proto__"', '"\\u0061"', '"\u20ac"');
const space = fc.constantFrom('', '', '', ' ', '\n');

/** Texts of objects, with few names and numbers, so that they meet, in all ways in which JSON may be written. */
const { written } = fc.letrec<{ written: string; value: string }>((tie) => ({
  written: fc
    .array(fc.tuple(space, name, space, tie('value')), { maxLength: 4 })
    .map(
      (members) =>
        `{${members.map(([before, name, between, value]) => `${before}${name}:${between}${value}`).join(',')}}`,
    ),
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(
      '1200',
      '12e2',
      '1.2e3',
      '120E1',
      '1000',
      '1e3',
      '0',
      '-0',
      '0e0',
      '7',
      '7.0',
      '0.5',
      '5e-1',
      '1e21',
      '1E21',
    ),
    fc.constantFrom(
      '"a"',
      '"\\u0061"',
      '"\\n"',
      '"\\\\"',
      '":12e2"',
      '"\u20ac"',
      '"\\u20ac"',
      '"\\ud800"',
      'null',
      'true',
      'false',
    ),
    fc
      .array(fc.tuple(space, tie('value'), space), { maxLength: 3 })
      .map((items) => `[${items.map(([before, value, behind]) => before + value + behind).join(',')}]`),
    tie('written'),
  ),
}));

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

t.test('a text that is canonical is taken as it is', async (t) => {
  for (const text of ['{}', '{"a":"\u20ac","b":[1,{"c":null}],"d":{"e":[],"f":true}}', '{"":0,"a":1200,"b":-604800}']) {
    const other = text.replace('\u20ac', '!');
    t.equal(canonicalOf(JSON.parse(other), text), text);
  }
});

t.test('of a text that is not, canonical text is made', async (t) => {
  for (const [text, expected] of [
    ['{"b":1,"a":2}', '{"a":2,"b":1}'],
    ['{"a":{"c":1,"b":2}}', '{"a":{"b":2,"c":1}}'],
    ['{"a":1,"2":3}', '{"2":3,"a":1}'],
    ['{"10":1,"9":2}', '{"10":1,"9":2}'],
    ['{"a":1,"a":2}', '{"a":2}'],
    ['{"a": 1}', '{"a":1}'],
    ['{"a":[ ]}', '{"a":[]}'],
    ['{"a":"\\u0041"}', '{"a":"A"}'],
    ['{"a":"\\/"}', '{"a":"/"}'],
    ['{"a":"\ud800"}', '{"a":"\ufffd"}'],
    ['{"\ud800":1}', '{"\ufffd":1}'],
    ['{"a":12e2}', '{"a":1200}'],
    ['{"a":1e3,"b": 1}', '{"a":1000,"b":1}'],
    ['{"a": 1e3}', '{"a":1000}'],
    ['{"a":[1e3 ]}', '{"a":[1000]}'],
    ['{"a":[\n-1e3]}', '{"a":[-1000]}'],
    ['{"a":-0}', '{"a":0}'],
    ['{"a":1.0}', '{"a":1}'],
    ['{"a":1E+21}', '{"a":1e+21}'],
    ['{"a":9007199254740993}', '{"a":9007199254740992}'],
  ] as const) {
    t.equal(canonicalOf(JSON.parse(text), text), expected, text);
  }
});

t.test('however a text is written, what is made of it is what its value is as canonical JSON', async () => {
  fc.assert(
    fc.property(written, (text) => {
      const value = JSON.parse(text);
      return canonicalOf(value, text) === canonical(value);
    }),
    { numRuns: 5_000 },
  );
});
