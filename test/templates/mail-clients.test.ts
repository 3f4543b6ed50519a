import { type CanIEmailOptions, caniemail } from 'caniemail';
import t from 'tap';

import { LOCALES, TEMPLATES } from '../../src/mail/render.js';
import { compileTemplates } from '../../templates/compiler.js';
import { renderSamples } from './samples.js';

/** Which people read most mail with; the data of caniemail on others has gaps. */
const CLIENTS: CanIEmailOptions['clients'] = [
  'apple-mail.*',
  'gmail.desktop-webmail',
  'gmail.ios',
  'gmail.android',
  'outlook.*',
  'samsung-email.*',
  'yahoo.*',
];

/** What some of these do not know, by what caniemail calls it, and why a mail is as good without it. */
const WITHOUT: Readonly<Record<string, string>> = {
  '@media': 'Outlook for Windows shows the wide, light mail',
  'Chaining selectors': 'MJML writes them for other clients than Outlook',
  '<body> element': 'the colour of the page is on the first div too',
  'aria-label attribute': 'of the whole mail, which has a title and a heading besides',
  'role attribute': 'Windows Mail hands no tables to a screen reader',
  'border-radius': 'corners are square',
  cursor: 'MJML says auto of the button, which is what it is anyway',
  'height property': 'the logo has the attribute besides',
  opacity: 'of the preview, which has no height and no colour besides',
  outline: 'MJML takes outlines from images, which have none here',
  overflow: 'of the preview, which has no height and no colour besides',
  'overflow-wrap': 'a long link may be wider than the card where the client does not break it by itself',
  'word-break': 'a long link may be wider than the card where the client does not break it by itself',
  'table-layout': 'columns are as wide as what is in them',
  'target attribute': 'web clients open links in a new tab anyway',
  transform: 'there is none: caniemail takes text-transform for it',
  'word-spacing': 'MJML says normal of it',
};

const folder = t.testdir();
await compileTemplates({ output: folder });
const mails = await renderSamples(folder);

/** What some client cannot show of a mail, each with a sentence that says who. */
function faultsOf(html: string): ReadonlyMap<string, string> {
  const { issues } = caniemail({ clients: CLIENTS, html });
  const faults = [...issues.errors].flatMap(([client, found]) => found.map(({ title }) => [title, client] as const));
  return new Map(faults.map(([title, client]) => [title, `${client} knows no ${title}`]));
}

t.test('there is each mail in each language, with a brand and without', async (t) => {
  t.equal(mails.length, TEMPLATES.length * LOCALES.length * 2);
});

for (const { title, html } of mails) {
  t.test(`${title} needs nothing that mail clients do not have`, async (t) => {
    const unknown = [...faultsOf(html)].filter(([feature]) => !Object.hasOwn(WITHOUT, feature));
    t.strictSame(
      unknown.map(([, sentence]) => sentence),
      [],
    );
  });
}

t.test('each exception is still one', async (t) => {
  const found = new Set(mails.flatMap(({ html }) => [...faultsOf(html).keys()]));
  t.strictSame([...found].sort(), Object.keys(WITHOUT).sort());
});

for (const { title, locale, html, text, links } of mails) {
  t.test(`${title} is not cut off: Gmail does so at 102 KB`, async (t) => {
    t.ok(Buffer.byteLength(html) < 100_000, `${Buffer.byteLength(html)} bytes`);
  });

  t.test(`${title} says its language and direction, and that it knows dark mode`, async (t) => {
    t.match(html, `<html lang="${locale}" dir="ltr"`);
    t.match(html, '<meta name="color-scheme" content="light dark">');
    t.match(html, '@media (prefers-color-scheme: dark)');
  });

  t.test(`${title} has no table that a screen reader would take for one, but that of facts`, async (t) => {
    const tables = [...html.replace(/<!--[\s\S]*?-->/g, '').matchAll(/<table[^>]*>[\s\S]{0,80}/g)].map(
      ([table]) => table,
    );
    const silent = tables.filter((table) => !table.includes('role="presentation"'));
    for (const table of silent) t.match(html.slice(html.indexOf(table), html.indexOf(table) + 600), '<th scope="row"');
  });

  t.test(`${title} tells by text what an image shows`, async (t) => {
    for (const [image] of html.matchAll(/<img[^>]*>/g)) t.match(image, /alt="[^"]+"/);
    t.notMatch(html, /background-image|background="|url\(/);
  });

  t.test(`${title} has every link in its text part`, async (t) => {
    for (const link of links) {
      t.match(html, `href="${link}"`);
      t.ok(text.split('\n').includes(link), link);
    }
  });
}
