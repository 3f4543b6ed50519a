import type { KeyObject } from 'node:crypto';

import { LONGEST_LOCAL_PART, RETURN_PATH_TOKEN_LENGTH } from '../domain/membership/mail-reference.js';
import { sendgridKey } from './webhooks/sendgrid.js';

/** The ways for reports to come in that are set up. */
export interface InboundSettings {
  /** Signs raw messages. */
  readonly secret?: string;
  /** The SNS topics that SES publishes to. */
  readonly sesTopics?: readonly string[];
  /** What SendGrid signs with. */
  readonly sendgridKey?: KeyObject;
  readonly mailgunSigningKey?: string;
  /** `user:password` of the URL that Postmark was given. */
  readonly postmarkCredentials?: string;
}

/** In characters: a secret that can be guessed is none. */
const SHORTEST_SECRET = 16;

const TOPIC_ARN = /^arn:aws[\w-]*:sns:[a-z0-9-]+:\d{12}:[\w.-]+$/;

/**
 * Reads the settings of the ways in.
 *
 * @param setting its text; undefined where it is not set
 * @throws RangeError naming the setting that cannot be
 */
export function inboundSettings(setting: (name: InboundSetting) => string | undefined): InboundSettings {
  const secret = longEnough('INBOUND_SECRET', setting('INBOUND_SECRET'));
  const sesTopics = setting('SES_TOPIC_ARNS')?.split(/[\s,]+/);
  const sendgrid = setting('SENDGRID_WEBHOOK_PUBLIC_KEY');
  const mailgunSigningKey = setting('MAILGUN_SIGNING_KEY');
  const postmarkCredentials = longEnough('POSTMARK_WEBHOOK_CREDENTIALS', setting('POSTMARK_WEBHOOK_CREDENTIALS'));
  const wrong = sesTopics?.find((topic) => !TOPIC_ARN.test(topic));
  if (wrong !== undefined) throw new RangeError(`SES_TOPIC_ARNS: "${wrong}" is no ARN of an SNS topic.`);
  if (postmarkCredentials !== undefined && !/^[^:]+:./.test(postmarkCredentials)) {
    throw new RangeError('POSTMARK_WEBHOOK_CREDENTIALS must be a user name, a colon and a password.');
  }
  return {
    ...(secret === undefined ? {} : { secret }),
    ...(sesTopics === undefined ? {} : { sesTopics }),
    ...(sendgrid === undefined ? {} : { sendgridKey: sendgridKey(sendgrid) }),
    ...(mailgunSigningKey === undefined ? {} : { mailgunSigningKey }),
    ...(postmarkCredentials === undefined ? {} : { postmarkCredentials }),
  };
}

/** The settings of the ways in, all of them texts. */
export type InboundSetting =
  | 'INBOUND_SECRET'
  | 'SES_TOPIC_ARNS'
  | 'SENDGRID_WEBHOOK_PUBLIC_KEY'
  | 'MAILGUN_SIGNING_KEY'
  | 'POSTMARK_WEBHOOK_CREDENTIALS';

function longEnough(name: InboundSetting, secret: string | undefined): string | undefined {
  if (secret !== undefined && secret.length < SHORTEST_SECRET) {
    throw new RangeError(
      `${name} has fewer than ${SHORTEST_SECRET} characters; \`openssl rand -base64 32\` makes a secret.`,
    );
  }
  return secret;
}

/**
 * An address that bounces come back to, in which `{attempt}` may stand once, before the @ and behind a character that is no
 * letter and no digit.
 *
 * @throws RangeError
 */
export function returnPathSetting(text: string): string | undefined {
  if (text === '') return undefined;
  const [, local = ''] = /^([^\s@<>]+)@[^\s@<>{}]+$/.exec(text) ?? [];
  const plain = local.replace(/(^|[^A-Za-z0-9])\{attempt\}/, '$1');
  if (local === '' || /[{}]/.test(plain)) {
    throw new RangeError('MAIL_RETURN_PATH must look like bounces+{attempt}@example.com or bounces@example.com.');
  }
  const longest = plain === local ? LONGEST_LOCAL_PART : LONGEST_LOCAL_PART - RETURN_PATH_TOKEN_LENGTH;
  if (plain.length > longest) {
    throw new RangeError(`MAIL_RETURN_PATH may have ${longest} characters besides {attempt} before the @.`);
  }
  return text;
}
