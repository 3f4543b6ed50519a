import { createPublicKey, type KeyObject, verify } from 'node:crypto';

import type { DeliveryReport } from '../../commands/delivery-reports.js';
import { isAddressAtFault } from '../../domain/address/at-fault.js';
import { referenceOf } from '../../domain/membership/mail-reference.js';
import { enhancedCodeIn, replyLine } from '../diagnosis.js';
import {
  headerOf,
  type Json,
  jsonOf,
  MalformedReport,
  objectsAt,
  type ReportChannel,
  textAt,
  UntrustedReport,
} from '../inbound.js';

/** @throws RangeError */
export function sendgridKey(text: string): KeyObject {
  try {
    const key = createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
    if (key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return key;
  } catch {}
  throw new RangeError('SENDGRID_WEBHOOK_PUBLIC_KEY is not the verification key as SendGrid shows it.');
}

/**
 * The event webhook of SendGrid, signed (ECDSA over P-256, of time and body). The time is not looked at: SendGrid sends again for
 * a day what was not taken, and what is told again changes nothing.
 */
export function sendgridChannel(key: KeyObject): ReportChannel {
  return {
    async read(request) {
      const signature = headerOf(request, 'x-twilio-email-event-webhook-signature') ?? '';
      const timestamp = headerOf(request, 'x-twilio-email-event-webhook-timestamp') ?? '';
      const signed = Buffer.concat([Buffer.from(timestamp), request.body]);
      if (timestamp === '' || !verify('sha256', signed, key, Buffer.from(signature, 'base64'))) {
        throw new UntrustedReport('The signature is not that of SENDGRID_WEBHOOK_PUBLIC_KEY.');
      }
      const events = jsonOf(request.body);
      if (!Array.isArray(events)) throw new MalformedReport('The body is not a list of events.');
      return objectsAt({ events }, 'events').flatMap((event) => reportOf(event) ?? []);
    },
  };
}

function reportOf(event: Json): DeliveryReport | undefined {
  const said = saidBy(event);
  const id = textAt(event, 'sg_event_id');
  if (!said || id === undefined) return undefined;
  const status = textAt(event, 'status');
  const reason = textAt(event, 'reason') ?? textAt(event, 'response');
  const enhancedCode = enhancedCodeIn(status, reason);
  return {
    ...said,
    id,
    reportedBy: 'sendgrid',
    isProven: true,
    mail: referenceOf({ messageId: textAt(event, 'smtp-id') }),
    reply: replyLine(reason ?? status ?? textAt(event, 'event')),
    ...(enhancedCode === undefined ? {} : { enhancedCode }),
  };
}

function saidBy(event: Json): Pick<DeliveryReport, 'kind' | 'stillTrying'> | undefined {
  const reason = textAt(event, 'reason');
  switch (textAt(event, 'event')) {
    case 'bounce': {
      const isAtFault = isAddressAtFault(enhancedCodeIn(textAt(event, 'status'), reason), reason);
      return { kind: textAt(event, 'type') !== 'blocked' && isAtFault ? 'permanent' : 'transient' };
    }
    case 'dropped':
      return { kind: DROPPED[reason ?? ''] ?? 'transient' };
    case 'deferred':
      return { kind: 'transient', stillTrying: true };
    case 'delivered':
      return { kind: 'delivered' };
    case 'spamreport':
      return { kind: 'complaint' };
    default:
      return undefined;
  }
}

/** What SendGrid does not even try: addresses on its own lists. */
const DROPPED: Readonly<Record<string, DeliveryReport['kind']>> = {
  'Bounced Address': 'permanent',
  Invalid: 'permanent',
  'Spam Reporting Address': 'complaint',
};
