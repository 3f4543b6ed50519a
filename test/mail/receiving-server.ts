import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** The mail as it came over the wire. */
  readonly raw: string;
  readonly parsed: ParsedMail;
}

/** What the server answers instead of taking a mail, at a stage of its transaction. */
export interface Refusal {
  readonly at: 'MAIL' | 'RCPT' | 'DATA';
  /** Code and text: `550 5.1.1 No such user`. */
  readonly reply: string;
}

export interface ReceivingServer {
  readonly port: number;
  readonly url: string;
  readonly received: ReceivedMail[];
  /** Refuses from now on, or no more. */
  refuse(refusal: Refusal | undefined): void;
  /** Connections opened so far, and how many of them are still open. */
  readonly connections: number;
  readonly open: number;
  /** Hangs up on everybody, and takes new connections. */
  hangUp(): void;
  close(): Promise<void>;
}

/** A real SMTP server on a free port of the loopback interface that keeps what it takes. */
export async function startReceivingServer(options: SMTPServerOptions = {}, port = 0): Promise<ReceivingServer> {
  const received: ReceivedMail[] = [];
  let refusal: Refusal | undefined;
  let connections = 0;
  const answerAt = (stage: Refusal['at']) => {
    if (refusal?.at !== stage) return undefined;
    const [, code, text] = /^(\d{3}) (.*)$/s.exec(refusal.reply) ?? [];
    return Object.assign(new Error(text), { responseCode: Number(code) });
  };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 20,
    onConnect: (_session, done) => {
      connections++;
      done();
    },
    onMailFrom: (_address, _session, done) => done(answerAt('MAIL')),
    onRcptTo: (_address, _session, done) => done(answerAt('RCPT')),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', async () => {
        const refused = answerAt('DATA');
        if (refused) return done(refused);
        const raw = Buffer.concat(chunks);
        const { mailFrom, rcptTo } = session.envelope;
        received.push({
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map(({ address }) => address),
          raw: raw.toString(),
          parsed: await simpleParser(raw),
        });
        return done(null, '2.0.0 taken');
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  const listening = server.listen(port, '127.0.0.1');
  await once(listening, 'listening');
  const { port: actualPort } = listening.address() as AddressInfo;
  return {
    port: actualPort,
    url: `smtp://127.0.0.1:${actualPort}`,
    received,
    refuse: (next) => {
      refusal = next;
    },
    get connections() {
      return connections;
    },
    get open() {
      return server.connections.size;
    },
    hangUp: () => {
      for (const connection of server.connections) connection.close();
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
