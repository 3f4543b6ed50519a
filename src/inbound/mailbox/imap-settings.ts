import { credentialsOf, flagOf, hostOf, isThisMachine, serverUrl } from '../../server-url.js';

/** How to reach the mailbox that reports come to. */
export interface ImapSettings {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte. */
  readonly secure: boolean;
  /** STARTTLS: true requires it, false never uses it, undefined takes it where it is offered. */
  readonly startTls?: boolean;
  readonly tls?: { readonly rejectUnauthorized: boolean };
  readonly auth: { readonly user: string; readonly pass: string };
  readonly mailbox: string;
  /** Where reports go once they are recorded; they stay where it is undefined. */
  readonly moveTo?: string;
}

const SETTING = 'IMAP_URL';

/** RFC 8314 section 3.2, and RFC 3501 section 2.1 for a connection that begins without TLS. */
const PORTS = { 'imaps:': 993, 'imap:': 143 } as const;

/**
 * Reads `imaps://user:password@host/INBOX`, or `imap://` for STARTTLS. Without a path, the mailbox is INBOX. After a question mark
 * may follow `moveTo`, and as in SMTP_URL `ignoreTLS` and `tls.rejectUnauthorized` (each `true` or `false`).
 *
 * TLS is required unless `ignoreTLS` is set or the server is on this machine: a STARTTLS that somebody in between cut out must
 * not make us tell the password.
 *
 * @throws RangeError saying what is wrong, without the password
 */
export function imapSettings(imapUrl: string): ImapSettings {
  const url = serverUrl(imapUrl, ['imap:', 'imaps:']);
  if (!url) throw new RangeError('IMAP_URL must look like imaps://user:password@host/INBOX');
  const auth = credentialsOf(url, SETTING);
  if (auth.user === '' || auth.pass === '') throw new RangeError('IMAP_URL needs a user and a password');
  const host = hostOf(url);
  const secure = url.protocol === 'imaps:';
  const { ignoreTLS = false, ...parameters } = parametersOf(url);
  const startTls = ignoreTLS ? false : isThisMachine(host) ? undefined : true;
  return {
    host,
    port: Number(url.port) || PORTS[url.protocol],
    secure,
    auth,
    mailbox: pathOf(url) || 'INBOX',
    ...(secure || startTls === undefined ? {} : { startTls }),
    ...parameters,
  };
}

function parametersOf({ searchParams }: URL): Pick<ImapSettings, 'tls' | 'moveTo'> & { ignoreTLS?: boolean } {
  const parameters: { ignoreTLS?: boolean; tls?: ImapSettings['tls'] & object; moveTo?: string } = {};
  for (const [key, value] of searchParams) {
    if (key === 'moveTo') parameters.moveTo = named(value);
    else if (key === 'ignoreTLS') parameters.ignoreTLS = flagOf(key, value, SETTING);
    else if (key === 'tls.rejectUnauthorized') parameters.tls = { rejectUnauthorized: flagOf(key, value, SETTING) };
    else throw new RangeError(`IMAP_URL has no parameter "${key}"`);
  }
  return parameters;
}

function named(mailbox: string): string {
  if (mailbox === '') throw new RangeError('IMAP_URL: moveTo names a mailbox');
  return mailbox;
}

function pathOf({ pathname }: URL): string {
  try {
    return decodeURIComponent(pathname.slice(1));
  } catch {
    throw new RangeError('IMAP_URL: the mailbox must be percent-encoded; a percent sign is written %25');
  }
}
