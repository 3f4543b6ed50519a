import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { SmtpError } from './mail-outcome.js';

/** How long an answer holds, in milliseconds: servers change rarely, and restarts of ours ask anew. */
const REMEMBERED = 10 * 60_000;

/** Whether a local part needs the extension SMTPUTF8 (RFC 6531). A domain does not: it is in ASCII by then. */
export function needsSmtpUtf8(address: string): boolean {
  return /[^\p{ASCII}]/u.test(address);
}

/**
 * Answers whether the server takes SMTPUTF8. nodemailer does not tell: to a server that lacks it, it sends such an address
 * all the same, which RFC 6531 section 3.2 forbids and some servers garble. So this asks, by an EHLO over a connection of
 * its own, and remembers what it heard.
 *
 * @throws SmtpError when the server cannot be asked
 */
export function createSmtpUtf8Check(options: SMTPConnection.Options): () => Promise<boolean> {
  let known: { readonly answer: Promise<boolean>; readonly until: number } | undefined;
  return () => {
    if (known && known.until > Date.now()) return known.answer;
    const answer = asksForSmtpUtf8(options);
    known = { answer, until: Date.now() + REMEMBERED };
    answer.catch(() => {
      known = undefined;
    });
    return answer;
  };
}

function asksForSmtpUtf8(options: SMTPConnection.Options): Promise<boolean> {
  const connection = new SMTPConnection(options);
  return new Promise((resolve, reject) => {
    // Listens for good: an error after the answer is nobody's business, and must not end the process.
    connection.on('error', (error: SmtpError) => reject(error));
    connection.once('end', () => reject(Object.assign(new Error('closed before EHLO'), { code: 'ECONNECTION' })));
    connection.connect((error) => {
      if (error) {
        reject(error);
        connection.close();
        return;
      }
      resolve(/^\d{3}[ -]SMTPUTF8\s*$/im.test(String(connection.lastServerResponse)));
      connection.quit();
    });
  });
}
