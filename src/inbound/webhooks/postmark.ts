import type { DeliveryReport } from '../../commands/delivery-reports.js';
import { referenceOf } from '../../domain/membership/mail-reference.js';
import { enhancedCodeIn, replyLine } from '../diagnosis.js';
import { headerOf, type Json, jsonOf, objectAt, type ReportChannel, textAt, UntrustedReport } from '../inbound.js';
import { isSame } from '../proof.js';

/** The header that has Postmark tell the attempt in its webhooks, as metadata named `attempt`. */
export const POSTMARK_ATTEMPT_HEADER = 'X-PM-Metadata-attempt';

/** What its types of bounces mean; those that are no failure of a mail are not here. */
const KINDS: Readonly<Record<string, Pick<DeliveryReport, 'kind' | 'stillTrying'>>> = {
  HardBounce: { kind: 'permanent' },
  BadEmailAddress: { kind: 'permanent' },
  SpamComplaint: { kind: 'complaint' },
  Transient: { kind: 'transient', stillTrying: true },
  SoftBounce: { kind: 'transient' },
  DnsError: { kind: 'transient' },
  SpamNotification: { kind: 'transient' },
  Blocked: { kind: 'transient' },
  ISPBlock: { kind: 'transient' },
  SMTPApiError: { kind: 'transient' },
  DMARCPolicy: { kind: 'transient' },
  TemplateRenderingFailed: { kind: 'transient' },
  Unknown: { kind: 'transient' },
};

/**
 * The delivery, bounce and spam complaint webhooks of Postmark, which signs nothing: what proves them is the user name and the password in the
 * URL that it was given, so that URL must be https.
 *
 * @param credentials `user:password`
 */
export function postmarkChannel(credentials: string): ReportChannel {
  const expected = `Basic ${Buffer.from(credentials).toString('base64')}`;
  return {
    async read(request) {
      if (!isSame(headerOf(request, 'authorization') ?? '', expected)) {
        throw new UntrustedReport('User name and password are not those of POSTMARK_WEBHOOK_CREDENTIALS.');
      }
      const report = reportOf(objectAt(jsonOf(request.body)));
      return report ? [report] : [];
    },
  };
}

function reportOf(record: Json): DeliveryReport | undefined {
  const recordType = textAt(record, 'RecordType');
  if (recordType === 'Delivery') return delivered(record);
  const type = recordType === 'SpamComplaint' ? recordType : (textAt(record, 'Type') ?? '');
  const said = Object.hasOwn(KINDS, type) ? KINDS[type] : undefined;
  const id = textAt(record, 'ID');
  if (!said || id === undefined || (recordType !== 'Bounce' && recordType !== 'SpamComplaint')) return undefined;
  const details = textAt(record, 'Details');
  const enhancedCode = enhancedCodeIn(details);
  return {
    ...said,
    ...aboutMail(record),
    id,
    reply: replyLine(details ?? textAt(record, 'Description') ?? type),
    ...(enhancedCode === undefined ? {} : { enhancedCode }),
  };
}

/** Of a delivery, the message is the only name that Postmark gives. */
function delivered(record: Json): DeliveryReport | undefined {
  const id = textAt(record, 'MessageID');
  const details = textAt(record, 'Details');
  const enhancedCode = enhancedCodeIn(details);
  if (id === undefined) return undefined;
  return {
    ...aboutMail(record),
    kind: 'delivered',
    id: `delivered ${id}`,
    reply: replyLine(details ?? 'delivered'),
    ...(enhancedCode === undefined ? {} : { enhancedCode }),
  };
}

function aboutMail(record: Json): Pick<DeliveryReport, 'reportedBy' | 'isProven' | 'mail'> {
  const attempt = textAt(objectAt(record, 'Metadata'), 'attempt');
  return { reportedBy: 'postmark', isProven: true, mail: referenceOf({ attemptIds: [attempt] }) };
}
