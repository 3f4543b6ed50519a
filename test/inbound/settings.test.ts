import t from 'tap';

import { readConfig } from '../../src/config.js';
import { InvalidConfig } from '../../src/environment.js';

t.test('what is not set is not there, and addresses to come back to are taken as they are', async (t) => {
  t.strictSame(readConfig({}).inbound, {});
  for (const MAIL_RETURN_PATH of ['bounces@example.com', 'bounces+{attempt}@example.com', '{attempt}@example.com']) {
    t.equal(readConfig({ MAIL_RETURN_PATH }).mailReturnPath, MAIL_RETURN_PATH);
  }
  const SES_TOPIC_ARNS = 'arn:aws:sns:eu-west-1:123456789012:a, arn:aws:sns:eu-west-1:123456789012:b';
  t.equal(readConfig({ SES_TOPIC_ARNS }).inbound.sesTopics?.length, 2);
});

t.test('a setting that cannot be is named', async (t) => {
  const wrong = [
    ['MAIL_RETURN_PATH', 'bounces'],
    ['MAIL_RETURN_PATH', 'Bounces <bounces@example.com>'],
    ['MAIL_RETURN_PATH', 'bounces{attempt}@example.com'],
    ['MAIL_RETURN_PATH', 'bounces+{attempt}+{attempt}@example.com'],
    ['MAIL_RETURN_PATH', 'returned-mail+{attempt}@example.com'],
    ['MAIL_RETURN_PATH', 'bounces@{attempt}.example.com'],
    ['INBOUND_SECRET', 'short'],
    ['SES_TOPIC_ARNS', 'bounces'],
    ['SENDGRID_WEBHOOK_PUBLIC_KEY', 'no key'],
    ['POSTMARK_WEBHOOK_CREDENTIALS', 'without-a-colon-in-it'],
  ] as const;
  for (const [name, value] of wrong) {
    t.throws(() => readConfig({ [name]: value }), { constructor: InvalidConfig, message: new RegExp(name) }, value);
  }
});
