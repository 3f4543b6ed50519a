import { resolve } from 'node:path';

import type { ThrottleLimits } from './database/throttles.js';
import { InvalidConfig, PARTS, type Part, readEnvironment, type Setting } from './environment.js';
import { type ImapSettings, imapSettings } from './inbound/mailbox/imap-settings.js';
import { type InboundSettings, inboundSettings, returnPathSetting } from './inbound/settings.js';

/** Every setting, read from the environment; `.env.example` lists them with their meaning. */
export interface Config {
  readonly parts: ReadonlySet<Part>;
  readonly host: string;
  readonly port: number;
  /** Where people reach the service; links in mails begin with it. Without a slash at the end. */
  readonly publicUrl: string;
  readonly dataDirectory: string;
  /** Undefined: the built-in Postgres. */
  readonly databaseUrl?: string;
  /** `postgres`, or the connection string of an EventStoreDB. */
  readonly eventStore: string;
  /** Undefined: the built-in mail server with its inbox. */
  readonly smtpUrl?: string;
  readonly inboxSmtpPort: number;
  readonly mailFrom: string;
  /** Sender of the envelope, with `{attempt}` where the attempt is to stand in it. Undefined: the address of `mailFrom`. */
  readonly mailReturnPath?: string;
  readonly defaultLocale: string;
  /** Undefined: made at the first start and kept in the data folder. */
  readonly addressKey?: string;
  readonly tokenKeys?: string;
  readonly inbound: InboundSettings;
  /** Where delivery status notifications come to, for the service to read. */
  readonly mailbox?: ImapSettings;
  readonly identityProvider?: { readonly issuer: string; readonly audience: string; readonly jwksUrl?: string };
  readonly trustProxy: boolean;
  readonly logLevel: string;
  readonly workerConcurrency: number;
  /** Mails a second, of all processes together; undefined: as fast as the mail server takes them. */
  readonly mailRate?: number;
  /** The same for each domain that mails go to. */
  readonly mailRatePerDomain?: number;
  readonly signInLinksPerHour: number;
  /** That logos of workspaces may come from; in small letters, with a port where it is not the usual one. */
  readonly logoHosts: readonly string[];
  readonly resendPauseSeconds: number;
  /** How long what became of invitations gathers before the inviter is mailed. */
  readonly digestSeconds: number;
  /** Of the mails of invitations, by day. */
  readonly limits: ThrottleLimits;
  /** Other origins whose pages may call the API. */
  readonly corsOrigins: readonly string[];
}

