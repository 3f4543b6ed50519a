import t from 'tap';
import { cleanMessage, cleanName } from '../../src/mail/clean-text.js';
import {
  type Brand,
  type DigestValues,
  type InvitationValues,
  LOCALES,
  loadTemplates,
  localeFor,
  type TemplateName,
} from '../../src/mail/render.js';
import { compileTemplates } from '../../templates/compiler.js';
import { aMail, aMailer } from './a-mail.js';
import { startReceivingServer } from './receiving-server.js';

const folder = t.testdir({});
await compileTemplates({ output: folder });
const templates = await loadTemplates(folder);

const INVITATION: InvitationValues = {
  workspaceName: 'Acme',
  inviterName: 'Zoë Roe',
  recipientName: 'Jane',
  role: 'administrator',
  message: 'See you soon.\nZoë',
  acceptUrl: 'https://app.example.com/accept#token.a-b_c',
  expiresAt: '2026-11-30T23:05:00.000Z',
  email: 'jane@example.org',
};
const SIGN_IN = { signInUrl: 'https://app.example.com/sign-in#token', minutes: 10, email: 'jane@example.org' };
const DIGEST: DigestValues = {
  recipientName: 'Zoë Roe',
  workspaceName: 'Acme',
  accepted: [{ name: 'Jane', email: 'jane@example.org' }],
  declined: [{ name: '', email: 'john@example.org' }],
  undelivered: [{ name: '', email: 'jon@example.org', reason: '550 5.1.1 no such mailbox' }],
  expired: [],
  renewals: [],
  usersUrl: 'https://app.example.com/workspaces/1/users',
  preferencesUrl: 'https://app.example.com/preferences',
};
const INVITATIONS: readonly TemplateName[] = ['invitation', 'invitation-resent'];

/** What each language calls the role and the moment above. */
const WORDS = {
  en: { role: 'Administrator', expiry: /Monday, November 30, 2026 at 11:05\sPM UTC/ },
  'pt-BR': { role: 'Administrador', expiry: /segunda-feira, 30 de novembro de 2026 às 23:05 UTC/ },
  es: { role: 'Administrador', expiry: /lunes, 30 de noviembre de 2026, (a las )?23:05 UTC/ },
} as const;

