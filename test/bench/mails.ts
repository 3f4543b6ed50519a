import { randomUUID } from 'node:crypto';
import type { Client } from '../../src/demo/client.js';
import { createMailer } from '../../src/mail/mailer.js';
import type { MailTrap } from '../support/mail-trap.js';
import { silent } from '../support/silent-logger.js';
import { until } from '../support/until.js';
import { foundWorkspace, type Setting, startService } from './setting.js';
import { type Figure, percentile, round } from './table.js';

const SINGLES = 200;
const MANY = 5_000;
const WARM_UP = 2_000;

/** Batches, and how fast mails follow. */
export async function measureMails(setting: Setting, store: string): Promise<Figure[]> {
  const { trap } = setting;
  const service = await startService(setting);
  try {
    const { client, accessToken, workspaceId } = await foundWorkspace(service, trap);
    const invitations = `/v1/workspaces/${workspaceId}/invitations`;
    const delays = await delaysToMail(client, accessToken, invitations, trap.mails);

    /** @returns milliseconds until the answer, and mails a second from the first to the last */
    const inviteMany = async (count: number) => {
      const people = Array.from({ length: count }, (_, i) => `Person ${i} <p${i}.${randomUUID()}@example.com>`);
      const before = trap.mails.length;
      const startedAt = performance.now();
      const body = { recipients: people.join('\n') };
      await client.request('POST', `${invitations}/batch`, { accessToken, body });
      const answered = performance.now() - startedAt;
      await until(() => trap.mails.length >= before + count, 'every mail has come', 120_000);
      const [first, last] = [trap.mails[before]?.at ?? 0, trap.mails.at(-1)?.at ?? 0];
      return { answered, rate: (count - 1) / ((last - first) / 1000) };
    };
    await inviteMany(WARM_UP);
    const { answered, rate } = await inviteMany(MANY);
    const bare = await bareMailRate(trap);
    const [p50, p99] = [percentile(delays, 0.5), percentile(delays, 0.99)];
    return [
      {
        what: `answer to mail server's 250, idle, ${store}`,
        value: `p50 ${round(p50)} ms, p99 ${round(p99)} ms`,
        limit: 'p50 < 30 ms, p99 < 100 ms',
        holds: p50 < 30 && p99 < 100,
      },
      {
        what: `batch of ${round(MANY)} pasted addresses, ${store}`,
        value: `${round(answered / 1000, 2)} s`,
        limit: '< 2 s to the answer',
        holds: answered < 2_000,
      },
      {
        what: `sustained mails, ${store}`,
        value: `${round(rate)}/s, ${round(rate / bare, 2)} of the bare loop's ${round(bare)}/s`,
        limit: '≥ 0.7 of a bare pooled nodemailer loop',
        holds: rate / bare >= 0.7,
      },
    ];
  } finally {
    await service.stop();
  }
}

async function delaysToMail(
  client: Client,
  accessToken: string,
  path: string,
  mails: readonly { readonly to: string; readonly at: number }[],
): Promise<number[]> {
  const delays: number[] = [];
  for (let i = 0; i < SINGLES; i++) {
    const email = `single${i}.${randomUUID()}@example.com`;
    await client.request('POST', path, { accessToken, body: { email, role: 'developer' } });
    const answeredAt = performance.now();
    const { at } = await until(() => mails.find(({ to }) => to === email), 'the mail has come');
    delays.push(Math.max(0, at - answeredAt));
  }
  return delays;
}

/** The limit: the same mail, made once, by the same mailer in a loop with nothing around it. */
async function bareMailRate({ url: smtpUrl, mails }: MailTrap): Promise<number> {
  const { subject = '', text = '', html } = (await mails.at(-1)?.parse()) ?? {};
  const mail = { subject, text, html: String(html) };
  const mailer = createMailer({ smtpUrl, from: 'Bench <bench@example.com>', logger: silent, connections: 20 });
  const sendMany = async (count: number) => {
    const startedAt = performance.now();
    await Promise.all(
      Array.from({ length: count }, (_, i) =>
        mailer.send({
          ...mail,
          to: { address: `bare${i}@example.com` },
          messageId: `<${randomUUID()}@example.com>`,
        }),
      ),
    );
    return count / ((performance.now() - startedAt) / 1000);
  };
  await sendMany(WARM_UP);
  const rate = await sendMany(MANY);
  await mailer.close();
  return rate;
}
