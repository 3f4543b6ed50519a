import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';

import type { DeliveryReport } from '../../commands/delivery-reports.js';
import { isAddressAtFault } from '../../domain/address/at-fault.js';
import { referenceOf } from '../../domain/membership/mail-reference.js';
import { enhancedCodeIn, replyLine } from '../diagnosis.js';
import {
  type Json,
  jsonOf,
  MalformedReport,
  objectAt,
  type ReportChannel,
  textAt,
  UntrustedReport,
} from '../inbound.js';
import { hmacHex, isSame } from '../proof.js';

/** Mailgun sends again for eight hours what was not taken. */
const WINDOW_SECONDS = 9 * 60 * 60;

const MOST_TOKENS = 100_000;

/**
 * The webhook of Mailgun. Its signature is over a time and a token and not over the body: so a token is good for one body, and for
 * a while only.
 */
export function mailgunChannel(signingKey: string): ReportChannel {
  const bodies = new LRUCache<string, string>({ max: MOST_TOKENS });
  return {
    async read({ body, now }) {
      const told = objectAt(jsonOf(body));
      const signature = objectAt(told, 'signature');
      const [timestamp = '', token = ''] = ['timestamp', 'token'].map((name) => textAt(signature, name));
      if (token === '' || !isSame(textAt(signature, 'signature') ?? '', hmacHex(signingKey, timestamp, token))) {
        throw new UntrustedReport('The signature is not that of MAILGUN_SIGNING_KEY.');
      }
      if (!(Math.abs(now.getTime() / 1000 - Number(timestamp)) <= WINDOW_SECONDS)) {
        throw new UntrustedReport('The signature is too old, or its time is not ours: check the clocks.');
      }
      const digest = createHash('sha256')
        .update(JSON.stringify(objectAt(told, 'event-data')))
        .digest('base64');
      if ((bodies.get(token) ?? digest) !== digest) throw new UntrustedReport('The token was used for something else.');
      bodies.set(token, digest);
      const report = reportOf(objectAt(told, 'event-data'));
      return report ? [report] : [];
    },
  };
}

/** @throws MalformedReport */
function reportOf(event: Json): DeliveryReport | undefined {
  const said = saidBy(event);
  if (!said) return undefined;
  const id = textAt(event, 'id');
  if (id === undefined) throw new MalformedReport('The event has no id.');
  const headers = objectAt(event, 'message', 'headers');
  return {
    ...said,
    id,
    reportedBy: 'mailgun',
    isProven: true,
    mail: referenceOf({ messageId: textAt(headers, 'message-id') }),
  };
}

function saidBy(event: Json): Pick<DeliveryReport, 'kind' | 'stillTrying' | 'enhancedCode' | 'reply'> | undefined {
  const kindOfEvent = textAt(event, 'event');
  if (kindOfEvent === 'complained') return { kind: 'complaint', reply: 'complaint' };
  if (kindOfEvent !== 'failed' && kindOfEvent !== 'delivered') return undefined;
  const status = objectAt(event, 'delivery-status');
  const code = textAt(status, 'code');
  const message = textAt(status, 'message') ?? textAt(status, 'description');
  const enhancedCode = enhancedCodeIn(textAt(status, 'enhanced-code'), message);
  const said = { reply: replyLine(code, message ?? textAt(event, 'reason')), ...(enhancedCode && { enhancedCode }) };
  if (kindOfEvent === 'delivered') return { kind: 'delivered', ...said };
  if (textAt(event, 'severity') !== 'permanent') return { kind: 'transient', stillTrying: true, ...said };
  const reason = textAt(event, 'reason');
  const isOnList = reason === 'suppress-bounce';
  const isAtFault = reason !== 'old' && isAddressAtFault(enhancedCode, said.reply);
  return { kind: isOnList || isAtFault ? 'permanent' : 'transient', ...said };
}
