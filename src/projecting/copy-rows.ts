import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type CompiledQuery, sql } from 'kysely';

import { BINARY_END, BINARY_START, BinaryRows, type BinaryTypes, CHUNK } from './binary-rows.js';
import type { ProjectionTransaction } from './transaction.js';

/** How rows are sent. */
export interface CopyOptions {
  /** Those of all columns, where rows are sent as Postgres holds them, and not as text. */
  readonly types?: BinaryTypes | undefined;
  /** More rows, in pieces as `BinaryRows` makes them. */
  readonly encoded?: readonly Buffer[];
}

/** How much is sent before whatever else the process has to do gets its turn, in pieces: a millisecond or two. */
const PIECES_A_TURN = 8;

/**
 * Writes rows that are not there yet, by COPY: several times as fast as any INSERT once they are some hundred. All have the
 * columns of the first; what is undefined in one is null. Text may hold anything: what Postgres cannot store (NUL, halves of
 * surrogate pairs) is replaced by U+FFFD.
 *
 * @param table with its schema
 */
export async function copyRows<Row extends object>(
  tx: ProjectionTransaction,
  table: string,
  rows: Iterable<Row>,
  options: CopyOptions = {},
): Promise<void> {
  const copying = new Copying(tx);
  await copying.send(table, rows, options);
  await copying.end();
}

/** A COPY under way. */
interface Copy {
  readonly statement: string;
  readonly isBinary: boolean;
  /** What is sent. */
  readonly source: PassThrough;
  /** Until Postgres has taken all. */
  readonly done: Promise<void>;
}

/**
 * One COPY after another, each of which goes on for as long as rows of one table come. Postgres keeps a few places in memory for each,
 * and writes to disk what stood there before: one COPY leaves 16 MB for the commit to write, and a hundred short ones leave whatever
 * memory can hold, in place of what others look for.
 *
 * Nothing else can be done in the transaction before the `end`.
 *
 * @see https://github.com/postgres/postgres/blob/REL_18_STABLE/src/backend/storage/buffer/README, "Buffer Ring Replacement Strategy"
 */
export class Copying {
  private copy: Copy | undefined;
  private pieces = 0;

  /**
   * @param truncated tables that the transaction has truncated. Rows go in there as if they had always been there, which spares whoever
   *   reads them first the finding out, and an index a third of its making
   */
  constructor(
    private readonly tx: ProjectionTransaction,
    private readonly truncated: ReadonlySet<string> = new Set(),
  ) {}

  /**
   * Sends rows as `copyRows` does. They need not have arrived when it returns.
   *
   * @throws what Postgres says of rows of this table, or of those that were sent before
   */
  async send<Row extends object>(
    table: string,
    rows: Iterable<Row>,
    { types, encoded = [] }: CopyOptions = {},
  ): Promise<void> {
    const [first] = rows;
    if (!first && encoded.length === 0) return;
    const columns = Object.keys(types ?? first ?? {}) as (keyof Row & string)[];
    const names = sql.join(columns.map((column) => sql.ref(column)));
    const how = sql.raw(`(format ${types ? 'binary' : 'text'}, freeze ${this.truncated.has(table)})`);
    const statement = sql`copy ${sql.table(table)} (${names}) from stdin ${how}`.compile(this.tx);
    if (this.copy?.statement !== statement.sql) {
      await this.end();
      this.copy = this.begin(statement, types !== undefined);
    }
    await this.write(this.copy, types ? binaryChunksOf(rows, types, encoded) : chunksOf(rows, columns));
  }

  /** @throws what Postgres says of the rows that were sent */
  async end(): Promise<void> {
    const { copy } = this;
    if (!copy) return;
    this.copy = undefined;
    copy.source.end(copy.isBinary ? BINARY_END : undefined);
    await copy.done;
  }

  private begin(statement: CompiledQuery, isBinary: boolean): Copy {
    const source = new PassThrough({ highWaterMark: PIECES_A_TURN * CHUNK });
    // What becomes of it is told by the COPY itself.
    source.on('error', () => {});
    if (isBinary) source.write(BINARY_START);
    const copy = { statement: statement.sql, isBinary, source, done: this.run({ ...statement, parameters: [source] }) };
    // It is told to whoever sends next, or ends it.
    copy.done.catch(() => {});
    return copy;
  }

  private async run(statement: CompiledQuery): Promise<void> {
    for await (const _ of this.tx.getExecutor().stream(statement, 1));
  }

  /** A socket that takes all at once would leave no turn to others. */
  private async write({ source, done }: Copy, chunks: Iterable<Buffer>): Promise<void> {
    try {
      for (const chunk of chunks) {
        if (!source.write(chunk)) await Promise.race([once(source, 'drain'), done]);
        if (++this.pieces % PIECES_A_TURN === 0) await nextTurn();
      }
    } catch (error) {
      source.destroy(error as Error);
      await done;
      throw error;
    }
  }
}

function* binaryChunksOf<Row extends object>(
  rows: Iterable<Row>,
  types: BinaryTypes,
  encoded: readonly Buffer[],
): Generator<Buffer> {
  yield* encoded;
  const binary = new BinaryRows<Row>(types);
  for (const row of rows) {
    binary.add(row);
    yield* binary.take('full');
  }
  yield* binary.take('rest');
}

function* chunksOf<Row extends object>(rows: Iterable<Row>, columns: readonly (keyof Row)[]): Generator<Buffer> {
  let chunk = '';
  for (const row of rows) {
    let separator = '';
    for (const column of columns) {
      chunk += separator + fieldOf(row[column]);
      separator = '\t';
    }
    chunk += '\n';
    if (chunk.length < CHUNK) continue;
    yield Buffer.from(chunk);
    chunk = '';
  }
  if (chunk !== '') yield Buffer.from(chunk);
}

/** What a text must not hold as it is. Halves of surrogate pairs become U+FFFD when the text becomes bytes. */
const SPECIAL = /[\\\n\r\t\0]/;
const EACH_SPECIAL = /[\\\n\r\t\0]/g;

const ESCAPED: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\0': '\uFFFD',
};

function fieldOf(value: unknown): string {
  if (value === null || value === undefined) return '\\N';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return SPECIAL.test(text) ? text.replace(EACH_SPECIAL, (character) => ESCAPED[character] ?? '') : text;
}
