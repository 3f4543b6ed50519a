import { createHash } from 'node:crypto';
import { type AddressObject, type Attachment, type ParsedMail, simpleParser } from 'mailparser';

import type { DeliveryReport } from '../../commands/delivery-reports.js';
import { isAddressAtFault } from '../../domain/address/at-fault.js';
import { type NamedMail, namedMails } from '../../domain/membership/mail-reference.js';
import { enhancedCodeIn, replyLine } from '../diagnosis.js';
import type { ProofCheck } from '../inbound.js';
import { fieldsOf, readDeliveryStatus, type StatusFields, withoutType } from './status-fields.js';

const STATUSES = new Set(['message/delivery-status', 'message/global-delivery-status']);
const RETURNED = new Set(['message/rfc822', 'message/global', 'text/rfc822-headers', 'message/global-headers']);
/** `relayed`: to a server that reports nothing itself (RFC 3464, section 2.3.3). */
const ACTIONS = new Set(['failed', 'delayed', 'delivered', 'relayed']);

/**
 * Reads a delivery status notification (RFC 3464, RFC 6533): a report for each recipient whose mail arrived, failed or is late. A mail
 * that is none, such as an out-of-office answer, has no reports.
 *
 * @param raw the whole message as it came
 * @param isGenuine says whether a name that the notification gives back is proven: without that, anybody may have written it
 */
export async function readDsn(raw: Buffer, isGenuine: ProofCheck): Promise<DeliveryReport[]> {
  const mail = await simpleParser(raw, { keepDeliveryStatus: true, skipHtmlToText: true, skipTextToHtml: true });
  const status = mail.attachments.find(({ contentType }) => STATUSES.has(contentType));
  if (!status) return [];
  const { message, recipients } = readDeliveryStatus(status.content.toString());
  const returned = returnedFields(mail.attachments);
  const named = namedMails({
    attemptIds: [message.get('original-envelope-id'), returned.get('x-attempt-id')],
    messageId: returned.get('message-id'),
    returnPath: recipientsOf(mail),
  });
  const proven = named.find((each) => isProven(each, isGenuine));
  const ofMail = { mail: (proven ?? named[0])?.mail, isProven: proven !== undefined };
  const id = mail.messageId ?? createHash('sha256').update(raw).digest('hex');
  return recipients.flatMap((fields, index) => {
    const report = reportOf(fields);
    return report ? [{ ...report, id: `${id} ${index}`, reportedBy: 'dsn' as const, ...ofMail }] : [];
  });
}

function isProven({ mail, proof }: NamedMail, isGenuine: ProofCheck): boolean {
  if ('noticeTo' in mail) return proof !== undefined && isGenuine(mail, proof);
  const { attempt, ...issue } = mail;
  return attempt !== undefined && proof !== undefined && isGenuine({ ...issue, attempt }, proof);
}

/** What is said of one recipient; undefined where a list took the mail (`expanded`), which says nothing of who is on it. */
function reportOf(
  fields: StatusFields,
): Pick<DeliveryReport, 'kind' | 'stillTrying' | 'enhancedCode' | 'reply'> | undefined {
  const action = fields
    .get('action')
    ?.toLowerCase()
    .split(/[\s(;]/, 1)[0];
  if (action === undefined || !ACTIONS.has(action)) return undefined;
  const diagnostic = withoutType(fields.get('diagnostic-code'));
  const status = enhancedCodeIn(fields.get('status'));
  // A gateway that knows no better says 5.0.0; the server itself may have been more exact.
  const exact = status === undefined || status.endsWith('.0.0') ? (enhancedCodeIn(diagnostic) ?? status) : status;
  const reply = replyLine(diagnostic ?? withoutType(fields.get('status')) ?? action);
  const code = exact === undefined ? {} : { enhancedCode: exact };
  if (action === 'delayed') return { kind: 'transient', stillTrying: true, reply, ...code };
  if (action !== 'failed') return { kind: 'delivered', reply, ...code };
  return { kind: isAddressAtFault(exact, diagnostic) ? 'permanent' : 'transient', reply, ...code };
}

/** The headers of the mail that came back, whole or only its headers. */
function returnedFields(attachments: readonly Attachment[]): StatusFields {
  const returned = attachments.find(({ contentType }) => RETURNED.has(contentType));
  return fieldsOf(returned?.content.toString() ?? '');
}

/** To whom the notification was sent: the sender of the envelope that it is about. */
function recipientsOf({ to, headers }: ParsedMail): string {
  const delivered = ['delivered-to', 'x-original-to'].map((name) => textOf(headers.get(name)));
  const named = [to ?? []].flat().map(({ text }: AddressObject) => text);
  return [...delivered, ...named].join(' ');
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(textOf).join(' ');
  return typeof value === 'object' && value !== null && 'text' in value ? String(value.text) : '';
}
