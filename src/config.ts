import { resolve } from 'node:path';
import envSchema from 'env-schema';

import type { ThrottleLimits } from './database/throttles.js';
import { type ImapSettings, imapSettings } from './inbound/mailbox/imap-settings.js';
import { type InboundSettings, inboundSettings, returnPathSetting } from './inbound/settings.js';

export const PARTS = ['api', 'projector', 'reactor', 'worker'] as const;
/** What a process does of the whole; any number of processes may do each. */
export type Part = (typeof PARTS)[number];

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

/** A setting that cannot be. `message` names it and says what to do. */
export class InvalidConfig extends Error {
  override readonly name = 'InvalidConfig';
  readonly code = 'invalid-config';
}

const TEXT = { type: 'string', default: '' } as const;
/** The most mails a day; 0: as many as anybody likes. */
const limit = (usual: number) => ({ type: 'integer', minimum: 0, maximum: 1_000_000_000, default: usual }) as const;

const schema = {
  type: 'object',
  properties: {
    ROLES: { type: 'string', default: PARTS.join(',') },
    HOST: { type: 'string', default: '127.0.0.1' },
    PORT: { type: 'integer', minimum: 0, maximum: 65535, default: 3000 },
    PUBLIC_URL: { type: 'string', default: '' },
    DATA_DIR: { type: 'string', default: '.data' },
    DATABASE_URL: { type: 'string', default: '' },
    EVENT_STORE: { type: 'string', default: 'postgres' },
    SMTP_URL: { type: 'string', default: '' },
    INBOX_SMTP_PORT: { type: 'integer', minimum: 0, maximum: 65535, default: 0 },
    MAIL_FROM: { type: 'string', default: 'Workspace invitations <invitations@localhost.localdomain>' },
    MAIL_RETURN_PATH: { type: 'string', default: '' },
    DEFAULT_LOCALE: { type: 'string', default: 'en' },
    ADDRESS_KEY: { type: 'string', default: '' },
    TOKEN_KEYS: { type: 'string', default: '' },
    IDENTITY_PROVIDER_ISSUER: { type: 'string', default: '' },
    IDENTITY_PROVIDER_AUDIENCE: { type: 'string', default: '' },
    IDENTITY_PROVIDER_JWKS_URL: { type: 'string', default: '' },
    TRUST_PROXY: { type: 'boolean', default: false },
    LOG_LEVEL: {
      type: 'string',
      enum: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
      default: 'info',
    },
    WORKER_CONCURRENCY: { type: 'integer', minimum: 1, maximum: 100, default: 20 },
    MAIL_RATE: { type: 'number', minimum: 0, default: 0 },
    MAIL_RATE_PER_DOMAIN: { type: 'number', minimum: 0, default: 0 },
    IMAP_URL: TEXT,
    INBOUND_SECRET: TEXT,
    SES_TOPIC_ARNS: TEXT,
    SENDGRID_WEBHOOK_PUBLIC_KEY: TEXT,
    MAILGUN_SIGNING_KEY: TEXT,
    POSTMARK_WEBHOOK_CREDENTIALS: TEXT,
    LOGO_HOSTS: { type: 'string', default: '' },
    SIGN_IN_LINKS_PER_HOUR: { type: 'integer', minimum: 1, default: 5 },
    INVITATIONS_PER_RECIPIENT: limit(10),
    INVITATIONS_PER_RECIPIENT_IN_WORKSPACE: limit(4),
    INVITATIONS_PER_INVITER: limit(5_000),
    INVITATIONS_PER_WORKSPACE: limit(10_000),
    INVITATIONS_PER_NEW_WORKSPACE: limit(250),
    NEW_WORKSPACE_DAYS: limit(7),
    CORS_ORIGINS: { type: 'string', default: '' },
    DIGEST_SECONDS: { type: 'integer', minimum: 60, maximum: 86_400, default: 3_600 },
    RESEND_PAUSE_SECONDS: { type: 'integer', minimum: 0, maximum: 3600, default: 60 },
  },
} as const;

/**
 * Reads the settings.
 *
 * @param env as `process.env` has them
 * @throws InvalidConfig
 */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const values = parse(env);
  const text = (name: keyof typeof schema.properties): string => String(values[name]).trim();
  const optional = (name: keyof typeof schema.properties): string | undefined => text(name) || undefined;
  const limitOf = (name: keyof typeof schema.properties): number | undefined => Number(values[name]) || undefined;
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
  const { DATABASE_URL, DATA_DIR, EVENT_STORE } = parse(env);
  const databaseUrl = String(DATABASE_URL).trim();
  return {
    dataDirectory: resolve(String(DATA_DIR).trim()),
    eventStore: String(EVENT_STORE).trim(),
    ...(databaseUrl === '' ? {} : { databaseUrl }),
  };
}

type Values = { readonly [Name in keyof typeof schema.properties]: string | number | boolean };

function parse(env: NodeJS.ProcessEnv): Values {
  try {
    return envSchema<Values>({ schema, data: env, dotenv: false, env: false });
  } catch (error) {
    const [first] = (error as { errors?: { instancePath?: string; message?: string }[] }).errors ?? [];
    throw new InvalidConfig(
      first ? `${first.instancePath?.slice(1)} ${first.message}; see .env.example for what it means.` : String(error),
    );
  }
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
