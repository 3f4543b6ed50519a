import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { Logger } from '../../logger.js';
import { EmbeddedError, systemCode } from '../embedded-error.js';
import type { Envelope } from './mail-folder.js';

/** An SMTP server that listens. */
export interface MailServer {
  readonly port: number;
  /** Ends connections after a moment of patience, and stops listening. */
  close(): Promise<void>;
}

/** How the mail server is set up. */
export interface MailServerOptions {
  /** `0` for any free port. */
  readonly port: number;
  readonly logger: Logger;
  /** Takes a mail; the client hears "250" when this resolves, "450" when it rejects. */
  keep(raw: Buffer, envelope: Envelope): Promise<string>;
}

const HOST = '127.0.0.1';

/** Larger mails are refused (RFC 1870): invitations are a few kilobytes. */
const MAX_BYTES = 10 * 1024 * 1024;

const PATIENCE_MS = 500;

/**
 * Starts an SMTP server that takes every mail from this machine, for any recipient, and delivers none.
 *
 * @throws EmbeddedError `port-taken`
 */
export async function startMailServer({ port, logger, keep }: MailServerOptions): Promise<MailServer> {
  const server = new SMTPServer({
    banner: 'Workspace invitations inbox',
    disabledCommands: ['AUTH', 'STARTTLS'],
    // Looking up this machine's own name takes seconds on some networks.
    disableReverseLookup: true,
    hideENHANCEDSTATUSCODES: false,
    logger: false,
    size: MAX_BYTES,
    closeTimeout: PATIENCE_MS,
    onData(stream, session, reply) {
      receive(stream, session, keep).then(
        (id) => reply(null, `kept as ${id}`),
        (error: unknown) => {
          if (!(error instanceof TooLarge)) logger.error({ err: error }, 'the inbox could not keep a mail');
          reply(error instanceof TooLarge ? error : withReply(450, 'Try again later: the inbox cannot keep it now'));
        },
      );
    },
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(asPortTaken(error, port)));
    server.listen(port, HOST, resolve);
  });
  server.on('error', (error) => logger.debug({ err: error }, 'a connection to the inbox broke'));
  return {
    port: (server.server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

async function receive(
  stream: SMTPServerDataStream,
  { envelope }: SMTPServerSession,
  keep: MailServerOptions['keep'],
): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) {
    // The rest is read too, or the client would never hear the answer.
    if (!stream.sizeExceeded) chunks.push(chunk);
  }
  if (stream.sizeExceeded) throw new TooLarge();
  const from = envelope.mailFrom ? envelope.mailFrom.address : '';
  return keep(Buffer.concat(chunks), { from, to: envelope.rcptTo.map(({ address }) => address) });
}

class TooLarge extends Error {
  readonly responseCode = 552;

  constructor() {
    super(`The mail is larger than ${MAX_BYTES} bytes`);
  }
}

/** An error that the client hears with this SMTP reply code (RFC 5321 section 4.2). */
function withReply(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}

function asPortTaken(error: Error, port: number): Error {
  if (systemCode(error) !== 'EADDRINUSE') return error;
  return new EmbeddedError(
    'port-taken',
    `Port ${port} on ${HOST}, wanted for the built-in mail server, is taken by another program. ` +
      'Stop it, or set INBOX_SMTP_PORT to another port (0 takes any that is free).',
    { cause: error },
  );
}
