import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { DomainError } from '../domain/domain-error.js';
import { accentOnDark, checkAccentColour } from '../domain/workspace/accent-colour.js';
import { type Brand, LOCALES, loadTemplates, TEMPLATES, UNBRANDED } from '../mail/render.js';
import { EXIT, type OfflineCommand, UsageError } from './command.js';
import { SAMPLES } from './mail-samples.js';
import { textOption } from './options.js';

const COMPILED = fileURLToPath(new URL('../../templates/compiled/', import.meta.url));

/** Writes every mail in every language, to be looked at. */
export const preview: OfflineCommand = {
  brief: 'writes every mail in every language, to be looked at',
  synopsis: '--out FOLDER [--brand-name NAME] [--accent COLOUR] [--logo URL]',
  summary:
    'Writes every mail in every language to a folder, as HTML and text, with an index.html that shows them all. They are filled with samples, and look as those of a workspace with the given brand.',
  examples: [
    ['mail preview --out mails', 'then open mails/index.html'],
    [
      "mail preview --out mails --brand-name Northwind --accent '#0b6e4f'",
      'as a workspace has them that set its brand',
    ],
  ],
  options: {
    out: { type: 'string', value: 'FOLDER', does: 'where to; it is made where it is not there' },
    'brand-name': { type: 'string', value: 'NAME', does: 'as a workspace calls itself' },
    accent: { type: 'string', value: 'COLOUR', does: 'its colour, as # and six digits of 0-9 and a-f' },
    logo: { type: 'string', value: 'URL', does: 'its logo, by https' },
  },
  arity: 0,
  async runOffline({ terminal, options }) {
    const folder = textOption(options, 'out');
    if (folder === undefined) throw new UsageError('--out is the folder to write to');
    const brand = brandOf(options);
    const templates = await loadTemplates(COMPILED);
    await mkdir(folder, { recursive: true });
    const rows: string[] = [];
    for (const template of TEMPLATES) {
      for (const locale of LOCALES) {
        const file = `${template}.${locale}`;
        const { subject, html, text } = templates.render(template, locale, SAMPLES[template], brand);
        await writeFile(join(folder, `${file}.html`), html);
        await writeFile(join(folder, `${file}.txt`), `${subject}\n\n${text}`);
        rows.push(rowOf(file, subject));
      }
    }
    await writeFile(join(folder, 'index.html'), indexOf(rows));
    if (terminal.json) terminal.print(JSON.stringify({ mails: rows.length, index: join(folder, 'index.html') }));
    else terminal.print(`${rows.length} mails, as HTML and text. Open ${join(folder, 'index.html')}`);
    return EXIT.done;
  },
};

function brandOf({
  'brand-name': name = '',
  accent,
  logo,
}: Readonly<Record<string, string | boolean | undefined>>): Brand {
  const accentColour = typeof accent === 'string' ? accentOption(accent) : undefined;
  if (typeof logo === 'string' && !logo.startsWith('https://')) throw new UsageError('--logo begins with https://');
  return {
    ...UNBRANDED,
    name: String(name) || (logo === undefined ? '' : 'Northwind'),
    ...(accentColour && { accentColour, accentOnDark: accentOnDark(accentColour) }),
    ...(typeof logo === 'string' && { logoUrl: logo }),
  };
}

function accentOption(accent: string): string {
  try {
    return checkAccentColour(accent);
  } catch (error) {
    throw error instanceof DomainError ? new UsageError(`--accent: ${error.message}`) : error;
  }
}

function rowOf(file: string, subject: string): string {
  return `<section>
<h2>${file}</h2>
<p>${escaped(subject)} (<a href="${file}.html">HTML</a>, <a href="${file}.txt">text</a>)</p>
<iframe src="${file}.html" title="${file}" loading="lazy"></iframe>
</section>`;
}

function indexOf(rows: readonly string[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>Mails</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem; }
main { display: grid; gap: 2rem; grid-template-columns: repeat(auto-fill, minmax(min(36rem, 100%), 1fr)); }
h2 { font-size: 1rem; margin: 0; }
p { margin: 0 0 0.5rem; }
iframe { border: 1px solid #8884; border-radius: 8px; height: 48rem; width: 100%; }
</style>
</head>
<body>
<h1>Mails</h1>
<main>
${rows.join('\n')}
</main>
</body>
</html>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
