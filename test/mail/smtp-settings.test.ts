import t from 'tap';
import { smtpSettings } from '../../src/mail/smtp-settings.js';

t.test('reads where the server is', async (t) => {
  t.strictSame(smtpSettings('smtp://mail.example.com'), { host: 'mail.example.com', port: 587, secure: false });
  t.strictSame(smtpSettings('smtps://mail.example.com'), { host: 'mail.example.com', port: 465, secure: true });
  t.strictSame(smtpSettings('smtp://127.0.0.1:2525'), { host: '127.0.0.1', port: 2525, secure: false });
  t.strictSame(smtpSettings('smtp://[::1]:25/'), { host: '::1', port: 25, secure: false });
});

t.test('tells a password over TLS only, but on this machine or where the operator says so', async (t) => {
  const auth = { user: 'jane@example.com', pass: 'a/b %' };
  const login = 'jane%40example.com:a%2Fb%20%25';
  const common = { port: 587, secure: false, auth, forceAuth: true };
  t.strictSame(smtpSettings(`smtp://${login}@mail.example.com`), {
    host: 'mail.example.com',
    requireTLS: true,
    ...common,
  });
  t.strictSame(smtpSettings(`smtp://${login}@127.0.0.1`), { host: '127.0.0.1', ...common });
  t.strictSame(smtpSettings(`smtp://${login}@mail.example.com?ignoreTLS=true`), {
    host: 'mail.example.com',
    ignoreTLS: true,
    ...common,
  });
});

t.test('reads parameters as nodemailer names them', async (t) => {
  t.match(smtpSettings('smtp://mail.example.com?requireTLS=true&tls.rejectUnauthorized=false&name=app.example.com'), {
    requireTLS: true,
    tls: { rejectUnauthorized: false },
    name: 'app.example.com',
  });
});

t.test('says what is wrong with a setting, and never the password', async (t) => {
  const wrong: [string, RegExp][] = [
    ['mail.example.com', /must look like/],
    ['http://mail.example.com', /must look like/],
    ['smtp://', /must look like/],
    ['smtp://jane:100%secret@mail.example.com', /percent-encoded/],
    ['smtp://jane:secret@mail.example.com?pool=true', /no parameter "pool"/],
    ['smtp://jane:secret@mail.example.com?requireTLS=yes', /requireTLS is true or false/],
  ];
  for (const [url, expected] of wrong) {
    t.throws(() => smtpSettings(url), { name: 'RangeError', message: expected }, url);
    t.throws(() => smtpSettings(url), { message: /^(?!.*secret)/ });
  }
});
