import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';

import { LOCALES, TEMPLATES } from '../../src/mail/render.js';
import { startIn } from './operator.js';

const preview = (...options: string[]) => startIn({}, 'mail', 'preview', ...options).ended;

t.test('mail preview writes each mail in each language, and an index of them', async (t) => {
  const folder = join(t.testdir(), 'mails');
  const { code, out } = await preview('--out', folder);
  t.equal(code, 0);
  t.match(out, join(folder, 'index.html'));
  const mails = TEMPLATES.flatMap((template) => LOCALES.map((locale) => `${template}.${locale}`));
  const expected = ['index.html', ...mails.flatMap((mail) => [`${mail}.html`, `${mail}.txt`])];
  t.strictSame((await readdir(folder)).sort(), expected.sort());
  const index = await readFile(join(folder, 'index.html'), 'utf8');
  for (const [, file = ''] of index.matchAll(/(?:src|href)="([^"]+)"/g)) await access(join(folder, file));
});

t.test('samples have addresses and hosts of example.com alone', async (t) => {
  const folder = t.testdir();
  await preview('--out', folder);
  for (const file of (await readdir(folder)).filter((name) => name.endsWith('.txt'))) {
    const text = await readFile(join(folder, file), 'utf8');
    for (const [host] of text.matchAll(/(?<=@|:\/\/)[\w.-]+/g)) t.match(host, /^(app\.)?example\.com\.?$/, file);
  }
});

t.test('mails have the brand that is asked for', async (t) => {
  const folder = t.testdir();
  const logo = 'https://logos.example.com/logo.png';
  await preview('--out', folder, '--brand-name', 'Contoso', '--accent', '#0B6E4F', '--logo', logo);
  const html = await readFile(join(folder, 'invitation.en.html'), 'utf8');
  t.match(html, `src="${logo}" alt="Contoso"`);
  t.match(html, '#0b6e4f');
  t.notMatch(html, '#3346c9');
});

t.test('what cannot be a brand is refused', async (t) => {
  const out = ['--out', t.testdir()];
  for (const [options, words] of [
    [['--accent', '#ffcc00', ...out], '4.5:1'],
    [['--logo', 'http://logos.example.com/logo.png', ...out], '--logo begins with https://'],
    [[], '--out is the folder'],
  ] as const) {
    const { code, err } = await preview(...options);
    t.not(code, 0);
    t.match(err, words);
  }
});
