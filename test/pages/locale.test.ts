import t from 'tap';

import { loadStatic } from '../../src/pages/asset-files.js';
import { inBrowser } from './support/browser.js';

interface Locales {
  localeFor(language: string, wanted: readonly string[]): string;
}

const { localeFor } = await loadStatic<Locales>('app/locale.js');

t.test('the language of the pages has the region of the reader', async (t) => {
  const cases: readonly [language: string, wanted: readonly string[], locale: string][] = [
    ['en', ['en-GB', 'en-US', 'en'], 'en-GB'],
    ['en', ['de-AT', 'en-ie'], 'en-IE'],
    ['en', ['en', 'en-GB'], 'en'],
    ['en', ['en-GB-oxendict'], 'en-GB'],
    ['en', ['en-US@posix'], 'en-US'],
    ['en', ['fil-PH', 'enm-GB'], 'en'],
    ['en', [], 'en'],
    ['es', ['es-419'], 'es-419'],
    ['es', ['en-GB'], 'es'],
    ['pt-BR', ['pt-PT', 'pt-BR'], 'pt-PT'],
    ['pt-BR', ['pt'], 'pt-BR'],
  ];
  for (const [language, wanted, locale] of cases) t.equal(localeFor(language, wanted), locale, `${wanted}`);
});

inBrowser((t, site) => {
  const usual = { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' } as const;
  for (const [locale, other] of [
    ['en-GB', 'en'],
    ['en-US', 'en-GB'],
    ['es-MX', 'es'],
    ['pt-PT', 'pt-BR'],
  ] as const) {
    t.test(`dates are written as a reader of ${locale} writes them, also in sentences`, async (t) => {
      const as = await site.signIn(`${locale.toLowerCase()}@example.com`, 'Olivia Owner');
      const workspaceId = await site.createWorkspace(as, 'Acme');
      const { id, invitation } = await site.invite(as, workspaceId, 'ana@example.com');
      await site.caughtUp();
      const path = `/workspaces/${workspaceId}/users?person=${id}`;
      const page = await site.openAs(as.email, path, { locale, timezoneId: 'UTC' });
      const written = (instant: string, where: string = locale) =>
        new Intl.DateTimeFormat(where, usual).format(new Date(instant)).replace(/\s/g, ' ');
      const { invitedAt, expiresAt } = invitation;
      t.not(written(invitedAt), written(invitedAt, other));
      const entry = page.locator('dialog [data-type=invited]');
      await entry.locator('time').waitFor();
      const text = (await entry.innerText()).replace(/\s/g, ' ');
      t.match(text, written(invitedAt));
      t.match(text, written(expiresAt), 'the server writes them the same way');
    });
  }
});
