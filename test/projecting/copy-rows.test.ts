import fc from 'fast-check';
import { sql } from 'kysely';
import t from 'tap';

import { BinaryRows, type BinaryTypes } from '../../src/projecting/binary-rows.js';
import { Copying, copyRows } from '../../src/projecting/copy-rows.js';
import { isOfTheEvent } from '../../src/projecting/row-failure.js';
import { inSlot } from '../../src/rebuilding/slot.js';
import { numbered } from '../rebuilding/numbered.js';
import { openTestCore } from '../support/core.js';
import { until } from '../support/until.js';

const { core } = await openTestCore(t);
const { db } = core;

interface Row {
  readonly id: number;
  readonly told: string | null;
  readonly at: string | null;
  readonly known: boolean | null;
}

const TOLD = fc.option(
  fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('\\', '\n', '\t', '\r', 'N', '.', '\0', '\uD800') }),
  ),
);

await sql`create schema copied`.execute(db);
await sql`create table copied.rows (id integer primary key, told text, at timestamptz, known boolean)`.execute(db);

t.test('rows come back as they were, whatever text they hold', async (t) => {
  const values = fc.array(
    fc.record({
      told: TOLD,
      at: fc.option(
        fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }).map((date) => date.toISOString()),
      ),
      known: fc.option(fc.boolean()),
    }),
    { maxLength: 30 },
  );
  await fc.assert(
    fc.asyncProperty(values, async (list) => {
      const rows: Row[] = list.map((row, id) => ({ id, ...row }));
      await sql`truncate copied.rows`.execute(db);
      await db.transaction().execute((tx) => copyRows(tx, 'copied.rows', rows));
      const stored = await sql<Row>`select * from copied.rows order by id`.execute(db);
      const storable = rows.map(({ told, ...row }) => ({
        ...row,
        told: told === null ? null : Buffer.from(told).toString().replaceAll('\0', '\uFFFD'),
      }));
      t.strictSame(
        stored.rows.map(({ id, told, at, known }) => ({ id, at, known, told })),
        storable.map(({ id, told, at, known }) => ({ id, at, known, told })),
      );
    }),
    { numRuns: 100 },
  );
});

t.test('as Postgres holds them, rows come back as they were, in one piece or in several', async (t) => {
  const types: BinaryTypes = { id: 'int8', told: 'text', at: 'timestamptz', hash: 'bytea', count: 'int4' };
  await sql`
    create table copied.held (hash bytea, count integer, id bigint primary key, told text, at timestamptz)`.execute(db);
  const values = fc.uniqueArray(
    fc.record({
      id: fc.maxSafeInteger(),
      told: TOLD,
      at: fc.option(
        fc.oneof(
          fc.constant('infinity'),
          fc
            .date({
              min: new Date('1000-01-01T00:00:00Z'),
              max: new Date('9999-12-31T23:59:59.999Z'),
              noInvalidDate: true,
            })
            .map((date) => date.toISOString()),
        ),
      ),
      count: fc.option(fc.integer({ min: -(2 ** 31) + 1 })),
      hash: fc.option(fc.uint8Array({ maxLength: 40 }).map((bytes) => `\\x${Buffer.from(bytes).toString('hex')}`)),
    }),
    { maxLength: 30, selector: ({ id }) => id },
  );
  await fc.assert(
    fc.asyncProperty(values, fc.nat(30), async (rows, cut) => {
      await sql`truncate copied.held`.execute(db);
      const binary = new BinaryRows<object>(types);
      for (const row of rows.slice(0, cut)) binary.add(row);
      const encoded = binary.take('rest');
      await db.transaction().execute((tx) => copyRows(tx, 'copied.held', rows.slice(cut), { types, encoded }));
      const stored = await sql<object>`
        select id, told, at, count, '\\x' || encode(hash, 'hex') as hash from copied.held order by id`.execute(db);
      const storable = rows
        .toSorted((a, b) => a.id - b.id)
        .map((row) => ({
          ...row,
          told: row.told === null ? null : Buffer.from(row.told).toString().replaceAll('\0', '\uFFFD'),
        }));
      t.strictSame(stored.rows, storable);
    }),
    { numRuns: 100 },
  );
});

