import t from 'tap';

import { readConfig } from '../../src/config.js';
import { imapSettings } from '../../src/inbound/mailbox/imap-settings.js';

t.test('where the mailbox is, and how to reach it', async (t) => {
  t.strictSame(imapSettings('imaps://bounces%40example.com:p%40ss@mail.example.com/Mail/Bounces?moveTo=Reports'), {
    host: 'mail.example.com',
    port: 993,
    secure: true,
    auth: { user: 'bounces@example.com', pass: 'p@ss' },
    mailbox: 'Mail/Bounces',
    moveTo: 'Reports',
  });
  t.match(imapSettings('imaps://u:p@[2001:db8::1]:1993'), { host: '2001:db8::1', port: 1993, mailbox: 'INBOX' });
  t.strictSame(imapSettings('imaps://u:p@h?tls.rejectUnauthorized=false').tls, { rejectUnauthorized: false });
});

t.test('a password is told without TLS only on this machine, or where that is asked for', async (t) => {
  for (const [url, startTls] of [
    ['imap://u:p@mail.example.com', true],
    ['imap://u:p@mail.example.com?ignoreTLS=false', true],
    ['imap://u:p@mail.example.com?ignoreTLS=true', false],
    ['imap://u:p@localhost', undefined],
    ['imap://u:p@127.0.0.1:1143', undefined],
    ['imap://u:p@[::1]', undefined],
  ] as const) {
    t.match(imapSettings(url), { secure: false, startTls }, url);
  }
});

t.test('what cannot be is said, without the password', async (t) => {
  for (const [url, message] of [
    ['mail.example.com', /must look like imaps:/],
    ['pop3://u:s3cret@mail.example.com', /must look like imaps:/],
    ['imaps://mail.example.com', /needs a user and a password/],
    ['imaps://s3cret@mail.example.com', /needs a user and a password/],
    ['imaps://u:s3cret%@mail.example.com', /percent-encoded/],
    ['imaps://u:s3cret@mail.example.com/%E0%A4%A', /percent-encoded/],
    ['imaps://u:s3cret@mail.example.com?moveTo=', /moveTo names a mailbox/],
    ['imaps://u:s3cret@mail.example.com?ignoreTLS=yes', /ignoreTLS is true or false, not "yes"/],
    ['imaps://u:s3cret@mail.example.com?folder=x', /no parameter "folder"/],
  ] as const) {
    t.throws(() => readConfig({ IMAP_URL: url }), { code: 'invalid-config', message }, url);
    t.throws(() => imapSettings(url), { message: /^(?!.*s3cret)/ }, url);
  }
});

t.test('without IMAP_URL no mailbox is read', async (t) => {
  t.notOk('mailbox' in readConfig({}));
});
