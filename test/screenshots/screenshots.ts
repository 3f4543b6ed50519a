/**
 * Takes the pictures of the pages in docs/images/pages: `npm run screenshots`. People, times, zone and window are fixed, so
 * that only a change of the pages changes a picture.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify from 'fastify';
import nodemailer from 'nodemailer';
import { type BrowserContextOptions, chromium, type Page } from 'playwright-core';

import { inboxPages } from '../../src/embedded/inbox/pages.js';
import { startInbox } from '../../src/embedded/inbox.js';
import { loadTemplates } from '../../src/mail/render.js';
import { SAMPLES } from '../../src/operating/mail-samples.js';
import { signOperatorToken } from '../../src/tokens/operator-token.js';
import { findChromium, LAUNCH } from '../pages/support/chromium.js';
import { paste } from '../pages/support/paste.js';
import { openSite } from '../pages/support/site.js';
import { silent } from '../support/silent-logger.js';
import { startTemporaryPostgres } from '../support/temporary-postgres.js';
import { NOW, OWNER, playStory } from './story.js';

/** When some who are in the workspace now had not come yet. */
const LAST_MONTH = '2030-02-24T09:00:00.000Z';

const FOLDER = 'docs/images/pages';
const DESKTOP = { viewport: { width: 1180, height: 860 } };
const TALL = { viewport: { width: 1180, height: 1240 } };
const NARROW = { viewport: { width: 720, height: 560 } };
const LONG = { viewport: { width: 720, height: 860 } };
const PHONE = { viewport: { width: 390, height: 780 } };
const USUAL: BrowserContextOptions = { locale: 'en-GB', timezoneId: 'Europe/Lisbon', reducedMotion: 'reduce' };

const endings: (() => unknown)[] = [];
const host = {
  teardown: (action: () => unknown) => void endings.unshift(action),
  fail(message: string): never {
    throw new Error(message);
  },
};

try {
  await takeAll();
} finally {
  for (const end of endings) await end();
}

async function takeAll(): Promise<void> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('There is no Chromium: install it, or name it by CHROMIUM_PATH.');
  const postgres = await startTemporaryPostgres();
  host.teardown(() => postgres.stop());
  process.env['TEST_POSTGRES_URL'] = postgres.url;
  const browser = await chromium.launch({ executablePath, ...LAUNCH });
  host.teardown(() => browser.close());
  const now = () => NOW;
  const site = await openSite(host, browser, { now, replace: () => ({ now }) });
  const { workspaceId, acceptPath, userId } = await playStory(site);
  const workspace = `/workspaces/${workspaceId}`;

  const open = async (path: string, options: BrowserContextOptions) => {
    const page = await (await site.openContext({ ...USUAL, ...options })).newPage();
    await page.clock.setFixedTime(NOW);
    await page.goto(path);
    return page;
  };
  const openAsOwner = async (path: string, options: BrowserContextOptions) => {
    const page = await site.openAs(OWNER.email, '/sign-in', { ...USUAL, ...options });
    await page.clock.setFixedTime(NOW);
    await page.goto(path);
    return page;
  };

  const signIn = await open('/sign-in', NARROW);
  await signIn.getByLabel('E-mail address').waitFor();
  await take(signIn, 'sign-in');

  const invite = await openAsOwner(`${workspace}/invite?new`, LONG);
  await invite.getByRole('heading', { name: /^Invite people to/ }).waitFor();
  await invite.getByLabel('E-mail addresses').focus();
  await paste(
    invite,
    'Julia Alves <julia.alves@example.com>; karl@example.com, Lucia Prado <lucia.prado@example.com>, mario@example',
  );
  await invite.getByText('1 address to correct').waitFor();
  await take(invite, 'invite');

  for (const [name, options] of [
    ['users', DESKTOP],
    ['users-dark', { ...DESKTOP, colorScheme: 'dark' }],
    ['users-phone', PHONE],
  ] as const) {
    const users = await openAsOwner(`${workspace}/users`, options);
    await users.getByText('ines.costa@example.com').waitFor();
    await users.getByRole('heading', { level: 1, name: 'Example' }).waitFor();
    await take(users, name);
  }

  const timeline = await openAsOwner(`${workspace}/users?person=${userId}`, DESKTOP);
  await timeline.locator('dialog [data-type=accepted]').waitFor();
  await timeline.getByText('ines.costa@example.com').waitFor();
  await take(timeline, 'timeline');

  const history = await openAsOwner(`${workspace}/history`, DESKTOP);
  await history.locator('.record').nth(8).waitFor();
  await history.getByRole('heading', { level: 1, name: 'Example' }).waitFor();
  await take(history, 'history');

  const settings = await openAsOwner(`${workspace}/settings`, TALL);
  await settings.getByRole('img', { name: 'Preview of the e-mail' }).waitFor();
  await settings.getByRole('heading', { level: 1, name: 'Example' }).waitFor();
  await take(settings, 'settings');

  const then = await openAsOwner(`${workspace}/users?asOf=${LAST_MONTH}`, DESKTOP);
  await then.locator('[data-user]').nth(2).waitFor();
  await then.getByRole('heading', { level: 1, name: 'Example' }).waitFor();
  await take(then, 'as-of');

  const accept = await open(acceptPath, NARROW);
  await accept.getByRole('button', { name: 'Accept invitation' }).waitFor();
  await take(accept, 'accept');

  const operations = await (await site.openContext({ ...USUAL, ...DESKTOP })).newPage();
  await operations.goto('/operations');
  const token = signOperatorToken(site.tokenKeys, 'operator@example.com', new Date(Date.now() + 3_600_000));
  await operations.getByLabel('Operator’s token').fill(token);
  await operations.keyboard.press('Enter');
  await operations.locator('[data-chart=outcomes]').waitFor();
  await take(operations, 'operations');

  const inbox = await open(await mailInInbox(), LONG);
  await inbox.locator('.mails a').first().click();
  await inbox.frameLocator('iframe').getByRole('link').first().waitFor();
  await take(inbox, 'inbox');
}

async function take(page: Page, name: string): Promise<void> {
  await page.evaluate('document.fonts.ready');
  await page.screenshot({ path: join(FOLDER, `${name}.png`), animations: 'disabled', caret: 'hide' });
  process.stdout.write(`${name}\n`);
}

/** @returns where the inbox is, with an invitation in it */
async function mailInInbox(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'workspace-invitations-screenshots-'));
  host.teardown(() => rm(directory, { recursive: true, force: true }));
  const templates = await loadTemplates('dist/templates/compiled');
  const mail = templates.render('invitation', 'en', SAMPLES.invitation);
  const composer = nodemailer.createTransport({ streamTransport: true, buffer: true });
  const envelope = { from: 'invitations@example.com', to: SAMPLES.invitation.email, date: NOW };
  const { message } = await composer.sendMail({ ...envelope, ...mail });
  // The name of its file says when a mail arrived: one that is delivered arrives now.
  const arrived = NOW.toISOString().replace(/[-:.Z]/g, '');
  const envelopeHeader = `Return-Path: <${envelope.from}>\r\nDelivered-To: ${envelope.to}\r\n`;
  await writeFile(join(directory, `${arrived}-0000.eml`), [envelopeHeader, message as Buffer]);
  const inbox = await startInbox({ directory, logger: silent });
  host.teardown(() => inbox.close());
  const app = Fastify();
  host.teardown(() => app.close());
  await app.register(inboxPages, { prefix: '/inbox', inbox });
  return `${await app.listen({ host: '127.0.0.1', port: 0 })}/inbox`;
}
