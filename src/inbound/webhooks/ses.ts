import type { DeliveryReport } from '../../commands/delivery-reports.js';
import { referenceOf } from '../../domain/membership/mail-reference.js';
import { enhancedCodeIn, replyLine } from '../diagnosis.js';
import { type Json, jsonOf, objectAt, objectsAt, type ReportChannel, textAt, UntrustedReport } from '../inbound.js';
import { createSnsCheck, type FetchText } from './sns-signature.js';

export interface SesOptions {
  /** The topics that are ours: anybody can have SNS sign messages of theirs. */
  readonly topics: readonly string[];
  readonly fetchText: FetchText;
}

/** Where a subscription is confirmed. */
const SUBSCRIBE_URL = /^https:\/\/sns\.[a-z0-9-]{3,30}\.amazonaws\.com(?:\.cn)?\/\?Action=ConfirmSubscription&/;

/**
 * Notifications of Amazon SES by SNS over HTTPS, of its feedback notifications or of its event publishing. The subscription to
 * a topic of ours is confirmed by itself.
 */
export function sesChannel({ topics, fetchText }: SesOptions): ReportChannel {
  const check = createSnsCheck(fetchText);
  return {
    async read({ body, now }) {
      const message = objectAt(jsonOf(body));
      if (!topics.includes(textAt(message, 'TopicArn') ?? '')) {
        throw new UntrustedReport('The message is of no topic that SES_TOPIC_ARNS lists.');
      }
      await check(message, now);
      if (textAt(message, 'Type') === 'SubscriptionConfirmation') {
        const url = textAt(message, 'SubscribeURL') ?? '';
        if (!SUBSCRIBE_URL.test(url)) throw new UntrustedReport('The subscription is not confirmed at Amazon.');
        await fetchText(url);
      }
      if (textAt(message, 'Type') !== 'Notification') return [];
      const told = textAt(message, 'Message') ?? '';
      // Amazon greets a new topic in words.
      return told.startsWith('{')
        ? reportsOf(objectAt(jsonOf(Buffer.from(told))), textAt(message, 'MessageId') ?? '')
        : [];
    },
  };
}

type Said = Pick<DeliveryReport, 'kind' | 'stillTrying' | 'enhancedCode' | 'reply'>;

function reportsOf(event: Json, messageId: string): DeliveryReport[] {
  const mail = referenceOf(namesOf(objectAt(event, 'mail')));
  const { said, id = messageId } = saidBy(event);
  return said.map((each, index) => ({ ...each, id: `${id} ${index}`, reportedBy: 'ses', isProven: true, mail }));
}

function saidBy(event: Json): { readonly said: readonly Said[]; readonly id?: string | undefined } {
  switch (textAt(event, 'eventType') ?? textAt(event, 'notificationType')) {
    case 'Bounce': {
      const bounce = objectAt(event, 'bounce');
      const kind = textAt(bounce, 'bounceType') === 'Permanent' ? 'permanent' : 'transient';
      const why = `${textAt(bounce, 'bounceType')}: ${textAt(bounce, 'bounceSubType')}`;
      const said = objectsAt(bounce, 'bouncedRecipients').map(
        (recipient) => ({ kind, ...diagnosis(recipient, why) }) as const,
      );
      return { said, id: textAt(bounce, 'feedbackId') };
    }
    case 'Complaint': {
      const complaint = objectAt(event, 'complaint');
      const reply = replyLine('complaint', textAt(complaint, 'complaintFeedbackType'));
      const said = objectsAt(complaint, 'complainedRecipients').map(() => ({ kind: 'complaint', reply }) as const);
      return { said, id: textAt(complaint, 'feedbackId') };
    }
    case 'DeliveryDelay': {
      const delay = objectAt(event, 'deliveryDelay');
      const why = textAt(delay, 'delayType') ?? '';
      const late = { kind: 'transient', stillTrying: true } as const;
      return {
        said: objectsAt(delay, 'delayedRecipients').map((recipient) => ({ ...late, ...diagnosis(recipient, why) })),
      };
    }
    case 'Delivery': {
      const delivery = objectAt(event, 'delivery');
      const response = textAt(delivery, 'smtpResponse');
      const enhancedCode = enhancedCodeIn(response);
      const reply = replyLine(response ?? 'delivered');
      return { said: [{ kind: 'delivered', reply, ...(enhancedCode === undefined ? {} : { enhancedCode }) }] };
    }
    default:
      return { said: [] };
  }
}

function diagnosis(recipient: Json, why: string): Pick<Said, 'reply' | 'enhancedCode'> {
  const diagnostic = textAt(recipient, 'diagnosticCode')?.replace(/^smtp;\s*/i, '');
  const enhancedCode = enhancedCodeIn(textAt(recipient, 'status'), diagnostic);
  return { reply: replyLine(diagnostic ?? why), ...(enhancedCode === undefined ? {} : { enhancedCode }) };
}

/** SES gives a mail a `Message-ID` of its own, and tells ours among the headers that the mail had. */
function namesOf(mail: Json) {
  const header = (wanted: string) =>
    objectsAt(mail, 'headers')
      .filter((each) => textAt(each, 'name')?.toLowerCase() === wanted)
      .map((each) => textAt(each, 'value'))[0];
  return {
    attemptIds: [header('x-attempt-id')],
    returnPath: textAt(mail, 'source'),
    messageId: header('message-id') ?? textAt(objectAt(mail, 'commonHeaders'), 'messageId'),
  };
}
