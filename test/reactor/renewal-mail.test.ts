import { fileURLToPath } from 'node:url';
import t from 'tap';

import { createMailer } from '../../src/mail/mailer.js';
import { loadTemplates } from '../../src/mail/render.js';
import { createMails } from '../../src/reactor/mails.js';
import { createTasks } from '../../src/reactor/tasks.js';
import { Worker } from '../../src/reactor/worker.js';
import { startReceivingServer } from '../mail/receiving-server.js';
import { contextOf, linkOf, openTestCore } from '../support/core.js';
import { silent } from '../support/silent-logger.js';
import { until } from '../support/until.js';

const test = await openTestCore(t, { followers: true });
const { core } = test;
const { invitations, pool, liveness } = core;
const { workspaceId, ownerId } = await test.foundWorkspace();

const server = await startReceivingServer();
t.teardown(() => server.close());
const mailer = createMailer({ smtpUrl: server.url, from: 'Invitations <invitations@example.com>', logger: silent });
t.teardown(() => mailer.close());
const mails = createMails({
  ...core,
  mailer,
  templates: await loadTemplates(fileURLToPath(new URL('../../templates/compiled/', import.meta.url))),
  publicUrl: 'https://invitations.example.com',
  senderDomain: 'example.com',
  defaultLocale: 'en',
});
const outcomes: string[] = [];
const observer = { mail: (kind: string, outcome: string) => void outcomes.push(`${kind} ${outcome}`) };
const tasks = createTasks({ ...core, mails, logger: silent, observer, housekeeping: async () => {} });

/** Inês asks for a new link in place of one that expired long ago. */
async function askFor(email: string, times = 1) {
  const ines = { ...test.invitee(email), name: 'Inês http://example.org' };
  const then = contextOf(ownerId, '2020-01-01T12:00:00.000Z');
  const link = linkOf(await invitations.invite(workspaceId, ownerId, ines, then));
  for (let i = 0; i < times; i++) await invitations.requestRenewal(link, contextOf(ines.userId));
  await test.caughtUp();
}

const mailsAbout = (email: string) =>
  server.received.map(({ to, parsed }) => ({ to, parsed })).filter(({ parsed }) => parsed.subject?.includes(email));

t.test('the inviter is mailed once, however often a new link is asked for', async (t) => {
  const worker = new Worker({ pool, liveness, tasks, logger: silent, concurrency: 4 });
  await worker.start();
  t.teardown(() => worker.stop());
  await askFor('ines@example.com', 3);
  const [mail, ...others] = await until(async () => {
    const found = mailsAbout('ines@example.com');
    return found.length > 0 && found;
  }, 'the inviter is mailed');
  await until(async () => outcomes.length > 0, 'it is counted');
  t.strictSame(others, []);
  t.strictSame(outcomes, ['renewal-request sent']);
  t.strictSame(mail?.to, ['owner@example.com']);
  t.equal(mail?.parsed.subject, 'ines@example.com asks for a new link to Acme');
  const text = mail?.parsed.text ?? '';
  t.match(text, `https://invitations.example.com/workspaces/${workspaceId}/users?search=ines%40example.com`);
  t.notMatch(text, 'example.org', 'a name holds no link');
});

t.test('while the mail server takes none the queue tries again, and a repetition is the same mail', async (t) => {
  const query = `select payload from graphile_worker._private_jobs where key like 'send-renewal-request:%'`;
  await askFor('ida@example.com');
  const { rows } = await pool.query(query);
  const send = () => tasks['send-renewal-request'](rows[0].payload);
  server.refuse({ at: 'RCPT', reply: '450 4.2.1 Come back later' });
  await t.rejects(send(), { message: /cannot take/ });
  server.refuse({ at: 'RCPT', reply: '550 5.1.1 No such person' });
  await send();
  server.refuse(undefined);
  await send();
  await send();
  const ids = mailsAbout('ida@example.com').map(({ parsed }) => parsed.messageId);
  t.strictSame([ids.length, new Set(ids).size], [2, 1]);
});