t.test('of rows that have more than the columns, the columns are sent, whichever the order', async (t) => {
  const types: BinaryTypes = { id: 'int8', told: 'text', at: 'timestamptz' };
  const at = '2026-01-01T00:00:00.000Z';
  const rows = [
    { id: 0, told: 'alone', at },
    { other: 'x', id: 1, count: 7, told: 'among others', hash: null, at, last: 'x' },
    { id: 2, at, told: 'in another order' },
    { told: 'in another order, among others', count: 7, at, id: 3, last: 'x' },
    { id: 4, other: 'x', told: 'without one', last: 'x' },
  ];
  await sql`truncate copied.held`.execute(db);
  await db.transaction().execute((tx) => copyRows<object>(tx, 'copied.held', rows, { types }));
  const stored = await sql<object>`select id, told, at, count from copied.held order by id`.execute(db);
  t.strictSame(
    stored.rows,
    rows.map(({ id, told, at = null }) => ({ id, told, at, count: null })),
  );
});

t.test(
  'what Postgres would not read as it is sent is refused, and whoever sends it is not blamed on a connection',
  async (t) => {
    const types: BinaryTypes = { at: 'timestamptz', count: 'int4', told: 'text' };
    const refused = {
      at: ['', 'yesterday', '2026-02-29T00:00:00.000Z', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00.000001Z', 5, {}],
      count: ['7', 1.5, Number.NaN, 2 ** 31, true, {}],
    };
    for (const [column, values] of Object.entries(refused)) {
      for (const value of values) {
        const add = () => new BinaryRows<object>(types).add({ [column]: value });
        t.throws(add, Error, `${column} ${JSON.stringify(value)}`);
        try {
          add();
        } catch (error) {
          t.equal(isOfTheEvent(error), true);
        }
      }
    }
  },
);

t.test('a text that is none is sent as text, either way', async (t) => {
  for (const binary of [undefined, { types: { id: 'int8', told: 'text' } } as const]) {
    await sql`truncate copied.held`.execute(db);
    const rows = [true, 5, { a: 1 }, ['b']].map((told, id) => ({ id, told }));
    await db.transaction().execute((tx) => copyRows(tx, 'copied.held', rows, binary));
    const stored = await sql<{ told: string }>`select told from copied.held order by id`.execute(db);
    t.strictSame(
      stored.rows.map(({ told }) => told),
      ['true', '5', '{"a":1}', '["b"]'],
    );
  }
});

t.test('long rows are sent as Postgres holds them, too, and none is cut where a piece ends', async (t) => {
  const types: BinaryTypes = { id: 'int8', told: 'text' };
  await sql`truncate copied.held`.execute(db);
  const rows = Array.from({ length: 300 }, (_, id) => ({ id, told: `${id}é`.repeat(id * 7) }));
  await db.transaction().execute((tx) => copyRows(tx, 'copied.held', rows, { types }));
  const stored = await sql<object>`select id, told from copied.held order by id`.execute(db);
  t.strictSame(stored.rows, rows);
});

t.test('many chunks of them are sent, and what is refused leaves nothing and a connection that works', async (t) => {
  await sql`truncate copied.rows`.execute(db);
  const rows = Array.from({ length: 5_000 }, (_, id) => ({ id, told: 'x'.repeat(100) }));
  await t.rejects(
    db.transaction().execute((tx) => copyRows(tx, 'copied.rows', [...rows, { id: 0, told: 'again' }])),
    { code: '23505' },
  );
  await t.rejects(
    db.transaction().execute((tx) =>
      copyRows(tx, 'copied.rows', {
        *[Symbol.iterator]() {
          yield* rows;
          throw new Error('no more');
        },
      }),
    ),
    { message: /no more/ },
  );
  await db.transaction().execute(async (tx) => {
    await copyRows(tx, 'copied.rows', []);
    await copyRows(tx, 'copied.rows', rows);
    const counted = await sql<{ count: number }>`select count(*) from copied.rows`.execute(tx);
    t.equal(counted.rows[0]?.count, 5_000);
  });
});

t.test("in a slot, they go to the slot's table", async (t) => {
  const projection = { ...numbered(), schema: 'copied' };
  await sql`create schema copied__next`.execute(db);
  await sql`create table copied__next.rows (id integer)`.execute(db);
  await inSlot(db, projection, 'next')
    .transaction()
    .execute((tx) => copyRows(tx, 'copied.rows', [{ id: 7 }]));
  t.strictSame((await sql`select id from copied__next.rows`.execute(db)).rows, [{ id: 7 }]);
});

t.test('while many rows are sent, everybody else gets a turn', async (t) => {
  await sql`truncate copied.rows`.execute(db);
  const told = 'x'.repeat(1_000);
  const rows: Row[] = Array.from({ length: 40_000 }, (_, id) => ({ id, told, at: null, known: null }));
  let turns = 0;
  let isSent = false;
  const count = () => {
    turns++;
    if (!isSent) setImmediate(count);
  };
  setImmediate(count);
  await db.transaction().execute((tx) => copyRows(tx, 'copied.rows', rows));
  isSent = true;
  // Postgres may take all at once, however long that takes: a turn every eight pieces is sure.
  t.ok(turns > 70, `40 MB are sent in ${turns} turns`);
});

t.test('a COPY goes on for as long as rows of one table come', async (t) => {
  await sql`truncate copied.rows, copied.held`.execute(db);
  const known = { at: null, known: null };
  await db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx);
    const under = async () => {
      const seen = await sql<{ query: string; since: string }>`
        select query, query_start as since from pg_stat_activity where pid = ${rows[0]?.pid} and state = 'active'`.execute(
        db,
      );
      return seen.rows[0];
    };
    const copying = new Copying(tx);
    await copying.send('copied.rows', [{ id: 0, told: 'first', ...known }]);
    const first = await until(under, 'it is under way');
    await copying.send('copied.rows', []);
    await copying.send('copied.rows', [{ id: 1, told: 'second', ...known }]);
    t.match(first, { query: /copied"."rows/ });
    t.strictSame(await under(), first);
    await copying.send('copied.held', [{ id: 0, told: 'elsewhere' }], { types: { id: 'int8', told: 'text' } });
    const next = await until(async () => {
      const now = await under();
      return now?.query === first.query ? undefined : now;
    }, 'the next is under way');
    t.match(next, { query: /copied"."held/ });
    await copying.send('copied.held', [{ id: 1, told: 'there' }], { types: { id: 'int8', told: 'text' } });
    await copying.send('copied.rows', [{ id: 2, told: 'third', ...known }]);
    await copying.end();
    await copying.end();
    const counted = await sql<object>`
      select (select array_agg(told order by id) from copied.rows) as rows,
        (select array_agg(told order by id) from copied.held) as held`.execute(tx);
    t.strictSame(counted.rows, [{ rows: ['first', 'second', 'third'], held: ['elsewhere', 'there'] }]);
  });
});

t.test(
  'what is refused of it is told to whoever sends more or ends it, and the transaction can be undone',
  async (t) => {
    const again = { told: 'again', at: null, known: null };
    for (const goOn of [
      (copying: Copying) => copying.end(),
      (copying: Copying) => copying.send('copied.held', [{ id: 9, told: 'after it' }]),
      async (copying: Copying) => {
        for (;;) await copying.send('copied.rows', [{ id: 1, ...again }]);
      },
    ]) {
      await sql`truncate copied.rows, copied.held`.execute(db);
      const tx = await db.startTransaction().execute();
      const copying = new Copying(tx as never);
      await copying.send('copied.rows', [
        { id: 1, ...again },
        { id: 1, ...again },
      ]);
      await t.rejects(goOn(copying), { code: '23505' });
      await copying.end().catch(() => {});
      await tx.rollback().execute();
      const { rows } = await sql`select from copied.rows union all select from copied.held`.execute(db);
      t.equal(rows.length, 0);
    }
  },
);
