/** The fields of a message of protocol buffers (protobuf.dev/programming-guides/encoding), one after the other, where it lies. */
export class Fields {
  /** The number of the field that `next` came to. */
  number = 0;
  private kind = 0;
  private isUnread = false;

  constructor(
    private readonly bytes: Buffer,
    private at = 0,
    private readonly end = bytes.length,
  ) {}

  /** Goes to the next field, past the value of the last one where nobody has read it. @returns false where there is none */
  next(): boolean {
    if (this.isUnread) this.skip();
    this.isUnread = false;
    if (this.at >= this.end) return false;
    const tag = this.varint();
    this.number = tag >>> 3;
    this.kind = tag & 7;
    this.isUnread = true;
    return true;
  }

  /** An unsigned 64-bit number in decimal. */
  decimal(): string {
    this.isUnread = false;
    const from = this.at;
    const value = this.varint();
    if (value <= Number.MAX_SAFE_INTEGER) return String(value);
    let exact = 0n;
    for (let at = this.at - 1; at >= from; at--) exact = (exact << 7n) | BigInt((this.bytes[at] as number) & 0x7f);
    return exact.toString();
  }

  /** A text in UTF-8, or bytes that are one. */
  text(): string {
    const from = this.bytesFollow();
    return this.bytes.toString('utf8', from, this.at);
  }

  message(): Fields {
    const from = this.bytesFollow();
    return new Fields(this.bytes, from, this.at);
  }

  /** @returns where they begin; they end where it stands then */
  private bytesFollow(): number {
    this.isUnread = false;
    return this.pass(this.varint());
  }

  private skip(): void {
    if (this.kind === VARINT) this.varint();
    else if (this.kind === LENGTH) this.pass(this.varint());
    else if (this.kind === FIXED_64) this.pass(8);
    else if (this.kind === FIXED_32) this.pass(4);
    else throw new RangeError(`a field of kind ${this.kind} cannot be read`);
  }

  /** Exact up to 2^53. */
  private varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.bytes[this.pass(1)] as number;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }

  /** @returns where it stood */
  private pass(length: number): number {
    const from = this.at;
    this.at += length;
    if (this.at > this.end) throw new RangeError('a message is cut off');
    return from;
  }
}

const VARINT = 0;
const FIXED_64 = 1;
const LENGTH = 2;
const FIXED_32 = 5;
