import { credentialsOf, flagOf, hostOf, isThisMachine, serverUrl } from '../server-url.js';

/** How to reach the mail server, in nodemailer's words. */
export interface SmtpSettings {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte. */
  readonly secure: boolean;
  readonly requireTLS?: boolean;
  readonly ignoreTLS?: boolean;
  /** What we call ourselves in EHLO. */
  readonly name?: string;
  readonly tls?: { readonly rejectUnauthorized: boolean };
  readonly auth?: { readonly user: string; readonly pass: string };
  /** With credentials: to send without them, where the server does not ask, would hide a mistake. */
  readonly forceAuth?: boolean;
}

const SETTING = 'SMTP_URL';

/** RFC 8314 section 3.3, and RFC 6409 section 3.1 for a connection that begins without TLS. */
const PORTS = { 'smtps:': 465, 'smtp:': 587 } as const;

/**
 * Reads `smtp://` or `smtps://`, with user and password where needed. After a question mark may follow `requireTLS`,
 * `ignoreTLS` and `tls.rejectUnauthorized` (each `true` or `false`) and `name`, as nodemailer has them.
 *
 * Where there are credentials, TLS is required unless `ignoreTLS` is set or the server is on this machine: a STARTTLS that
 * somebody in between cut out must not make us tell the password.
 *
 * @throws RangeError saying what is wrong, without the password
 */
export function smtpSettings(smtpUrl: string): SmtpSettings {
  const url = serverUrl(smtpUrl, ['smtp:', 'smtps:']);
  if (!url) throw new RangeError('SMTP_URL must look like smtp://host:port or smtps://user:password@host:port');
  const host = hostOf(url);
  const auth = credentialsOf(url, SETTING);
  const parameters = parametersOf(url);
  const hasSecrets = auth.user !== '' && !parameters.ignoreTLS && !isThisMachine(host);
  return {
    host,
    port: Number(url.port) || PORTS[url.protocol],
    secure: url.protocol === 'smtps:',
    ...(hasSecrets && { requireTLS: true }),
    ...parameters,
    ...(auth.user !== '' && { auth, forceAuth: true }),
  };
}

function parametersOf({ searchParams }: URL): Pick<SmtpSettings, 'requireTLS' | 'ignoreTLS' | 'name' | 'tls'> {
  const parameters: { requireTLS?: boolean; ignoreTLS?: boolean; name?: string; tls?: SmtpSettings['tls'] & object } =
    {};
  for (const [key, value] of searchParams) {
    if (key === 'name') parameters.name = value;
    else if (key === 'requireTLS' || key === 'ignoreTLS') parameters[key] = flagOf(key, value, SETTING);
    else if (key === 'tls.rejectUnauthorized') parameters.tls = { rejectUnauthorized: flagOf(key, value, SETTING) };
    else throw new RangeError(`SMTP_URL has no parameter "${key}"`);
  }
  return parameters;
}
