/** A cursor that no page of the list gave out. */
export class InvalidCursor extends Error {
  override readonly name = 'InvalidCursor';
  readonly code = 'invalid-cursor';
}

/** A timestamp as Postgres writes it. */
const TIMESTAMP =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]) ([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?[+-]\d{2}(:\d{2})?$/;

/** Whether Postgres reads a text as a timestamp: as it writes them, of a day that there is. */
export function isTimestamp(text: string): boolean {
  if (!TIMESTAMP.test(text)) return false;
  const day = text.slice(0, 10);
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}

/** Where a keyset page ended, for the next to begin: which list it is (how it is sorted, of which instant), the last row's sort key, and what tells equals apart. */
export function encodeCursor(list: string, key: string, id: string): string {
  return Buffer.from(JSON.stringify([list, key, id])).toString('base64url');
}

/**
 * @param list the list that is asked for now
 * @param isKey whether a text can be a sort key of this list
 * @throws InvalidCursor
 */
export function decodeCursor(list: string, cursor: string, isKey: (key: string) => boolean): [key: string, id: string] {
  const decoded = parsed(cursor);
  if (!Array.isArray(decoded) || decoded.length !== 3 || decoded.some((part) => typeof part !== 'string')) {
    throw new InvalidCursor('Take the cursor from `nextCursor` of the page before, unchanged.');
  }
  const [madeFor, key, id] = decoded as [string, string, string];
  if (madeFor !== list) {
    throw new InvalidCursor(
      'This cursor belongs to a list that is sorted otherwise, or of another time. Ask for the first page again.',
    );
  }
  // No row holds the character NUL, and Postgres takes none.
  if (key.includes('\0') || id.includes('\0') || !isKey(key)) {
    throw new InvalidCursor('Take the cursor from `nextCursor` of the page before, unchanged.');
  }
  return [key, id];
}

function parsed(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}
