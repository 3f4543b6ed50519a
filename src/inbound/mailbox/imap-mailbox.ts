import type { ImapFlow, ImapFlowError, MailboxObject, SearchObject } from 'imapflow';
import { pauseFor } from '../../pause-for.js';

import type { ImapSettings } from './imap-settings.js';
import { type Mailbox, MailboxUnusable, type MessageKind } from './mailbox.js';

/** In bytes. A report has the headers of a mail of ours, or the mail: 100 KB at most. What is larger is not fetched. */
const LARGEST_MESSAGE = 2 * 1024 * 1024;

/** The keyword (RFC 3501, section 2.3.2) of messages that were dealt with. */
const REPORTED = '$Reported';

/** In milliseconds. IDLE is ended and begun again before a server gives up a silent client; RFC 2177 would have 29 minutes. */
const LONGEST_WAIT = 4 * 60_000;
/** Before the next look, where the server ends IDLE by itself. */
const POLL = 30_000;

const CONNECTING = { connectionTimeout: 30_000, greetingTimeout: 30_000, socketTimeout: 5 * 60_000 };

/**
 * Opens the mailbox over IMAP.
 *
 * What was dealt with has the keyword `$Reported`, so that mail for people stays unread. A server that keeps no keywords of ours
 * has it marked as read instead.
 *
 * @throws MailboxUnusable, and whatever kept the connection from being made
 */
export async function openImapMailbox(settings: ImapSettings, signal: AbortSignal): Promise<Mailbox> {
  const { host, port, secure, startTls, tls, auth } = settings;
  // Only here: to load it is an eighth of a start, and most services have no mailbox.
  const { ImapFlow } = await import('imapflow');
  const client = new ImapFlow({
    ...CONNECTING,
    ...{ host, port, secure, auth, tls },
    ...(startTls !== undefined && { doSTARTTLS: startTls }),
    disableAutoIdle: true,
    logger: false,
  });
  const close = () => client.close();
  signal.addEventListener('abort', close, { once: true });
  client.on('close', () => signal.removeEventListener('abort', close));
  try {
    signal.throwIfAborted();
    return await opened(client, settings);
  } catch (error) {
    close();
    throw error;
  }
}

async function opened(client: ImapFlow, { mailbox: path, moveTo }: ImapSettings): Promise<Mailbox> {
  let lost: Error | undefined;
  let isNew = false;
  let wake = () => {};
  // Without a listener, an error would end the process.
  client.on('error', (error) => {
    lost = error;
  });
  client.on('exists', () => {
    isNew = true;
    wake();
  });
  client.on('close', () => {
    lost ??= new Error('the connection to the mailbox was closed');
    wake();
  });
  await client.connect().catch((error) => {
    if (!(error as { authenticationFailed?: boolean }).authenticationFailed) throw error;
    throw new MailboxUnusable('the mail server refuses user or password');
  });
  const box = await client
    .mailboxOpen(path)
    .catch((error) => refused(error, 'there is no mailbox of the name in IMAP_URL'));
  if (box.readOnly) throw new MailboxUnusable('the mailbox can only be read, and nothing marked in it');
  if (moveTo !== undefined) {
    const target = await client.status(moveTo, { messages: true }).catch((error) => refused(error, NO_TARGET));
    if (!target) throw new MailboxUnusable(NO_TARGET);
  }
  const marks = marksOf(box);

  async function settle(uid: string, kind: MessageKind): Promise<void> {
    const isMarked = await client.messageFlagsAdd(uid, [...marks.of[kind]], { uid: true });
    if (!isMarked) throw lost ?? new MailboxUnusable('the mail server does not let messages be marked');
    if (kind !== 'report' || moveTo === undefined) return;
    if (!(await client.messageMove(uid, moveTo, { uid: true }))) {
      throw lost ?? new MailboxUnusable('the mail server does not let messages be moved');
    }
  }

  return {
    async sweep(handle) {
      isNew = false;
      const uids = await client.search(marks.unsettled, { uid: true });
      if (!uids) throw lost ?? new Error('the mail server does not search the mailbox');
      for (const uid of uids.map(String)) {
        const raw = await rawOf(client, uid);
        if (raw !== 'gone') await settle(uid, await handle(raw));
      }
      if (lost) throw lost;
    },
    async waitForMail() {
      const waiting = new AbortController();
      const pause = (time: number) => pauseFor(time, waiting.signal);
      wake = () => waiting.abort();
      if (isNew || lost) wake();
      else
        void client
          .idle()
          .catch(() => {})
          .then(() => pause(POLL))
          .then(wake);
      await pause(LONGEST_WAIT);
      wake();
    },
  };
}

const NO_TARGET = 'there is no mailbox of the name in moveTo';

/** @throws MailboxUnusable where the server said no, and otherwise what went wrong */
function refused(error: ImapFlowError, what: string): never {
  const isRefusal = error.responseStatus === 'NO' || error.responseStatus === 'BAD' || error.code === 'NotFound';
  throw isRefusal ? new MailboxUnusable(what) : error;
}

/** By `BODY.PEEK`, which leaves it unread; `gone` where another client took it away. */
async function rawOf(client: ImapFlow, uid: string): Promise<Buffer | undefined | 'gone'> {
  const known = await client.fetchOne(uid, { size: true }, { uid: true });
  if (!known) return 'gone';
  if ((known.size ?? 0) > LARGEST_MESSAGE) return undefined;
  // A server may say less than there is.
  const fetched = await client.fetchOne(uid, { source: { start: 0, maxLength: LARGEST_MESSAGE } }, { uid: true });
  return fetched ? fetched.source : 'gone';
}

interface Marks {
  /** What to search for. */
  readonly unsettled: SearchObject;
  readonly of: Readonly<Record<MessageKind, readonly string[]>>;
}

const SEEN = '\\Seen';
const FLAGGED = '\\Flagged';
/** Among the flags of a mailbox: keywords can be made up. */
const ANY = '\\*';

function marksOf({ permanentFlags }: MailboxObject): Marks {
  const keepsKeywords = !permanentFlags || permanentFlags.has(ANY) || permanentFlags.has(REPORTED);
  if (!keepsKeywords) {
    return { unsettled: { seen: false }, of: { report: [SEEN], other: [SEEN], unreadable: [SEEN, FLAGGED] } };
  }
  return {
    unsettled: { unKeyword: REPORTED },
    of: { report: [REPORTED, SEEN], other: [REPORTED], unreadable: [REPORTED, FLAGGED] },
  };
}
