import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';

import { verifyExport } from '../../projections/audit-history/verify-export.js';
import { contextOf } from '../support/core.js';
import { anyMail } from '../support/mail-content.js';
import { until } from '../support/until.js';
import { accessibilityFaults, inBrowser, waitForCount, waitForFocus, waitForNoOverflow } from './support/browser.js';
import { dayIn, zoneOfOneDay } from './support/one-day.js';

inBrowser((t, site) => {
  /** An instant after all that has happened, and before all that will. */
  async function between(): Promise<string> {
    const instant = Date.now() + 1;
    await until(() => Date.now() > instant, 'a moment has passed');
    return new Date(instant).toISOString();
  }

  /** A workspace in which this and that has happened: Carla joined, tried what she may not, and was removed. */
  async function happen(owner: string) {
    const as = await site.signIn(owner, 'Olivia Owner');
    const workspaceId = await site.createWorkspace(as, 'Acme');
    const base = `/v1/workspaces/${workspaceId}`;
    const ana = await site.invite(as, workspaceId, 'ana@example.com');
    const first = { invitationId: ana.invitation.id, issue: 1 };
    const service = () => ({ ...contextOf(as.id), actor: { type: 'service', id: 'worker' } as const });
    await site.core.emails.begin(first, '<1@example.com>', anyMail, service());
    const reply = { reply: '250 2.0.0 queued as 4F2A', code: 250, enhancedCode: '2.0.0' };
    await site.core.emails.record({ ...first, attempt: 1, outcome: 'sent', ...reply }, service());
    const carla = await site.join(as, workspaceId, `carla.${owner}`);
    await site.call(`POST ${base}/invitations`, { as: carla, body: { email: 'x@example.com', role: 'developer' } });
    const beforeRemoval = await between();
    await site.call(`DELETE ${base}/users/${carla.id}`, { as });
    await site.caughtUp();
    return { as, workspaceId, base, ana, carla, beforeRemoval, path: `/workspaces/${workspaceId}/history` };
  }

  async function openHistory(
    owner: string,
    { search = '', ...options }: { search?: string; [option: string]: unknown } = {},
  ) {
    const happened = await happen(owner);
    const page = await site.openAs(owner, `${happened.path}${search}`, options);
    await page.locator('.record').first().waitFor();
    return {
      ...happened,
      page,
      records: page.locator('.record'),
      of: (type: string) => page.locator(`.record[data-type="${type}"]`),
    };
  }

  const typesOf = (page: Page) =>
    page.locator('.record').evaluateAll((all) => all.map((one) => one.getAttribute('data-type')));

  const TYPES = [
    'UserRemoved',
    'RequestRefused',
    'InvitationAccepted',
    'UserInvited',
    'InvitationEmailSent',
    'InvitationEmailAttempted',
    'UserInvited',
    'WorkspaceCreated',
    'FounderJoined',
  ];

  t.test('who did what to whom, the newest first, by day, with where it came from on demand', async (t) => {
    const { page, of } = await openHistory('o1@example.com', { timezoneId: zoneOfOneDay() });
    t.strictSame(await typesOf(page), TYPES);
    await page.getByRole('heading', { name: 'Today' }).waitFor();
    t.match(await of('UserRemoved').innerText(), 'Olivia Owner removed carla.o1 from the workspace.');
    await of('UserRemoved').getByText('Details').click();
    t.match(
      await of('UserRemoved').locator('dl').innerText(),
      /Record\s+9[\s\S]*127\.0\.0\.1[\s\S]*Hash\s+[0-9a-f]{64}[\s\S]*Data/,
    );
    t.strictSame(await accessibilityFaults(page), []);
  });

  t.test('refusals are shown, in words', async (t) => {
    const { of } = await openHistory('o2@example.com');
    t.match(
      await of('RequestRefused').innerText(),
      'carla.o2 tried to invite somebody and was refused: only the owner and administrators may.',
    );
  });

  t.test('it is narrowed down by what happened, and the address bar keeps it', async (t) => {
    const { page, records } = await openHistory('o3@example.com');
    const counts = { Invitations: 3, 'E-mails': 2, People: 2, Workspace: 1, Refusals: 1 };
    for (const [group, count] of Object.entries(counts)) {
      await page.getByRole('button', { name: group, exact: true }).click();
      await waitForCount(records, count);
    }
    await page.waitForURL(/\?group=refusals$/);
    await page.reload();
    await waitForCount(records, 1);
    t.strictSame(await typesOf(page), ['RequestRefused']);
    await page.getByRole('button', { name: 'All', exact: true }).click();
    await waitForCount(records, TYPES.length);
    await page.waitForURL(/history$/);
  });

  t.test('by words: a mail server’s reply', async (t) => {
    const { page, records } = await openHistory('o4@example.com');
    await page.getByRole('searchbox').pressSequentially('4F2A');
    await waitForCount(records, 1);
    t.strictSame(await typesOf(page), ['InvitationEmailSent']);
    await page.waitForURL(/\?text=4F2A$/);
    await page.getByRole('searchbox').fill('nothing of the kind');
    await page.getByRole('heading', { name: 'Nothing fits' }).waitFor();
    t.strictSame(await accessibilityFaults(page), []);
    await page.getByRole('button', { name: 'Clear search and filters' }).click();
    await waitForCount(records, TYPES.length);
    await page.waitForURL(/history$/);
  });

  t.test('by day, from midnight to midnight of the reader', async (t) => {
    const timezoneId = zoneOfOneDay();
    const { page, records } = await openHistory('o5@example.com', { timezoneId });
    const [today, yesterday] = [dayIn(timezoneId), dayIn(timezoneId, -1)];
    const asked = page.waitForRequest((request) => /audit-events\?.*from=/.test(request.url()));
    await page.getByLabel('From', { exact: true }).fill(today);
    const from = new URL((await asked).url()).searchParams.get('from') ?? '';
    t.equal(
      new Intl.DateTimeFormat('en-GB', { timeZone: timezoneId, timeStyle: 'short' }).format(new Date(from)),
      '00:00',
    );
    await page.waitForURL(/\?from=/);
    await waitForCount(records, TYPES.length);
    await page.getByLabel('To', { exact: true }).fill(today);
    await page.waitForURL(/&to=/);
    await waitForCount(records, TYPES.length);
    await page.getByLabel('From', { exact: true }).fill('');
    await page.getByLabel('To', { exact: true }).fill(yesterday);
    await waitForCount(records, 0);
    await page.waitForURL(new RegExp(`\\?to=${yesterday}$`));
    await page.reload();
    await page.getByRole('heading', { name: 'Nothing fits' }).waitFor();
    t.equal(await page.getByLabel('To', { exact: true }).inputValue(), yesterday);
  });

  t.test('by a person: a click on a name, and a chip to take it away', async (t) => {
    const { page, records, of, as, carla } = await openHistory('o6@example.com');
    await of('UserRemoved').getByRole('button', { name: 'Olivia Owner' }).click();
    await page.waitForURL(new RegExp(`\\?actor=${as.id}$`));
    await waitForCount(of('InvitationAccepted'), 0);
    t.ok((await typesOf(page)).includes('WorkspaceCreated'));
    await of('UserRemoved').getByRole('button', { name: 'carla.o6', exact: true }).click();
    await waitForCount(records, 2);
    t.strictSame(await typesOf(page), ['UserRemoved', 'UserInvited']);
    await page.waitForURL(`**actor=${as.id}&subject=${carla.id}`);
    t.strictSame(await accessibilityFaults(page), []);
    await page.reload();
    await page.getByText('About carla.o6').waitFor();
    await page.getByRole('button', { name: 'Remove the filter “By Olivia Owner”' }).click();
    await waitForCount(records, 3);
    t.strictSame(await typesOf(page), ['UserRemoved', 'InvitationAccepted', 'UserInvited']);
    await waitForFocus(page.getByRole('searchbox'));
  });

  t.test('it comes in pages', async (t) => {
    const { workspaceId, as, base, path } = await happen('o7@example.com');
    const recipients = Array.from({ length: 60 }, (_, index) => ({ email: `p${index}@example.com` }));
    await site.call(`POST ${base}/invitations/batch`, { as, body: { recipients } });
    await site.caughtUp();
    const page = await site.openAs('o7@example.com', path);
    await page.locator('.record').first().waitFor();
    await page.locator('.load-more').scrollIntoViewIfNeeded();
    await waitForCount(page.locator('.record'), 60 + TYPES.length);
    const ids = await page.locator('.record').evaluateAll((all) => all.map((one) => one.getAttribute('data-sequence')));
    t.equal(new Set(ids).size, 60 + TYPES.length, workspaceId);
  });

  t.test('the proof is downloaded, and proven offline by the hash that stands beside it', async (t) => {
    const { page } = await openHistory('o8@example.com', { permissions: ['clipboard-read', 'clipboard-write'] });
    await page.getByText(`${TYPES.length} records, newest hash`).waitFor();
    await page.getByRole('button', { name: 'Copy the hash' }).click();
    await page.getByText('The hash is in the clipboard').waitFor();
    const head = String(await page.evaluate('navigator.clipboard.readText()'));
    await page.getByText('How the proof is checked').click();
    t.match(await page.locator('pre.command').innerText(), `--head ${head}`);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download the proof (NDJSON)' }).click(),
    ]);
    t.match(download.suggestedFilename(), /^audit-\w+\.ndjson$/);
    const lines = (await readFile(await download.path(), 'utf8')).trimEnd().split('\n');
    async function* read() {
      yield* lines;
    }
    t.strictSame(await verifyExport(read(), head), { proven: true, records: TYPES.length });
  });

  t.test('the table is what is filtered, in the reader’s language', async (t) => {
    const { page } = await openHistory('o9@example.com', { locale: 'es', search: '?group=people' });
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Descargar lo filtrado (CSV)' }).click(),
    ]);
    const rows = (await readFile(await download.path(), 'utf8')).trimEnd().split('\n');
    t.equal(rows.length, 3);
    t.match(rows[2], 'Olivia Owner eliminó a carla.o9 del espacio de trabajo.');
  });

  t.test('the users tab of a record’s moment, before and after a removal, only to look at', async (t) => {
    const { page, of, workspaceId, carla, beforeRemoval } = await openHistory('o10@example.com');
    const row = page.locator(`[data-user="${carla.id}"]`);
    await of('InvitationAccepted').getByText('Details').click();
    await of('InvitationAccepted').getByRole('link', { name: 'Users at this moment' }).click();
    await row.getByText('Active', { exact: true }).waitFor();
    await page.getByText(/^The users as they stood on/).waitFor();
    await waitForCount(page.getByRole('checkbox'), 0);
    await row.getByRole('button', { name: 'Actions for carla.o10' }).click();
    await page.getByRole('menuitem', { name: 'Timeline' }).waitFor();
    await waitForCount(page.getByRole('menuitem'), 1);
    await page.getByRole('menuitem').click();
    await page.locator('dialog [data-type="removed"]').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    t.strictSame(await accessibilityFaults(page), []);

    await page.getByText('What changed since then').click();
    await page.locator('.changes').getByText('Active → Removed').waitFor();
    t.strictSame(await accessibilityFaults(page), []);
    await page.goBack();
    await of('UserRemoved').getByText('Details').click();
    await of('UserRemoved').getByRole('link', { name: 'Users at this moment' }).click();
    await page.locator('[data-user]').first().waitFor();
    await waitForCount(row, 0);

    await page.goto(`/workspaces/${workspaceId}/users?asOf=${beforeRemoval}`);
    await row.getByText('Active', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Back to now' }).click();
    await row.waitFor({ state: 'detached' });
    await page.getByText('2 people hold a seat').waitFor();
    await page.waitForURL(/users$/);
  });

  t.test('any moment of the past can be chosen, and none of the future', async (t) => {
    const { page, workspaceId } = await openHistory('o11@example.com', { timezoneId: 'America/Sao_Paulo' });
    await page.getByRole('button', { name: 'A week ago' }).click();
    await page.getByRole('heading', { name: 'Nobody was here then' }).waitFor();
    t.strictSame(await accessibilityFaults(page), []);
    await page.getByLabel('Moment').fill('2999-01-01T12:00:00');
    await page
      .locator('.as-of form')
      .evaluate((form) => ((form as unknown as { noValidate: boolean }).noValidate = true));
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await page.locator('[data-user]').first().waitFor();
    const asOf = new URL(page.url()).searchParams.get('asOf') ?? '';
    t.ok(Date.parse(asOf) <= Date.now(), asOf);
    await page.goto(`/workspaces/${workspaceId}/users?asOf=2020-01-01T15:00:00.000Z`);
    await page.getByText(/^The users as they stood on/).waitFor();
    t.equal(await page.getByLabel('Moment').inputValue(), '2020-01-01T12:00');
    await page.getByRole('link', { name: 'Users', exact: true }).click();
    await page.getByText('2 people hold a seat').waitFor();
    await page.goBack();
    await page.getByText(/^The users as they stood on/).waitFor();
  });

  t.test('a developer has no such tab, and is told so who comes by its address', async (t) => {
    const { as, workspaceId, path } = await happen('o12@example.com');
    const dev = await site.join(as, workspaceId, 'dev12@example.com');
    const page = await site.openAs(dev.email, `/workspaces/${workspaceId}/users`);
    await page.locator('[data-user]').first().waitFor();
    await page.getByRole('link', { name: 'Users', exact: true }).waitFor();
    await waitForCount(page.getByRole('link', { name: 'Audit history' }), 0);
    await page.goto(path);
    await page.getByRole('heading', { name: 'The audit history is for those who run the workspace' }).waitFor();
    t.strictSame(await accessibilityFaults(page), []);
    await page.getByRole('link', { name: 'Go to the users' }).click();
    await page.locator('[data-user]').first().waitFor();
  });

  const inWords = {
    'en-GB': 'Olivia Owner created the workspace “Acme”.',
    'pt-BR': 'Olivia Owner criou o espaço de trabalho “Acme”.',
    es: 'Olivia Owner creó el espacio de trabajo “Acme”.',
  };
  for (const [locale, words] of Object.entries(inWords)) {
    t.test(`${locale}: in words, on the smallest phone in the dark`, async (t) => {
      const viewport = { width: 320, height: 640 };
      const { page, of } = await openHistory(`words-${locale.toLowerCase()}@example.com`, {
        ...{ locale, viewport, colorScheme: 'dark' },
      });
      // It may be out of sight, and then the browser says that nothing of it is seen.
      t.match((await of('WorkspaceCreated').textContent())?.replace(/\s+/g, ' '), words);
      for (const summary of await page.locator('.side-card > summary').all()) await summary.click();
      await of('UserRemoved').locator('summary').click();
      await page.locator('.head code').waitFor();
      t.strictSame(await accessibilityFaults(page), []);
      await waitForNoOverflow(page);
      await of('UserRemoved').getByRole('link').click();
      await page.locator('[data-user]').first().waitFor();
      t.strictSame(await accessibilityFaults(page), []);
      await waitForNoOverflow(page);
    });
  }
});
