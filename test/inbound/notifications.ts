/** A delivery status notification as Postfix writes it (RFC 3464), about a mail that went out under these names. */
export interface Notification {
  readonly messageId?: string;
  readonly to?: string;
  readonly envelopeId?: string;
  /** Header lines of the mail that came back. */
  readonly returned?: readonly string[];
  readonly action?: string;
  readonly status?: string;
  readonly diagnostic?: string;
}

let count = 0;

export function notification(about: Notification = {}): Buffer {
  const { messageId = `<${++count}@mx.example.net>`, to = 'bounces@example.com', envelopeId, returned = [] } = about;
  const { action = 'failed', status = '5.1.1', diagnostic = 'smtp; 550 5.1.1 No such user' } = about;
  const lines = [
    'From: MAILER-DAEMON@mx.example.net (Mail Delivery System)',
    `To: ${to}`,
    'Subject: Undelivered Mail Returned to Sender',
    `Message-ID: ${messageId}`,
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="part"',
    '',
    '--part',
    'Content-Description: Notification',
    'Content-Type: text/plain; charset=us-ascii',
    '',
    'I am sorry to have to inform you that your message could not be delivered.',
    '',
    '--part',
    'Content-Description: Delivery report',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example.net',
    ...(envelopeId === undefined ? [] : [`Original-Envelope-Id: ${envelopeId}`]),
    'X-Postfix-Queue-ID: 4BxyzT1Y2pz',
    '',
    'Final-Recipient: rfc822; ana@example.com',
    'Original-Recipient: rfc822;ana@example.com',
    `Action: ${action}`,
    `Status: ${status}`,
    'Remote-MTA: dns; mail.example.com',
    `Diagnostic-Code: ${diagnostic}`,
    '',
    '--part',
    'Content-Type: text/rfc822-headers',
    '',
    ...returned,
    'Subject: You are invited',
    '',
    '--part--',
    '',
  ];
  return Buffer.from(lines.join('\r\n'));
}
