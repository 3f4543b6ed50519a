import type { QueuedMail } from '../reactor/queue.js';
import { type Command, EXIT, type OfflineCommand } from './command.js';
import { preview } from './mail-preview.js';
import { countOption } from './options.js';
import { count, table } from './table.js';

/** How many mails are shown unless another number is asked for. */
const SHOWN = 50;

/** What can be done about mails that wait, and what mails look like. */
export const mailCommands: Readonly<Record<string, Command | OfflineCommand>> = {
  preview,
  queue: {
    synopsis: '[--limit N]',
    brief: 'the mails that wait, with what went wrong last',
    summary: 'The mails that wait, those first that are due first, with what went wrong last. No address is shown.',
    examples: [
      ['mail queue', `the first ${SHOWN}`],
      ['mail queue --limit 1000 --json', 'more of them, for a program'],
    ],
    options: { limit: { type: 'string', value: 'N', does: `so many mails; ${SHOWN} where it is absent` } },
    arity: 0,
    async run({ stores, terminal, options }) {
      const mails = await stores.reactor.mails(countOption(options, 'limit') ?? SHOWN);
      if (terminal.json) terminal.print(JSON.stringify(mails));
      else terminal.print(mails.length === 0 ? 'No mail waits.' : mailsText(mails));
      return EXIT.done;
    },
  },
  retry: {
    synopsis: '[--job ID]',
    brief: 'makes mails that wait due now',
    summary: 'Makes mails that wait for a later attempt, or that were given up, due now: once a mail server is back.',
    examples: [
      ['mail retry', 'all of them'],
      ['mail retry --job 4711', 'one, by its number in mail queue'],
    ],
    options: { job: { type: 'string', value: 'ID', does: 'only this one, by its number in mail queue' } },
    arity: 0,
    async run({ stores, terminal, options }) {
      const due = await stores.reactor.retryMails(countOption(options, 'job'));
      terminal.print(terminal.json ? JSON.stringify({ due }) : dueText(due));
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

function dueText(due: number): string {
  if (due === 0) return 'Nothing to be done: no such mail waits for a later attempt.';
  return due === 1 ? 'One mail is due now.' : `${count(due)} mails are due now.`;
}
