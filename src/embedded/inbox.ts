import type { Logger } from '../logger.js';
import { MailFolder } from './inbox/mail-folder.js';
import { startMailServer } from './inbox/mail-server.js';
import { type Message, parseMessage } from './inbox/message.js';

/** How to run the built-in mail server. */
export interface InboxOptions {
  /** Where mails are kept. */
  readonly directory: string;
  /** The SMTP port on 127.0.0.1; any free one by default. */
  readonly port?: number;
  readonly logger: Logger;
  /** How many mails are kept, the newest: 1000 by default. */
  readonly capacity?: number;
}

/** The mails that the service sent while it has no real mail server to send them with. */
export interface Inbox {
  /** Where to send mails: `smtp://127.0.0.1:…`. */
  readonly smtpUrl: string;
  readonly port: number;
  /** Ids of the mails kept, newest first; with `to`, of those for that address in any case. */
  ids(to?: string): string[];
  /** A mail, `undefined` when it is not kept (any more). */
  message(id: string): Promise<Message | undefined>;
  /** Those of the mails that are still kept, in the order asked for. */
  messages(ids: readonly string[]): Promise<Message[]>;
  /** A mail as it arrived (`message/rfc822`), `undefined` when it is not kept (any more). */
  raw(id: string): Promise<Buffer | undefined>;
  /** Deletes every mail. */
  clear(): Promise<void>;
  /** Stops the mail server. What was acknowledged is kept. */
  close(): Promise<void>;
}

/**
 * Starts an SMTP server whose mails end in a folder instead of going out, so that the service can be tried with nothing
 * else installed. `inboxPages` shows them.
 *
 * @throws EmbeddedError `port-taken`, `data-folder-not-writable`
 */
export async function startInbox({ directory, port = 0, logger, capacity = 1_000 }: InboxOptions): Promise<Inbox> {
  const folder = await MailFolder.open(directory, capacity);
  const server = await startMailServer({ port, logger, keep: (raw, envelope) => folder.add(raw, envelope) });
  const message = async (id: string): Promise<Message | undefined> => {
    const raw = await folder.read(id);
    return raw && parseMessage(id, folder.recipients(id) ?? [], raw);
  };
  return {
    smtpUrl: `smtp://127.0.0.1:${server.port}`,
    port: server.port,
    ids: (to) => folder.ids(to),
    message,
    messages: async (ids) => (await Promise.all(ids.map(message))).filter((found) => found !== undefined),
    raw: (id) => folder.read(id),
    clear: () => folder.clear(),
    close: () => server.close(),
  };
}
