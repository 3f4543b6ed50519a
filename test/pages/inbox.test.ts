import Fastify from 'fastify';
import nodemailer from 'nodemailer';

import { inboxPages } from '../../src/embedded/inbox/pages.js';
import { startInbox } from '../../src/embedded/inbox.js';
import { silent } from '../support/silent-logger.js';
import { accessibilityFaults, inBrowser, waitForCount } from './support/browser.js';

inBrowser((t, site) => {
  t.test('a mail is shown as it looks and as text, and nothing of it runs', async (t) => {
    const inbox = await startInbox({ directory: t.testdir(), logger: silent });
    t.teardown(() => inbox.close());
    const app = Fastify();
    await app.register(inboxPages, { prefix: '/inbox', inbox });
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    t.teardown(() => app.close());
    const transport = nodemailer.createTransport(inbox.smtpUrl);
    t.teardown(async () => transport.close());
    await transport.sendMail({
      from: 'acme@example.com',
      to: 'ana@example.com',
      subject: 'You are invited',
      text: 'Come in.',
      html: '<p>Come in, in <b>bold</b>.</p><script>document.body.textContent = "it ran"</script>',
    });

    const page = await (await site.openContext({ colorScheme: 'dark' })).newPage();
    await page.goto(`${url}/inbox`);
    t.strictSame(await accessibilityFaults(page), []);
    await page.getByRole('link', { name: 'You are invited' }).click();
    await page.frameLocator('iframe').getByText('Come in, in bold.').waitFor();
    await waitForCount(page.frameLocator('iframe').getByText('it ran'), 0);
    t.notMatch(await page.locator('iframe').getAttribute('sandbox'), /allow-(?:scripts|same-origin)/);
    await page.getByText('Come in.', { exact: true }).waitFor();
    t.strictSame(await accessibilityFaults(page), []);
  });
});
