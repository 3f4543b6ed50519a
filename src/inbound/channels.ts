import { dsnChannel } from './dsn/dsn-channel.js';
import type { ProofCheck, ReportChannels } from './inbound.js';
import type { InboundSettings } from './settings.js';
import { mailgunChannel } from './webhooks/mailgun.js';
import { postmarkChannel } from './webhooks/postmark.js';
import { sendgridChannel } from './webhooks/sendgrid.js';
import { sesChannel } from './webhooks/ses.js';
import type { FetchText } from './webhooks/sns-signature.js';

/** The ways in that are set up, ready for use. */
export function createChannels(
  settings: InboundSettings,
  isGenuine: ProofCheck,
  fetchText: FetchText = fetchAtAmazon,
): ReportChannels {
  const { secret, sesTopics, sendgridKey, mailgunSigningKey, postmarkCredentials } = settings;
  return {
    ...(secret !== undefined && { dsn: dsnChannel(secret, isGenuine) }),
    ...(sesTopics !== undefined && { ses: sesChannel({ topics: sesTopics, fetchText }) }),
    ...(sendgridKey !== undefined && { sendgrid: sendgridChannel(sendgridKey) }),
    ...(mailgunSigningKey !== undefined && { mailgun: mailgunChannel(mailgunSigningKey) }),
    ...(postmarkCredentials !== undefined && { postmark: postmarkChannel(postmarkCredentials) }),
  };
}

/** Amazon waits fifteen seconds for an answer of ours. */
const FETCH_TIMEOUT = 8_000;

/** A redirect would lead to a host that nobody has looked at. */
async function fetchAtAmazon(url: string): Promise<string> {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(FETCH_TIMEOUT) });
  if (!response.ok) throw new Error(`${new URL(url).host} answered ${response.status}`);
  return response.text();
}
