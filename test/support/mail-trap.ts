import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

/** A mail that a real SMTP server took. */
export interface TrappedMail {
  readonly to: string;
  readonly messageId: string;
  /** When it had come whole, by `performance.now()`. */
  readonly at: number;
  parse(): Promise<ParsedMail>;
  /** The token in the fragment of its first link that has one. */
  token(): Promise<string>;
}

/** A real SMTP server on loopback that keeps what it is sent. */
export interface MailTrap {
  readonly url: string;
  readonly mails: readonly TrappedMail[];
  close(): Promise<void>;
}

export async function trapMails(): Promise<MailTrap> {
  const mails: TrappedMail[] = [];
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    onData(stream, session, reply) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.once('end', () => {
        mails.push(trapped(Buffer.concat(chunks), session.envelope.rcptTo[0]?.address ?? ''));
        reply(null);
      });
    },
  });
  // A client that is killed in the middle of a mail is nothing to stumble over.
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

function trapped(raw: Buffer, to: string): TrappedMail {
  const parse = () => simpleParser(raw);
  return {
    to,
    at: performance.now(),
    messageId: /^message-id:\s*(<[^>]+>)/im.exec(raw.toString('latin1'))?.[1] ?? '',
    parse,
    token: async () => /#([\w.-]+)/.exec((await parse()).text ?? '')?.[1] ?? '',
  };
}
