import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

/** A mail that a real SMTP server took. */
export interface TrappedMail {
  readonly to: string;
  readonly messageId: string;
  readonly parsed: ParsedMail;
  /** The token in the fragment of its first link that has one. */
  readonly token: string;
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
      simpleParser(stream).then((parsed) => {
        mails.push({
          to: session.envelope.rcptTo[0]?.address ?? '',
          messageId: parsed.messageId ?? '',
          parsed,
          token: /#([\w.-]+)/.exec(parsed.text ?? '')?.[1] ?? '',
        });
        reply(null);
      }, reply);
    },
  });
  // A client that is killed in the middle of a mail is what these tests are about.
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
