import fc from 'fast-check';
import t from 'tap';
import { uncarriedByJson } from '../../src/event-store/json-carries.js';

t.test('every JSON value is carried', async (t) => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      t.equal(uncarriedByJson(value), undefined);
    }),
  );
});

t.test('what is said to be carried comes back the same', async (t) => {
  const anything = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withSparseArray: true,
  });
  fc.assert(
    fc.property(anything, (value) => {
      if (uncarriedByJson(value) === undefined) t.strictSame(JSON.parse(JSON.stringify(value)), value);
    }),
    { numRuns: 2_000 },
  );
});

t.test('the fault is found where it is', async (t) => {
  t.strictSame(uncarriedByJson({ a: [1, { b: undefined }] }), { path: '.a[1].b', why: 'is undefined' });
  t.strictSame(uncarriedByJson({ a: Number.NaN }), { path: '.a', why: 'is NaN' });
  t.strictSame(uncarriedByJson(1n), { path: '', why: 'is a bigint' });
  t.strictSame(uncarriedByJson({ at: new Date(0) }), { path: '.at', why: 'is no plain object' });
});

t.test('a value that contains itself is found, one that is there twice is not', async (t) => {
  const twice = { a: 1 };
  t.equal(uncarriedByJson({ one: twice, other: [twice, twice] }), undefined);
  const cyclic: { self?: unknown } = {};
  cyclic.self = { cyclic };
  t.strictSame(uncarriedByJson(cyclic), { path: '.self.cyclic', why: 'contains itself' });
});

t.test('a value nested a hundred deep is carried, one nested deeper is not', async (t) => {
  const nested = (depth: number): unknown => (depth === 0 ? 'x' : [nested(depth - 1)]);
  t.equal(uncarriedByJson(nested(100)), undefined);
  t.match(uncarriedByJson(nested(101)), { why: 'is nested more than 100 deep' });
});
