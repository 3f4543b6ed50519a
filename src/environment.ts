import envSchema from 'env-schema';

export const PARTS = ['api', 'projector', 'reactor', 'worker'] as const;
/** What a process does of the whole; any number of processes may do each. */
export type Part = (typeof PARTS)[number];

/** A setting that cannot be. `message` names it and says what to do. */
export class InvalidConfig extends Error {
  override readonly name = 'InvalidConfig';
  readonly code = 'invalid-config';
}

const TEXT = { type: 'string', default: '' } as const;
/** The most mails a day; 0: as many as anybody likes. */
const limit = (usual: number) => ({ type: 'integer', minimum: 0, maximum: 1_000_000_000, default: usual }) as const;

/** What is listened on unless it is set. */
export const USUAL_PORT = 3000;

const SCHEMA = {
  type: 'object',
  properties: {
    ROLES: { type: 'string', default: PARTS.join(',') },
    HOST: { type: 'string', default: '127.0.0.1' },
    PORT: { type: 'integer', minimum: 0, maximum: 65535, default: USUAL_PORT },
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

export type Setting = keyof typeof SCHEMA.properties;

/** As they were set, each of its type, and what is usual of the others. */
type Values = { readonly [Name in Setting]: string | number | boolean };

/**
 * Every setting, checked by itself; what they mean together is for `readConfig`.
 *
 * @throws InvalidConfig
 */
export function readEnvironment(env: NodeJS.ProcessEnv): Values {
  try {
    return envSchema<Values>({ schema: SCHEMA, data: env, dotenv: false, env: false });
  } catch (error) {
    const [first] = (error as { errors?: { instancePath?: string; message?: string }[] }).errors ?? [];
    throw new InvalidConfig(
      first ? `${first.instancePath?.slice(1)} ${first.message}; see .env.example for what it means.` : String(error),
    );
  }
}
