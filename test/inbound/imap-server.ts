import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

export const PASSWORD = 'a password, known to nobody';

export interface ImapScript {
  /** Whether keywords of the client's own are kept (RFC 3501, PERMANENTFLAGS with `\*`). */
  readonly keepsKeywords?: boolean;
  /** What happens instead of an answer to a command, where it returns something: `hang up`, `say nothing`, or another answer. */
  readonly instead?: (command: string) => string | undefined;
}

export interface Message {
  readonly uid: number;
  readonly raw: Buffer;
  readonly flags: Set<string>;
  mailbox: string;
}

export interface ImapServer {
  readonly url: string;
  /** The commands that came, over all connections, without their tags. */
  readonly commands: string[];
  readonly messages: readonly Message[];
  /** Connections that are open. */
  readonly open: number;
  /** Whether somebody waits in IDLE. */
  readonly isIdled: boolean;
  /** Puts a message into INBOX, and says so to whoever waits in IDLE. */
  deliver(raw: Buffer): Message;
  close(): Promise<void>;
}

interface Session {
  readonly say: (line: string | Buffer) => void;
  idleTag?: string | undefined;
  /** How many messages it was told that there are. */
  knows: number;
}

/** A server that speaks as much IMAP (RFC 3501, 2177, 6851) as a reader of one mailbox needs, but for what the script says. */
export async function startImapServer({ keepsKeywords = true, instead }: ImapScript = {}): Promise<ImapServer> {
  const commands: string[] = [];
  const messages: Message[] = [];
  const sessions = new Map<Socket, Session>();
  const inInbox = () => messages.filter(({ mailbox }) => mailbox === 'INBOX');
  const sequence = (uid: number) => inInbox().findIndex((each) => each.uid === uid) + 1;

  /** What stands before the tagged answer, and that answer. */
  const ANSWERS: Readonly<Record<string, (rest: string) => readonly [...(string | Buffer)[], string]>> = {
    CAPABILITY: () => ['* CAPABILITY IMAP4rev1 IDLE MOVE UIDPLUS', 'OK done'],
    NOOP: () => ['OK done'],
    LOGIN: (rest) => [
      rest.includes(`"${PASSWORD}"`) ? 'OK welcome' : 'NO [AUTHENTICATIONFAILED] not bounces@example.com',
    ],
    LIST: (rest) => {
      const name = rest.split(' ').at(-1) ?? '';
      const lists = /^"?(?:|INBOX|Reports)"?$/.test(name);
      return lists ? [`* LIST (${name === '""' ? '\\Noselect' : ''}) "/" ${name}`, 'OK done'] : ['OK done'];
    },
    LSUB: () => ['OK done'],
    STATUS: (rest) => (/^"?Reports/.test(rest) ? ['* STATUS Reports (MESSAGES 0)', 'OK done'] : ['NO no such mailbox']),
    SELECT: () => [
      `* ${inInbox().length} EXISTS`,
      `* OK [PERMANENTFLAGS (\\Seen \\Flagged \\Deleted${keepsKeywords ? ' \\*' : ''})] kept`,
      '* OK [UIDVALIDITY 1] valid',
      `* OK [UIDNEXT ${messages.length + 1}] next`,
      'OK [READ-WRITE] done',
    ],
    SEARCH: (rest) => {
      const lacking = rest === 'UNSEEN' ? '\\Seen' : rest.replace('UNKEYWORD ', '');
      const found = inInbox().filter(({ flags }) => !flags.has(lacking));
      return [`* SEARCH${found.map(({ uid }) => ` ${uid}`).join('')}`, 'OK done'];
    },
    FETCH: (rest) => {
      const message = named(rest);
      if (!message) return ['OK done'];
      const { uid, raw } = message;
      const head = `* ${sequence(uid)} FETCH (UID ${uid}`;
      if (!rest.includes('BODY.PEEK[]')) return [`${head} RFC822.SIZE ${raw.length})`, 'OK done'];
      return [Buffer.concat([Buffer.from(`${head} BODY[]<0> {${raw.length}}\r\n`), raw, Buffer.from(')')]), 'OK done'];
    },
    STORE: (rest) => {
      const message = named(rest);
      for (const flag of /\(([^)]*)\)/.exec(rest)?.[1]?.split(' ') ?? []) message?.flags.add(flag);
      return ['OK done'];
    },
    MOVE: (rest) => {
      const message = named(rest);
      if (!message) return ['OK done'];
      const expunged = `* ${sequence(message.uid)} EXPUNGE`;
      message.mailbox = 'Reports';
      return [expunged, 'OK done'];
    },
  };
  const named = (rest: string) => inInbox().find(({ uid }) => uid === Number.parseInt(rest, 10));

  function take(line: string, session: Session, socket: Socket): void {
    if (session.idleTag !== undefined) {
      session.say(`${session.idleTag} OK done`);
      session.idleTag = undefined;
      return;
    }
    const [, tag = '*', command = ''] = /^(\S+) (?:UID )?(.*)$/.exec(line) ?? [];
    commands.push(command);
    const other = instead?.(command);
    if (other === 'hang up') socket.destroy();
    else if (other !== 'say nothing') answer(tag, command, session, other);
  }

  function answer(tag: string, command: string, session: Session, other: string | undefined): void {
    const [, name = '', rest = ''] = /^(\S+) ?(.*)$/.exec(command) ?? [];
    if (name === 'IDLE' && other === undefined) {
      session.idleTag = tag;
      session.say('+ idling');
      tellOfMail(session);
      return;
    }
    const said = other === undefined ? (ANSWERS[name]?.(rest) ?? ['BAD no such command']) : [other];
    for (const untagged of said.slice(0, -1)) session.say(untagged);
    session.say(`${tag} ${said.at(-1)}`);
    if (name === 'SELECT') session.knows = inInbox().length;
    if (name === 'MOVE') session.knows--;
  }

  /** Also of what came before the client began to wait: servers do. */
  function tellOfMail(session: Session): void {
    if (session.idleTag === undefined || session.knows === inInbox().length) return;
    session.knows = inInbox().length;
    session.say(`* ${session.knows} EXISTS`);
  }

  const server = createServer((socket) => {
    const session: Session = {
      knows: 0,
      say: (line) => {
        socket.write(line);
        socket.write('\r\n');
      },
    };
    sessions.set(socket, session);
    socket.on('error', () => undefined).on('close', () => sessions.delete(socket));
    session.say('* OK IMAP4rev1 ready');
    let rest = '';
    socket.on('data', (chunk) => {
      const lines = (rest + chunk.toString()).split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) take(line, session, socket);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `imap://bounces%40example.com:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/INBOX`,
    commands,
    messages,
    get open() {
      return sessions.size;
    },
    get isIdled() {
      return [...sessions.values()].some(({ idleTag }) => idleTag !== undefined);
    },
    deliver(raw) {
      const message: Message = { uid: messages.length + 1, raw, flags: new Set(), mailbox: 'INBOX' };
      messages.push(message);
      for (const session of sessions.values()) tellOfMail(session);
      return message;
    },
    close: async () => {
      for (const socket of sessions.keys()) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
