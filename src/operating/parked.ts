import { userInfo } from 'node:os';

import type { ParkedCount, ParkedStream } from '../projecting/parking.js';
import type { Retried, SkippedEvent } from '../rebuilding/parked-events.js';
import { type Command, EXIT, type ExitCode, type Invocation, UsageError } from './command.js';
import { confirm, YES } from './confirm.js';
import { count } from './table.js';

/** What can be done about events that could not be projected. */
export const parkedCommands: Readonly<Record<string, Command>> = {
  retry: {
    synopsis: 'NAME [--stream S]',
    summary:
      'Projects what is parked, each stream in its order, once what failed at it has been mended. A stream that fails again ' +
      'waits on and holds up no other; then the exit code is 5.',
    examples: [
      ['projections retry users-tab', 'everything that is parked'],
      ['projections retry users-tab --stream account-2f…', 'one stream'],
    ],
    options: { stream: { type: 'string' } },
    arity: 1,
    async run(invocation) {
      const { args, options, stores, terminal, signal } = invocation;
      const [name = ''] = args;
      const stream = text(options['stream']);
      const retried = await stores.operations.retry(name, { signal, ...(stream === undefined ? {} : { stream }) });
      if (terminal.json) terminal.print(JSON.stringify(retried));
      return toldOf(retried, invocation);
    },
  },
  skip: {
    synopsis: 'NAME --stream S --reason TEXT [--by WHO] [--yes]',
    summary:
      'Leaves out the first parked event of a stream for good, here and in every rebuild, and projects what waits behind it. ' +
      'Who decided so, when and why is kept and shown.',
    examples: [['projections skip users-tab --stream account-2f… --reason "a test of ours, no such person" --yes', '']],
    options: { stream: { type: 'string' }, reason: { type: 'string' }, by: { type: 'string' }, ...YES },
    arity: 1,
    async run(invocation) {
      const { args, options, stores, terminal, signal } = invocation;
      const [name = ''] = args;
      const stream = text(options['stream']);
      const reason = text(options['reason']);
      if (stream === undefined || reason === undefined) throw new UsageError('say --stream, and why with --reason');
      await confirm(invocation, `This leaves the first parked event of ${stream} out of ${name} for good.`);
      const by = text(options['by']) ?? userInfo().username;
      const { skipped, retried } = await stores.operations.skip(name, { signal, stream, reason, by });
      if (terminal.json) terminal.print(JSON.stringify({ skipped, retried }));
      else terminal.print(`Skipped ${eventText(skipped)}.`);
      return toldOf(retried, invocation);
    },
  },
};

function toldOf({ state, events, failures }: Retried, { terminal }: Invocation): ExitCode {
  if (!terminal.json) {
    terminal.print(`${count(events)} parked events were projected.`);
    for (const failure of failures) terminal.note(`Failed again: ${JSON.stringify(failure, null, 2)}\n`);
    if (state === 'interrupted') terminal.note('Interrupted. The same command goes on from here.\n');
  }
  if (failures.length > 0) return EXIT.poison;
  return state === 'interrupted' ? EXIT.interrupted : EXIT.done;
}

function text(option: string | boolean | undefined): string | undefined {
  return typeof option === 'string' && option.trim() !== '' ? option.trim() : undefined;
}

/** How much is parked, in a few words; nothing where nothing is. */
export function parkedText({ streams, events }: ParkedCount): string {
  if (streams === 0) return '';
  return `${count(events)} ${events === 1 ? 'event' : 'events'} of ${count(streams)} ${streams === 1 ? 'stream' : 'streams'}`;
}

/** A parked stream in a line. */
export function parkedStreamText({ events, first, failure, tries }: ParkedStream): string {
  const why = failure ? `${failure.handler}: ${failure.reason} (tried ${tries}x)` : 'not tried yet';
  return `PARKED ${eventText(first)}, ${count(events)} waiting: ${why}`;
}

/** A skipped event in a line. */
export function skippedText(skipped: SkippedEvent): string {
  return `skipped ${eventText(skipped)} at ${skipped.at} by ${skipped.by}: ${skipped.reason}`;
}

function eventText({ type, stream, revision }: Pick<SkippedEvent, 'type' | 'stream' | 'revision'>): string {
  return `${type}, revision ${revision} of ${stream}`;
}
