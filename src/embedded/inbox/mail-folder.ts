import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asNotWritable } from '../data-folder-error.js';
import { systemCode } from '../embedded-error.js';

/** Whom a mail was from and for, as the SMTP client said: the mail itself may claim otherwise. */
export interface Envelope {
  readonly from: string;
  readonly to: readonly string[];
}

/** A mail that is kept. */
interface Entry {
  /** Its file's name without `.eml`. Sorts by arrival. */
  readonly id: string;
  /** Lower-cased addresses of its envelope. */
  readonly to: readonly string[];
}

const EXTENSION = '.eml';
const UNFINISHED = '.part';

/** Enough of a file to hold the lines that name its recipients. */
const HEAD_BYTES = 8_192;

/**
 * A folder of mails, one `.eml` file each, which any mail program can open. Only the newest are kept. A mail is there
 * wholly or not at all, also after a kill, but it is not forced to the disk: a power cut may take the last ones.
 */
export class MailFolder {
  readonly #entries: Entry[];
  #lastId: string;

  private constructor(
    readonly directory: string,
    readonly capacity: number,
    entries: readonly Entry[],
  ) {
    this.#entries = [...entries];
    this.#lastId = entries.at(-1)?.id ?? '';
  }

  /**
   * Opens the folder, which is made where it is missing.
   *
   * @param capacity how many mails are kept
   * @throws EmbeddedError `data-folder-not-writable`
   */
  static async open(directory: string, capacity: number): Promise<MailFolder> {
    try {
      await mkdir(directory, { recursive: true });
      const names = (await readdir(directory)).sort();
      for (const name of names.filter((name) => name.endsWith(UNFINISHED))) await rm(join(directory, name));
      const ids = names.filter((name) => name.endsWith(EXTENSION)).map((name) => name.slice(0, -EXTENSION.length));
      const entries = await Promise.all(ids.map(async (id) => ({ id, to: await readRecipients(directory, id) })));
      const folder = new MailFolder(directory, capacity, entries);
      await folder.#dropOldest();
      return folder;
    } catch (error) {
      throw asNotWritable(error, directory);
    }
  }

  /** Keeps a mail and returns its id. */
  async add(raw: Buffer, envelope: Envelope): Promise<string> {
    const id = this.#nextId();
    const path = this.#path(id);
    await writeFile(path + UNFINISHED, [envelopeHeader(envelope), raw]);
    await rename(path + UNFINISHED, path);
    this.#insert({ id, to: envelope.to.map((address) => address.toLowerCase()) });
    await this.#dropOldest();
    return id;
  }

  /** The ids of the mails kept, newest first; with `to`, of those for that address in any case. */
  ids(to?: string): string[] {
    const wanted = to?.trim().toLowerCase();
    const entries = wanted ? this.#entries.filter((entry) => entry.to.includes(wanted)) : this.#entries;
    return entries.map(({ id }) => id).reverse();
  }

  /** The addresses that a mail was for, `undefined` when it is not kept (any more). */
  recipients(id: string): readonly string[] | undefined {
    return this.#entries.find((entry) => entry.id === id)?.to;
  }

  /** A mail's file, `undefined` when it is not kept (any more). */
  async read(id: string): Promise<Buffer | undefined> {
    // Only names that are known are looked for: an id comes from outside, and might be a path.
    if (!this.recipients(id)) return undefined;
    return readFile(this.#path(id)).catch((error: unknown) => {
      if (systemCode(error) === 'ENOENT') return undefined;
      throw error;
    });
  }

  /** Deletes every mail. */
  async clear(): Promise<void> {
    await this.#remove(this.#entries.splice(0));
  }

  /** The time to the millisecond and a counter: later than every id before, even where the clock went back. */
  #nextId(): string {
    const now = `${new Date().toISOString().replace(/[-:.Z]/g, '')}-0000`;
    this.#lastId = now > this.#lastId ? now : successor(this.#lastId);
    return this.#lastId;
  }

  /** Mails that arrive together may be written in another order than their ids have. */
  #insert(entry: Entry): void {
    const before = this.#entries.findLastIndex(({ id }) => id < entry.id);
    this.#entries.splice(before + 1, 0, entry);
  }

  async #dropOldest(): Promise<void> {
    await this.#remove(this.#entries.splice(0, Math.max(0, this.#entries.length - this.capacity)));
  }

  async #remove(entries: readonly Entry[]): Promise<void> {
    await Promise.all(entries.map(({ id }) => rm(this.#path(id), { force: true })));
  }

  #path(id: string): string {
    return join(this.directory, id + EXTENSION);
  }
}

function successor(id: string): string {
  const dash = id.lastIndexOf('-');
  return `${id.slice(0, dash)}-${String(Number(id.slice(dash + 1)) + 1).padStart(4, '0')}`;
}

/**
 * What the server that delivers a mail writes on top of it: `Return-Path` (RFC 5321 section 4.4) and, by custom,
 * `Delivered-To`, one for each recipient.
 */
function envelopeHeader({ from, to }: Envelope): Buffer {
  const lines = [`Return-Path: <${from}>`, ...to.map((address) => `Delivered-To: ${address}`)];
  return Buffer.from(lines.map((line) => `${line}\r\n`).join(''));
}

async function readRecipients(directory: string, id: string): Promise<string[]> {
  const file = await open(join(directory, id + EXTENSION));
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const recipients: string[] = [];
    for (const line of buffer.toString('utf8', 0, bytesRead).split('\r\n').slice(1)) {
      const address = /^Delivered-To: (.+)$/.exec(line)?.[1];
      if (!address) break;
      recipients.push(address.toLowerCase());
    }
    return recipients;
  } finally {
    await file.close();
  }
}
