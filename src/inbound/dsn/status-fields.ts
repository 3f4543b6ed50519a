/** One group of fields of a delivery status: names in lower case, the first of each counts. */
export type StatusFields = ReadonlyMap<string, string>;

/** A delivery status: what holds for the message, and for each of its recipients (RFC 3464, section 2.1). */
export interface DeliveryStatus {
  readonly message: StatusFields;
  readonly recipients: readonly StatusFields[];
}

/** More recipients than any mail of ours has; the rest is not looked at. */
const MOST_RECIPIENTS = 50;

/**
 * Reads the body of a `message/delivery-status`: groups of header fields with an empty line between them. Where the group of
 * the message is missing, as some servers have it, the recipients' are found all the same.
 */
export function readDeliveryStatus(body: string): DeliveryStatus {
  const groups = body
    .replaceAll('\r\n', '\n')
    .split(/\n[ \t]*\n/)
    .map(fieldsOf)
    .filter((fields) => fields.size > 0);
  const isOfRecipient = (fields: StatusFields) => fields.has('final-recipient') || fields.has('action');
  return {
    message: groups.find((fields) => !isOfRecipient(fields)) ?? new Map(),
    recipients: groups.filter(isOfRecipient).slice(0, MOST_RECIPIENTS),
  };
}

/** The header fields at the beginning of a text; long ones are unfolded (RFC 5322, section 2.2.3). */
export function fieldsOf(text: string): StatusFields {
  const fields = new Map<string, string>();
  const [headers = ''] = text.replaceAll('\r\n', '\n').replace(/^\n+/, '').split(/\n\n/, 1);
  for (const line of headers.replace(/\n[ \t]+/g, ' ').split('\n')) {
    const [, name, value = ''] = /^([\x21-\x39\x3b-\x7e]+)[ \t]*:(.*)$/.exec(line) ?? [];
    if (name === undefined) continue;
    const key = name.toLowerCase();
    if (!fields.has(key)) fields.set(key, value.trim());
  }
  return fields;
}

/**
 * The text of a field that begins with its type: `rfc822; ana@example.com`, `smtp; 550 5.1.1 No such user`.
 *
 * @see RFC 3464, section 2.1.2; of an address in `xtext` or `utf-8` form nothing is decoded: it is for showing
 */
export function withoutType(value: string | undefined): string | undefined {
  return value?.replace(/^[\w-]+[ \t]*;[ \t]*/, '') || undefined;
}
