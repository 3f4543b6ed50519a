import type { ReactorStanding } from '../reactor/reactor-standing.js';
import { type Command, EXIT } from './command.js';
import { duration, percent, table } from './table.js';

/** What can be asked of the reactor. */
export const reactorCommands: Readonly<Record<string, Command>> = {
  status: {
    synopsis: '',
    brief: 'how far it is, who leads it, and the queue',
    summary: 'How far the reactor is, who leads it, and how many jobs of each kind wait, run, or have given up.',
    examples: [
      ['reactor status', 'a table'],
      ['reactor status --json', 'the same for a program'],
    ],
    options: {},
    arity: 0,
    async run({ stores, terminal }) {
      const standing = await stores.reactor.status();
      terminal.print(terminal.json ? JSON.stringify(standing) : reactorText(standing));
      return EXIT.done;
    },
  },
};

function reactorText({ position, share, lagSeconds, newerThanLog, leader, queue }: ReactorStanding): string {
  const rows = queue.map(({ name, due, later, running, exhausted, oldestDueAt }) => [
    name,
    due,
    later,
    running,
    exhausted,
    oldestDueAt ?? '',
  ]);
  return [
    newerThanLog
      ? 'NEWER THAN THE LOG: one of the two was restored from a copy that does not fit the other.'
      : `At position ${position || 'START'}, ${percent(share)} of the log, ${duration(lagSeconds)} behind.`,
    leaderText(leader),
    '',
    table(['job', 'due', 'later', 'running', 'given up', 'longest due since'], rows),
  ].join('\n');
}

function leaderText(leader: ReactorStanding['leader']): string {
  if (!leader) return 'Nobody leads: no process runs it.';
  if (leader.since === null)
    return 'Led; from where and since when is for database roles with pg_read_all_stats to see.';
  return `Led from ${leader.address ?? 'this machine'} since ${leader.since}.`;
}