/**
 * Reads the settings.
 *
 * @param env as `process.env` has them
 * @throws InvalidConfig
 */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const values = readEnvironment(env);
  const text = (name: Setting): string => String(values[name]).trim();
  const optional = (name: Setting): string | undefined => text(name) || undefined;
  const limitOf = (name: Setting): number | undefined => Number(values[name]) || undefined;
  const issuer = optional('IDENTITY_PROVIDER_ISSUER');
  const audience = optional('IDENTITY_PROVIDER_AUDIENCE');
  const jwksUrl = optional('IDENTITY_PROVIDER_JWKS_URL');
  if ((issuer === undefined) !== (audience === undefined)) {
    throw new InvalidConfig(
      'IDENTITY_PROVIDER_ISSUER and IDENTITY_PROVIDER_AUDIENCE go together: set both or neither.',
    );
  }
  const databaseUrl = optional('DATABASE_URL');
  const smtpUrl = optional('SMTP_URL');
  const mailReturnPath = read(() => returnPathSetting(text('MAIL_RETURN_PATH')));
  const imapUrl = optional('IMAP_URL');
  const addressKey = optional('ADDRESS_KEY');
  const tokenKeys = optional('TOKEN_KEYS');
  if (databaseUrl !== undefined && (addressKey === undefined || tokenKeys === undefined)) {
    throw new InvalidConfig(
      'With DATABASE_URL, set ADDRESS_KEY and TOKEN_KEYS too, the same for every instance; `openssl rand -base64 32` makes one.',
    );
  }
  return {
    parts: parseParts(text('ROLES')),
    host: text('HOST'),
    port: Number(values.PORT),
    publicUrl: text('PUBLIC_URL').replace(/\/+$/, ''),
    dataDirectory: resolve(text('DATA_DIR')),
    eventStore: text('EVENT_STORE'),
    inboxSmtpPort: Number(values.INBOX_SMTP_PORT),
    mailFrom: text('MAIL_FROM'),
    defaultLocale: text('DEFAULT_LOCALE'),
    trustProxy: Boolean(values.TRUST_PROXY),
    logLevel: text('LOG_LEVEL'),
    workerConcurrency: Number(values.WORKER_CONCURRENCY),
    inbound: read(() => inboundSettings(optional)),
    signInLinksPerHour: Number(values.SIGN_IN_LINKS_PER_HOUR),
    logoHosts: parseHosts(text('LOGO_HOSTS')),
    corsOrigins: parseOrigins(text('CORS_ORIGINS')),
    digestSeconds: Number(values.DIGEST_SECONDS),
    resendPauseSeconds: Number(values.RESEND_PAUSE_SECONDS),
    limits: {
      perRecipient: limitOf('INVITATIONS_PER_RECIPIENT'),
      perRecipientInWorkspace: limitOf('INVITATIONS_PER_RECIPIENT_IN_WORKSPACE'),
      perInviter: limitOf('INVITATIONS_PER_INVITER'),
      perWorkspace: limitOf('INVITATIONS_PER_WORKSPACE'),
      perNewWorkspace: limitOf('INVITATIONS_PER_NEW_WORKSPACE'),
      newWorkspaceDays: Number(values.NEW_WORKSPACE_DAYS),
    },
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    ...(smtpUrl === undefined ? {} : { smtpUrl }),
    ...(Number(values.MAIL_RATE) > 0 ? { mailRate: Number(values.MAIL_RATE) } : {}),
    ...(Number(values.MAIL_RATE_PER_DOMAIN) > 0 ? { mailRatePerDomain: Number(values.MAIL_RATE_PER_DOMAIN) } : {}),
    ...(mailReturnPath === undefined ? {} : { mailReturnPath }),
    ...(imapUrl === undefined ? {} : { mailbox: read(() => imapSettings(imapUrl)) }),
    ...(addressKey === undefined ? {} : { addressKey }),
    ...(tokenKeys === undefined ? {} : { tokenKeys }),
    ...(issuer && audience ? { identityProvider: { issuer, audience, ...(jwksUrl ? { jwksUrl } : {}) } } : {}),
  };
}

/**
 * Where the service keeps what it knows, for those who work on its stores beside it and need no secret.
 *
 * @throws InvalidConfig
 */
export function readStores(env: NodeJS.ProcessEnv): Pick<Config, 'databaseUrl' | 'dataDirectory' | 'eventStore'> {
  const { DATABASE_URL, DATA_DIR, EVENT_STORE } = readEnvironment(env);
  const databaseUrl = String(DATABASE_URL).trim();
  return {
    dataDirectory: resolve(String(DATA_DIR).trim()),
    eventStore: String(EVENT_STORE).trim(),
    ...(databaseUrl === '' ? {} : { databaseUrl }),
  };
}

function read<T>(setting: () => T): T {
  try {
    return setting();
  } catch (error) {
    throw new InvalidConfig(error instanceof Error ? error.message : String(error));
  }
}

function parseHosts(text: string): readonly string[] {
  const hosts = text.split(',').map((host) => host.trim().toLowerCase());
  const wrong = hosts.find((host) => host !== '' && !isHost(host));
  if (wrong !== undefined) {
    throw new InvalidConfig(`LOGO_HOSTS has hosts, separated by commas; "${wrong}" is none.`);
  }
  return hosts.filter((host) => host !== '');
}

/** As a browser writes it: a list with anything else in it would never match. */
function isHost(text: string): boolean {
  const url = `https://${text}`;
  return URL.canParse(url) && new URL(url).host === text;
}

/** Each by itself: a star would open the API to every page there is. */
function parseOrigins(text: string): string[] {
  const origins = text.split(',').map((origin) => origin.trim());
  if (text === '') return [];
  for (const origin of origins) {
    const isOrigin = /^https?:/.test(origin) && URL.canParse(origin) && new URL(origin).origin === origin;
    if (isOrigin) continue;
    throw new InvalidConfig(
      `CORS_ORIGINS takes origins such as https://app.example.com, without a path and separated by commas; "${origin}" is none.`,
    );
  }
  return origins;
}

function parseParts(text: string): ReadonlySet<Part> {
  const parts = text.split(',').map((part) => part.trim());
  const unknown = parts.find((part) => !(PARTS as readonly string[]).includes(part));
  if (unknown !== undefined) {
    throw new InvalidConfig(`ROLES knows ${PARTS.join(', ')}, separated by commas; "${unknown}" is none of them.`);
  }
  return new Set(parts as Part[]);
}
