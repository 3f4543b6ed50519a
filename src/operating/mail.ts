import type { QueuedMail } from '../reactor/queue.js';
import { type Command, EXIT, type OfflineCommand, UsageError } from './command.js';
import { preview } from './mail-preview.js';
import { count, table } from './table.js';

/** How many mails are shown unless another number is asked for. */
const SHOWN = 50;

/** What can be done about mails that wait, and what mails look like. */
export const mailCommands: Readonly<Record<string, Command | OfflineCommand>> = {
  preview,
  queue: {
    readsOnly: true,
    synopsis: '[--limit N]',
    summary: 'The mails that wait, those first that are due first, with what went wrong last. No address is shown.',
    examples: [
      ['mail queue', `the first ${SHOWN}`],
      ['mail queue --limit 1000 --json', 'more of them, for a program'],
    ],
    options: { limit: { type: 'string' } },
    arity: 0,
    async run({ stores, terminal, options }) {
      const mails = await stores.reactor.mails(wholeNumber(options['limit'] ?? String(SHOWN), '--limit'));
      if (terminal.json) terminal.print(JSON.stringify(mails));
      else terminal.print(mails.length === 0 ? 'No mail waits.' : mailsText(mails));
      return EXIT.done;
    },
  },
  retry: {
    synopsis: '[--job ID]',
    summary: 'Makes mails that wait for a later attempt, or that were given up, due now: once a mail server is back.',
    examples: [
      ['mail retry', 'all of them'],
      ['mail retry --job 4711', 'one, by its number in mail queue'],
    ],
    options: { job: { type: 'string' } },
    arity: 0,
    async run({ stores, terminal, options }) {
      const { job } = options;
      const due = await stores.reactor.retryMails(job === undefined ? undefined : wholeNumber(job, '--job'));
      terminal.print(terminal.json ? JSON.stringify({ due }) : `${count(due)} mails are due now.`);
      return EXIT.done;
    },
  },
};

function mailsText(mails: readonly QueuedMail[]): string {
  const rows = mails.map(({ id, name, invitationId, issue, attempt, dueAt, running, tries, mostTries, lastError }) => [
    String(id),
    name,
    invitationId === null ? '' : `${invitationId} (issue ${issue}${attempt === null ? '' : `, attempt ${attempt}`})`,
    running ? 'running' : dueAt,
    `${tries}/${mostTries}`,
    lastError ?? '',
  ]);
  return table(['job', 'kind', 'invitation', 'due', 'tries', 'last error'], rows);
}

function wholeNumber(value: string | boolean, option: string): number {
  const number = Number(value);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new UsageError(`${option} takes a whole number above 0`);
}
