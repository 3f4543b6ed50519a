/** Types of columns whose values can be sent as Postgres holds them. */
export type BinaryType = 'bytea' | 'int8' | 'text' | 'timestamptz';

/** All columns of rows that are to be sent, in any order, with their types. */
export type BinaryTypes = Readonly<Record<string, BinaryType>>;

/** How much is sent at once, in bytes: less costs calls, more only memory. */
export const CHUNK = 64 * 1024;

/** What a value of a fixed length takes at most, and any value besides its text: its length in front. */
const FIXED = 12;

/** In milliseconds since 1970: Postgres counts microseconds from there. */
const POSTGRES_EPOCH = Date.UTC(2000);

const TWO_TO_32 = 2 ** 32;

/**
 * Rows as a binary COPY has them: a third of the work for the server that the same rows are as text, and half of it here. They are
 * bytes outside of the heap from the start, which nobody sweeps however many wait to be sent.
 *
 * Values are texts and numbers as `json_populate_recordset` takes them: a `bytea` as `\x` and hexadecimal digits, an instant as `Date`
 * writes it.
 *
 * @see https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9.4
 */
export class BinaryRows<Row extends object> {
  private readonly columns: readonly [name: keyof Row, type: BinaryType][];
  private full: Buffer[] = [];
  private fullBytes = 0;
  private chunk: Buffer = NOTHING;
  private at = 0;
  private instant: { readonly text: unknown; readonly milliseconds: number } = { text: undefined, milliseconds: 0 };

  constructor(types: BinaryTypes) {
    this.columns = Object.entries(types) as [keyof Row, BinaryType][];
  }

  /** How many have not been taken. */
  get bytes(): number {
    return this.fullBytes + this.at;
  }

  add(row: Row): void {
    this.makeRoom(2);
    this.at = this.chunk.writeInt16BE(this.columns.length, this.at);
    for (const [name, type] of this.columns) {
      const value = row[name] as unknown;
      if (value === null || value === undefined) this.writeNull();
      else if (type === 'text') this.writeText(String(value));
      else if (type === 'int8') this.writeInt8(Number(value));
      else if (type === 'timestamptz') this.writeInt8(this.millisecondsOf(value), 1_000);
      else this.writeBytes(String(value));
    }
  }

  /** The pieces that are full; what is left is one as well when it is the `rest` that is asked for. */
  take(rest: 'rest' | 'full'): Buffer[] {
    if (rest === 'rest') this.closeChunk();
    const taken = this.full;
    this.full = [];
    this.fullBytes = 0;
    return taken;
  }

  private writeNull(): void {
    this.makeRoom(FIXED);
    this.at = this.chunk.writeInt32BE(-1, this.at);
  }

  private writeText(value: string): void {
    const text = value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value;
    // No character of a text takes more than three bytes: those that do are two in JavaScript.
    this.makeRoom(FIXED + 3 * text.length);
    const length = this.chunk.write(text, this.at + 4);
    this.chunk.writeInt32BE(length, this.at);
    this.at += 4 + length;
  }

  /** A product, which may be larger than what a number counts exactly. */
  private writeInt8(value: number, times = 1): void {
    this.makeRoom(FIXED);
    const high = Math.floor(value / TWO_TO_32);
    const low = (value - high * TWO_TO_32) * times;
    const carried = Math.floor(low / TWO_TO_32);
    this.at = this.chunk.writeInt32BE(8, this.at);
    this.at = this.chunk.writeInt32BE(high * times + carried, this.at);
    this.at = this.chunk.writeUInt32BE(low - carried * TWO_TO_32, this.at);
  }

  private writeBytes(value: string): void {
    const digits = value.slice('\\x'.length);
    this.makeRoom(FIXED + digits.length);
    const length = this.chunk.write(digits, this.at + 4, 'hex');
    this.chunk.writeInt32BE(length, this.at);
    this.at += 4 + length;
  }

  /** Since the start of 2000. Rows that follow each other often have the same instants. */
  private millisecondsOf(text: unknown): number {
    if (text !== this.instant.text) {
      this.instant = { text, milliseconds: new Date(text as string).getTime() - POSTGRES_EPOCH };
    }
    return this.instant.milliseconds;
  }

  private makeRoom(bytes: number): void {
    if (this.at + bytes <= this.chunk.length) return;
    this.closeChunk();
    this.chunk = Buffer.allocUnsafeSlow(Math.max(CHUNK, bytes));
  }

  private closeChunk(): void {
    if (this.at > 0) this.full.push(this.chunk.subarray(0, this.at));
    this.fullBytes += this.at;
    this.chunk = NOTHING;
    this.at = 0;
  }
}

const NOTHING = Buffer.alloc(0);

/** What a binary COPY begins with: its signature, no flags, and nothing more. */
export const BINARY_START = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');

export const BINARY_END = Buffer.from([0xff, 0xff]);
