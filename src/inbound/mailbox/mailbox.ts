/** What a message of the mailbox was: a report about a mail of ours, somebody else's business, or nothing that could be read. */
export type MessageKind = 'report' | 'other' | 'unreadable';

/**
 * Deals with a message.
 *
 * @param raw the whole of it; undefined where it is larger than any report
 */
export type MessageHandler = (raw: Buffer | undefined) => Promise<MessageKind>;

/** The mailbox that reports come to, opened. Whatever rejects makes it useless: it has to be opened anew. */
export interface Mailbox {
  /** Has every message dealt with that is new, one after the other. A message is marked as dealt with when that is done. */
  sweep(handle: MessageHandler): Promise<void>;
  /** Resolves when there may be something new. */
  waitForMail(): Promise<void>;
}

/** Opens the mailbox. It is closed when the signal aborts, and what waits for it resolves or rejects then. */
export type OpenMailbox = (signal: AbortSignal) => Promise<Mailbox>;

/** The mailbox cannot be used, for a reason that only whoever set it up can mend. `message` says no secret. */
export class MailboxUnusable extends Error {
  override readonly name = 'MailboxUnusable';
}
