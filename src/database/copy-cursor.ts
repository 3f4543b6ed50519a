import { pipeline } from 'node:stream/promises';
import type { PostgresCursor } from 'kysely';
import { from as copyFrom } from 'pg-copy-streams';

/**
 * A `COPY … FROM STDIN` on a transaction's own connection, in the one form in which Kysely hands out a connection: that of a
 * cursor, of which it gives no rows. The only parameter is what is sent.
 */
export class CopyCursor<T> implements PostgresCursor<T> {
  constructor(text: string, [chunks]: unknown[]) {
    const copy = copyFrom(text);
    // What the client submits must be the stream itself.
    Object.assign(copy, {
      read: () => pipeline(chunks as AsyncIterable<Buffer>, copy).then(() => []),
      close: () => Promise.resolve(),
    });
    // biome-ignore lint/correctness/noConstructorReturn: Kysely calls it as a constructor, the client needs the stream
    return copy as unknown as this;
  }

  declare readonly read: () => Promise<T[]>;
  declare readonly close: () => Promise<void>;
}
