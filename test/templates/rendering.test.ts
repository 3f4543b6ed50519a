import t from 'tap';
import { compileTemplates } from '../../templates/compiler.js';
import { fill, LOCALES, readCompiled, TEMPLATES, VARIABLES } from './compiled.js';

/** What a person reads of HTML. */
function wordsIn(html: string): string {
  return html.replace(/<style[\s\S]*?<\/style>|<!--[\s\S]*?-->|<[^>]+>/g, '');
}

/** The same values, but with an attack in place of each text. */
function attacked(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return value.map((item) => attacked(item, key));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, attacked(inner, name)]));
  }
  return `"><script>${key}</script>`;
}

const output = t.testdir();
await compileTemplates({ output });

for (const name of TEMPLATES) {
  for (const locale of LOCALES) {
    const title = `${name} in ${locale}`;
    const compiled = await readCompiled(output, name, locale);
    const variables = VARIABLES[name];
    const url = String(variables['acceptUrl'] ?? variables['signInUrl'] ?? variables['usersUrl']);

    t.test(`${title} leaves no placeholder`, async (t) => {
      for (const [part, text] of Object.entries(fill(compiled, variables))) {
        t.notMatch(text, /\{\{|\}\}|\[\[|\]\]|\*\*|undefined/, part);
      }
    });

    t.test(`${title} has the link in both parts, in HTML to click and to copy`, async (t) => {
      const { html, text } = fill(compiled, variables);
      t.equal(html.split(`href="${url}"`).length - 1, 2);
      t.match(html, `>${url}</a>`);
      t.ok(text.split('\n').includes(url), 'on a line of its own');
    });

    t.test(`${title} says its language and direction`, async (t) => {
      t.match(compiled.html, `<html lang="${locale}" dir="ltr"`);
    });

    t.test(`${title} without a logo loads nothing from elsewhere and stays under 30 KB`, async (t) => {
      const { html } = fill(compiled, { ...variables, logoUrl: '' });
      t.notMatch(html, /<img|<link|@import|url\(|\bsrc=/);
      t.ok(Buffer.byteLength(html) < 30_000, `${Buffer.byteLength(html)} bytes`);
    });

    t.test(`${title} knows dark mode`, async (t) => {
      t.match(compiled.html, '<meta name="color-scheme" content="light dark">');
      t.match(compiled.html, '@media (prefers-color-scheme: dark)');
    });

    t.test(`${title} escapes every value in HTML and leaves it as it is elsewhere`, async (t) => {
      const { html, subject, text } = fill(compiled, attacked(variables, 'values') as typeof variables);
      t.notMatch(html, '<script');
      t.match(html, '&lt;script&gt;');
      t.match(text, /"><script>(email|invitedEmail)<\/script>/);
      t.notMatch(subject + text, /&\w+;/);
    });
  }
}

for (const name of ['invitation', 'invitation-resent', 'reminder'] as const) {
  for (const locale of LOCALES) {
    const title = `${name} in ${locale}`;
    const compiled = await readCompiled(output, name, locale);

    t.test(`${title} tells who invites whom to what, as what, until when`, async (t) => {
      const { subject, html, text } = fill(compiled, VARIABLES[name]);
      t.match(subject, 'Northwind');
      for (const fact of ['Bruno', 'Northwind', 'Ana', 'Developer', 'ana@example.com', '30 November 2025, 14:00 UTC']) {
        t.match(html, fact, `${fact} in HTML`);
        t.match(text, fact, `${fact} in the text`);
      }
    });

    t.test(`${title} quotes the personal message and keeps its lines`, async (t) => {
      const { html, text } = fill(compiled, VARIABLES[name]);
      t.match(html, /Welcome\.<br ?\/?>See you on Monday\./);
      t.match(text, '\n\n> Welcome.\n> See you on Monday.\n\n');
    });

    t.test(`${title} has no place for a message that is not there`, async (t) => {
      const { html, text } = fill(compiled, { ...VARIABLES[name], message: '', messageLines: [] });
      t.notMatch(html, /class="[^"]*quote/);
      t.notMatch(text, />|\n{3}/);
    });

    t.test(`${title} reads well without the names of inviter and recipient`, async (t) => {
      const { subject, html, text } = fill(compiled, { ...VARIABLES[name], inviterName: '', recipientName: '' });
      for (const part of [subject, wordsIn(html), text]) {
        t.notMatch(part, /^[ ,:.!]| [,:.!]/m, 'no gap where a name would stand');
        t.notMatch(part, /Bruno|\bAna\b/);
      }
    });
  }
}

t.test('the first lines, with and without names', async (t) => {
  const variables = VARIABLES.invitation;
  const compiled = await readCompiled(output, 'invitation', 'en');
  const firstLines = (changed: Readonly<Record<string, unknown>>): string[] => {
    const { subject, text } = fill(compiled, { ...variables, ...changed });
    return [subject, ...text.split('\n').slice(0, 3)];
  };
  t.strictSame(firstLines({}), [
    'Bruno invited you to Northwind',
    'Hello Ana,',
    '',
    'Bruno has invited you to join the workspace Northwind.',
  ]);
  t.strictSame(firstLines({ inviterName: '', recipientName: '' }), [
    'You are invited to Northwind',
    'Hello,',
    '',
    'You have been invited to join the workspace Northwind.',
  ]);
});

t.test('a resent invitation says that it replaces the earlier link', async (t) => {
  const texts = await Promise.all(LOCALES.map((locale) => readCompiled(output, 'invitation-resent', locale)));
  const [en, ptBR, es] = texts.map((compiled) => fill(compiled, VARIABLES['invitation-resent']).text);
  t.match(en, 'It replaces the earlier link, which no longer works.');
  t.match(ptBR, 'Ele substitui o link anterior, que não funciona mais.');
  t.match(es, 'Sustituye al enlace anterior, que ya no funciona.');
});

t.test('a sign-in link says for whom and for how long it works', async (t) => {
  for (const locale of LOCALES) {
    const { html, text } = fill(await readCompiled(output, 'sign-in', locale), VARIABLES['sign-in']);
    for (const part of [html, text]) {
      t.match(part, 'ana@example.com');
      t.match(part, /\b10 (minutes|minutos)\b/);
    }
  }
});

for (const locale of LOCALES) {
  t.test(`a request for a new link says in ${locale} whose invitation expired when, and where to choose`, async (t) => {
    const { subject, html, text } = fill(
      await readCompiled(output, 'renewal-requested', locale),
      VARIABLES['renewal-requested'],
    );
    t.match(subject, 'carla@example.com');
    for (const part of [html, text]) {
      for (const fact of ['Ana', 'Northwind', 'Carla', 'carla@example.com', '30 November 2025', '/preferences']) {
        t.match(part, fact);
      }
    }
  });

  t.test(`a digest lists in ${locale} who did what, and how many more, and where to turn it off`, async (t) => {
    const { subject, html, text } = fill(await readCompiled(output, 'digest', locale), VARIABLES.digest);
    t.match(subject, 'Northwind');
    t.match(text, /\nAccepted \(22\):\n- Carla, carla@example\.com\n- [^\n]*21[^\n]*\n\nNot delivered \(1\):\n/);
    t.match(text, '\n- davi@example.com: 550 5.1.1 no such mailbox\n\n');
    t.notMatch(text, /\n{3}/);
    t.match(html, '>Accepted (22)</h2>');
    t.match(html, /<li[^>]*>Carla, carla@example\.com<\/li>/);
    for (const part of [html, text]) t.match(part, 'https://app.example.com/preferences');
  });
}