t.test('an invitation says in each language who invites to what as what, until when, and how to accept', async (t) => {
  for (const locale of LOCALES) {
    for (const template of ['invitation', 'invitation-resent'] as const) {
      const { subject, html, text } = templates.render(template, locale, INVITATION);
      t.match(subject, /Acme/);
      for (const part of [html, text]) {
        for (const word of ['Acme', 'Zoë Roe', 'Jane', WORDS[locale].role, 'jane@example.org', 'See you soon.']) {
          t.ok(part.includes(word), `${template} ${locale}: ${word}`);
        }
        t.match(part, WORDS[locale].expiry);
        t.notMatch(part, /\{\{|\[\[|\*\*|undefined/);
      }
      t.ok(html.includes(`<html lang="${locale}"`));
      t.ok(html.includes(`href="${INVITATION.acceptUrl}"`));
      t.ok(text.includes(`\n${INVITATION.acceptUrl}\n`));
      t.ok(html.length < 30_000, `${html.length} characters`);
    }
  }
});

t.test('a sign-in mail has its link, how long it works, and for whom', async (t) => {
  for (const locale of LOCALES) {
    const { subject, html, text } = templates.render('sign-in', locale, SIGN_IN);
    t.ok(subject.length > 0);
    for (const part of [html, text]) {
      for (const word of [SIGN_IN.signInUrl, '10', 'jane@example.org']) t.ok(part.includes(word), `${locale}: ${word}`);
    }
  }
});

t.test('languages differ', async (t) => {
  for (const template of INVITATIONS) {
    const texts = LOCALES.map((locale) => templates.render(template as 'invitation', locale, INVITATION).text);
    t.equal(new Set(texts).size, LOCALES.length);
  }
});

t.test('what is not known is left out', async (t) => {
  for (const locale of LOCALES) {
    const unknown = { ...INVITATION, inviterName: '', recipientName: '', message: '' };
    const { subject, html, text } = templates.render('invitation', locale, unknown);
    for (const part of [subject, html, text]) t.notMatch(part, /Zoë|Jane(?!@)|undefined|&gt;\s*$|> $/m);
    t.notMatch(text, /\n{3,}|\s,/);
  }
});

t.test('values are escaped in HTML, and as they are in the text and the subject', async (t) => {
  const name = '<script>alert("1")</script> & \'co\' {{email}}';
  const values = {
    ...INVITATION,
    workspaceName: name,
    inviterName: name,
    recipientName: name,
    message: `${name}\n${name}`,
  };
  for (const locale of LOCALES) {
    const { subject, html, text } = templates.render('invitation', locale, values);
    t.notMatch(html, /<script/i);
    t.ok(html.includes('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#x27;co&#x27; {{email}}'));
    t.ok(subject.includes(name) && text.includes(name));
  }
});

t.test('a subject is one line, whatever is put into it', async (t) => {
  const { subject } = templates.render('invitation', 'en', {
    ...INVITATION,
    inviterName: '',
    workspaceName: 'A\r\nBcc: b\u0000',
  });
  t.equal(subject, 'You are invited to A Bcc: b');
});

t.test('a link goes nowhere but to a web page', async (t) => {
  for (const link of [
    'javascript:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,x',
    '//example.com',
    'accept',
    '',
  ]) {
    t.throws(
      () => templates.render('invitation', 'en', { ...INVITATION, acceptUrl: link }),
      { name: 'RangeError' },
      link,
    );
    t.throws(() => templates.render('sign-in', 'en', { ...SIGN_IN, signInUrl: link }), { name: 'RangeError' }, link);
  }
  const { html } = templates.render('invitation', 'en', {
    ...INVITATION,
    acceptUrl: 'https://app.example.com/#"><script>',
  });
  t.notMatch(html, /<script/);
});

t.test('a value that is missing is an error, and no hole in a mail', async (t) => {
  const { workspaceName: _, ...rest } = INVITATION;
  t.throws(() => templates.render('invitation', 'en', rest as InvitationValues), /workspaceName/);
  t.throws(() => templates.render('invitation', 'fr' as 'en', INVITATION), { name: 'RangeError' });
});

t.test('a mail arrives with what strangers typed made harmless', async (t) => {
  const server = await startReceivingServer();
  t.teardown(server.close);
  const name = 'Win\r\nBcc: eve@example.net <script>https://evil.example/</script> \u202eemcA';
  const mail = templates.render('invitation', 'en', {
    ...INVITATION,
    workspaceName: cleanName(name),
    inviterName: cleanName('שרה כהן 🚀'),
    recipientName: cleanName('محمد'),
    message: cleanMessage('Look:\nhttps://evil.example/x\nor evil.example'),
  });
  await aMailer(t, server.url).send(aMail({ ...mail, to: { address: 'jane@example.org', name: cleanName('محمد') } }));
  const { subject, html, text, headers, to } = server.received[0]?.parsed ?? {};
  t.equal(subject, 'שרה כהן 🚀 invited you to Win Bcc: emcA');
  t.notOk(headers?.has('bcc'));
  t.match(to, { value: [{ name: 'محمد', address: 'jane@example.org' }] });
  for (const part of [String(html), String(text)]) {
    t.notMatch(part, /evil\.example|eve@|<script|\u202e/);
    t.match(part, /evil\.\u2060example/);
  }
});

t.test('the closest language is chosen', async (t) => {
  const chosen: [string | undefined, string][] = [
    ['en', 'en'],
    ['en-GB', 'en'],
    ['pt-BR', 'pt-BR'],
    ['PT-br', 'pt-BR'],
    ['pt', 'pt-BR'],
    ['pt-PT', 'pt-BR'],
    ['es-419', 'es'],
    ['fr', 'es'],
    ['', 'es'],
    [undefined, 'es'],
  ];
  for (const [wanted, locale] of chosen) t.equal(localeFor(wanted, 'es'), locale, wanted ?? 'no language');
});

t.test('what a digest does not name it counts', async (t) => {
  const people = Array.from({ length: 500 }, (_, index) => ({
    name: `Person ${index}`,
    email: `${index}@example.com`,
  }));
  const refused = people.map((person) => ({ ...person, reason: 'x'.repeat(500) }));
  for (const locale of LOCALES) {
    const { html, text } = templates.render('digest', locale, {
      ...DIGEST,
      accepted: people,
      declined: people,
      undelivered: refused,
      expired: people,
    });
    t.match(html, '(500)');
    t.match(text, /\n- [^\n]*480[^\n]*\n/);
    t.ok(Buffer.byteLength(html) < 100_000, `${Buffer.byteLength(html)} bytes`);
  }
});

t.test('a digest has the results there are, named in its language', async (t) => {
  const titles = LOCALES.map((locale) => {
    const { text } = templates.render('digest', locale, { ...DIGEST, accepted: [], undelivered: [], expired: [] });
    return [...text.matchAll(/^(.*) \(\d+\):$/gm)].map(([, title]) => title);
  });
  t.strictSame(titles, [['Declined'], ['Recusaram'], ['Rechazaron']]);
});

t.test('what a mail server says can be read, and holds no link', async (t) => {
  const reason = '550 5.7.1 Blocked, sign in at https://evil.example.com/login';
  const { html, text } = templates.render('digest', 'en', {
    ...DIGEST,
    undelivered: [{ name: '', email: 'jon@example.org', reason }],
  });
  for (const part of [html, text]) {
    t.match(part, 'Blocked, sign in at');
    t.notMatch(part, 'evil');
  }
});

t.test('a link to the users tab or to the preferences must be one of the web', async (t) => {
  for (const link of ['usersUrl', 'preferencesUrl']) {
    t.throws(() => templates.render('digest', 'en', { ...DIGEST, [link]: 'javascript:alert(1)' }), RangeError);
  }
});

const BRAND: Brand = {
  name: 'Acme & Sons',
  logoUrl: 'https://logos.example.com/acme.png?v=1&size=2',
  accentColour: '#0b6e4f',
  accentOnDark: '#4f9d84',
};

t.test('a mail has the colours, the logo and the name of its brand', async (t) => {
  const { html } = templates.render('invitation', 'en', INVITATION, BRAND);
  t.match(html, 'src="https://logos.example.com/acme.png?v&#x3D;1&amp;size&#x3D;2" alt="Acme &amp; Sons"');
  t.match(html, 'bgcolor="#0b6e4f"');
  t.match(html, 'color: #4f9d84 !important');
});

t.test('without a logo the name stands in its place, and without a name nothing does', async (t) => {
  const { logoUrl, ...unpictured } = BRAND;
  const named = templates.render('invitation', 'en', INVITATION, unpictured).html;
  t.notMatch(named, '<img');
  t.match(named, '>Acme &amp; Sons</div>');
  t.notMatch(templates.render('invitation', 'en', INVITATION).html, /class="[^"]*brand/);
});

t.test('nothing but a colour gets into a style sheet, and no logo but one of https', async (t) => {
  const wrong: Partial<Brand>[] = [
    { accentColour: 'red;}body{display:none' },
    { accentColour: '#0b6e4f;' },
    { accentOnDark: '#fff' },
    { logoUrl: 'http://logos.example.com/acme.png' },
    { logoUrl: 'javascript:alert(1)' },
    { logoUrl: 'logo.png' },
  ];
  for (const change of wrong) {
    t.throws(() => templates.render('digest', 'en', DIGEST, { ...BRAND, ...change }), RangeError);
  }
});
