import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';

/** What a mail server does with a mail; the last two have taken it, and the client is not told. */
export type Mood =
  | 'takes'
  | 'greylists'
  | 'refuses'
  | 'is-busy'
  | 'drops-in-data'
  | 'takes-and-drops'
  | 'takes-and-hangs';

/** A mail that came whole, told or not. */
export interface Copy {
  readonly to: string;
  readonly messageId: string;
  readonly attemptId: string;
  /** Which try at this address brought it, from 1. */
  readonly nth: number;
}

/** A real SMTP server on loopback with a mood for every mail. */
export interface MoodyServer {
  readonly url: string;
  readonly copies: readonly Copy[];
  /** How often somebody tried to send to an address. */
  tries(to: string): number;
  /** Connections it was asked for. */
  readonly connections: number;
  /** Goes away, hanging up on everybody. */
  leave(): Promise<void>;
  /** Is there again, at the same place. */
  comeBack(): Promise<void>;
  close(): Promise<void>;
}

const REPLIES: Readonly<Partial<Record<Mood, readonly [code: number, text: string]>>> = {
  greylists: [450, '4.7.1 Greylisted, come back in a while'],
  refuses: [550, '5.1.1 No such mailbox'],
  'is-busy': [421, '4.3.2 Too busy, closing'],
};

/** @param moodOf by the recipient, and which try at it this is, from 1 */
export async function startMoodyServer(moodOf: (to: string, nth: number) => Mood): Promise<MoodyServer> {
  const copies: Copy[] = [];
  const tries = new Map<string, number>();
  const asked = new WeakMap<SMTPServerSession, { readonly mood: Mood; readonly nth: number }>();
  let connections = 0;
  let server = create();
  await listen(0);
  const { port } = server.server.address() as AddressInfo;

  function create(): SMTPServer {
    const made = new SMTPServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      closeTimeout: 1,
      onConnect(_session, done) {
        connections++;
        done();
      },
      onRcptTo({ address }, session, done) {
        const nth = (tries.get(address) ?? 0) + 1;
        tries.set(address, nth);
        const mood = moodOf(address, nth);
        asked.set(session, { mood, nth });
        const [responseCode, text] = REPLIES[mood] ?? [];
        if (responseCode === undefined) return done();
        done(Object.assign(new Error(text), { responseCode }));
        // RFC 5321 section 3.8: who says 421 closes.
        if (responseCode === 421) setImmediate(() => hangUp(session));
      },
      onData(stream, session, done) {
        const { mood, nth = 0 } = asked.get(session) ?? {};
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          if (mood === 'drops-in-data') hangUp(session);
        });
        stream.once('end', () => {
          if (mood === 'drops-in-data') return;
          copies.push(copyOf(Buffer.concat(chunks), session.envelope.rcptTo[0]?.address ?? '', nth));
          if (mood === 'takes') done(null, '2.0.0 taken');
          if (mood === 'takes-and-drops') hangUp(session);
        });
      },
    });
    // A client that gives up, or is hung up on, is nothing to stumble over.
    made.on('error', () => {});
    return made;
  }

  function hangUp({ id }: SMTPServerSession): void {
    for (const connection of server.connections) if (connection.id === id) connection.close();
  }

  async function listen(at: number): Promise<void> {
    server.listen(at, '127.0.0.1');
    await once(server.server, 'listening');
  }

  const leave = async () => {
    for (const connection of server.connections) connection.close();
    await new Promise<void>((resolve) => server.close(resolve));
  };
  return {
    url: `smtp://127.0.0.1:${port}`,
    copies,
    tries: (to) => tries.get(to) ?? 0,
    get connections() {
      return connections;
    },
    leave,
    async comeBack() {
      server = create();
      await listen(port);
    },
    close: leave,
  };
}

function copyOf(raw: Buffer, to: string, nth: number): Copy {
  const head = raw.toString('latin1').replace(/\r\n(?=[ \t])/g, '');
  const header = (name: string) => new RegExp(`^${name}: *(.*?)\\r$`, 'im').exec(head)?.[1] ?? '';
  return { to, nth, messageId: header('message-id'), attemptId: header('x-attempt-id') };
}
