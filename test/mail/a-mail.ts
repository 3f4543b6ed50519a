import type { Test } from 'tap';
import { createMailer, type Mail, type Mailer, type MailerOptions } from '../../src/mail/mailer.js';
import { silent } from '../support/silent-logger.js';

export const FROM = 'Workspace invitations <invitations@example.com>';

/** A mail with nothing special about it but what is given. */
export function aMail(changes: Partial<Mail> = {}): Mail {
  return {
    to: { address: 'jane@example.org' },
    subject: 'Join us',
    html: '<p>Join us</p>',
    text: 'Join us',
    messageId: '<1@example.com>',
    ...changes,
  };
}

/** A mailer that is closed when the test is over. */
export function aMailer(t: Test, smtpUrl: string, options: Partial<MailerOptions> = {}): Mailer {
  const mailer = createMailer({ smtpUrl, from: FROM, logger: silent, ...options });
  t.teardown(() => mailer.close());
  return mailer;
}
