import Fastify from 'fastify';
import nodemailer from 'nodemailer';
import type { Page } from 'playwright-core';
import type { Test } from 'tap';

import { inboxPages } from '../../src/embedded/inbox/pages.js';
import { startInbox } from '../../src/embedded/inbox.js';
import { silent } from '../support/silent-logger.js';
import { accessibilityFaults, inBrowser, waitForCount, waitForNoOverflow, waitUntilTrue } from './support/browser.js';

const INVITATION = {
  from: 'acme@example.com',
  to: 'somebody.with.a.long.address@subdomain.example.com',
  subject: 'You are invited',
  text: 'Come in.',
  html: '<p>Come in, in <b>bold</b>.</p><script>document.body.textContent = "it ran"</script><a href="https://example.com/accept#a-token-without-end-a-token-without-end">Accept</a>',
};

inBrowser((t, site) => {
  /** An inbox of a test's own, and whoever sends to it. */
  async function open(t: Test) {
    const inbox = await startInbox({ directory: t.testdir(), logger: silent });
    t.teardown(() => inbox.close());
    const app = Fastify();
    await app.register(inboxPages, { prefix: '/inbox', inbox });
    const url = `${await app.listen({ host: '127.0.0.1', port: 0 })}/inbox`;
    t.teardown(() => app.close());
    const transport = nodemailer.createTransport(inbox.smtpUrl);
    t.teardown(async () => transport.close());
    const send = (mail: object = {}) => transport.sendMail({ ...INVITATION, ...mail });
    return { inbox, url, send };
  }

  t.test('a mail is shown as it looks and as text, and nothing of it runs', async (t) => {
    const { url, send } = await open(t);
    await send();
    const page = await (await site.openContext({ colorScheme: 'dark' })).newPage();
    await page.goto(url);
    t.strictSame(await accessibilityFaults(page), []);
    await page.getByRole('link', { name: 'You are invited' }).click();
    await page.frameLocator('iframe').getByText('Come in, in bold.').waitFor();
    await waitForCount(page.frameLocator('iframe').getByText('it ran'), 0);
    t.notMatch(await page.locator('iframe').getAttribute('sandbox'), /allow-(?:scripts|same-origin)/);
    await page.getByText('Come in.', { exact: true }).waitFor();
    t.strictSame(await accessibilityFaults(page), []);
  });

  for (const [locale, nothing, missing] of [
    ['en', 'No e-mails yet', 'No such e-mail'],
    ['pt-BR', 'Nenhum e-mail ainda', 'Este e-mail não existe'],
    ['es', 'Todavía no hay correos', 'Este correo no existe'],
  ] as const) {
    t.test(`axe finds nothing, and nothing is wider than a small phone: ${locale}`, async (t) => {
      const { inbox, url, send } = await open(t);
      const page = await (await site.openContext({ locale, viewport: { width: 320, height: 640 } })).newPage();
      const check = async (what: string) => {
        t.equal(await page.locator('html').getAttribute('lang'), locale, what);
        t.strictSame(await accessibilityFaults(page), [], what);
        await waitForNoOverflow(page);
      };
      await page.goto(url);
      await page.getByRole('heading', { name: nothing }).waitFor();
      await waitForCount(page.locator('.delete:visible'), 0);
      await check('empty');
      await page.goto(`${url}?to=nobody@example.com`);
      await check('nothing found');
      await send();
      await page.goto(url);
      await page.getByText('You are invited').waitFor();
      await check('list');
      await page.goto(`${url}/mails/${inbox.ids()[0]}`);
      await page.frameLocator('iframe').getByText('Come in, in bold.').waitFor();
      await check('mail');
      await page.goto(`${url}/mails/1`);
      await page.getByRole('heading', { name: missing }).waitFor();
      await check('missing');
    });
  }

  t.test('times are told by the clock and in the language of the reader, as they are written there', async (t) => {
    const { inbox, url, send } = await open(t);
    await send();
    const [message] = await inbox.messages(inbox.ids());
    const page = await (await site.openContext({ locale: 'pt-PT', timezoneId: 'Asia/Kolkata' })).newPage();
    const format = { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'Asia/Kolkata' } as const;
    const told = new Intl.DateTimeFormat('pt-PT', format).format(new Date(message?.receivedAt ?? ''));
    await page.goto(url);
    await page.locator('time', { hasText: told }).waitFor();
    await page.goto(`${url}/mails/${inbox.ids()[0]}`);
    await page.locator('time', { hasText: told }).waitFor();
    await waitForCount(page.getByText('UTC'), 0);
  });

  t.test('a mail that comes takes neither the focus nor what is being typed', async (t) => {
    const { inbox, url, send } = await open(t);
    await send({ subject: 'The first' });
    const page = await (await site.openContext()).newPage();
    await page.goto(url);
    const search = page.getByRole('searchbox');
    await search.fill('an');
    await send({ subject: 'The second' });
    await mailOf(page, 'The second').waitFor();
    await page.locator('input[type=search]:focus').waitFor();
    t.equal(await search.inputValue(), 'an');

    await mailOf(page, 'The first').focus();
    await send({ subject: 'The third' });
    await mailOf(page, 'The third').waitFor();
    await waitUntilTrue(page, 'document.activeElement.textContent.includes("The first")');
    await waitForCount(page.locator('time', { hasText: 'UTC' }), 0);

    await inbox.clear();
    await page.getByRole('heading', { name: 'No e-mails yet' }).waitFor();
    await waitUntilTrue(page, 'document.activeElement.dataset.state !== undefined');
  });
});

const mailOf = (page: Page, subject: string) => page.getByRole('link', { name: subject });
