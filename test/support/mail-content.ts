import type { MailContent } from '../../src/domain/membership/events.js';

/** What is recorded of a mail that is never sent. */
export const MAIL_CONTENT: MailContent = {
  template: 'invitation',
  templateVersion: '0123456789ab',
  locale: 'en',
  bodyHash: 'ab'.repeat(32),
};

/** Composes a mail of which nothing matters but that there is one. */
export const anyMail = async () => ({ content: MAIL_CONTENT });
