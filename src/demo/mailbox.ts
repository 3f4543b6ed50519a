import { setTimeout as delay } from 'node:timers/promises';

import type { Client } from './client.js';

export interface MailInInbox {
  readonly id: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly links: readonly string[];
}

const PATIENCE = 15_000;

/** Reads the mails of one person in the inbox of the service, as they would in their mail program. */
export class Mailbox {
  private readonly seen = new Set<string>();

  constructor(
    private readonly client: Client,
    private readonly address: string,
  ) {}

  /** Waits for the next mail that was not read yet. @throws when none comes within 15 seconds */
  async next(): Promise<MailInInbox> {
    const giveUpAt = Date.now() + PATIENCE;
    while (Date.now() < giveUpAt) {
      const path = `/inbox/messages?to=${encodeURIComponent(this.address)}`;
      const { body } = await this.client.request<{ items: MailInInbox[] }>('GET', path);
      const unread = body.items.find(({ id }) => !this.seen.has(id));
      if (unread) {
        this.seen.add(unread.id);
        return unread;
      }
      await delay(50);
    }
    throw new Error(`no mail for ${this.address} came within ${PATIENCE / 1000} seconds`);
  }
}

/** The token in the fragment of the link that begins with a path. */
export function tokenIn(mail: MailInInbox, path: string): string {
  const link = mail.links.find((candidate) => candidate.includes(`${path}#`));
  if (!link) throw new Error(`the mail "${mail.subject}" has no link to ${path}`);
  return link.slice(link.indexOf('#') + 1);
}
