import type { Retried } from '../rebuilding/replay.js';
import { type Command, EXIT, type ExitCode, type Invocation, UsageError } from './command.js';
import { confirm, YES } from './confirm.js';
import { DECISION, decisionOf } from './decision.js';
import { entryText } from './journal-text.js';
import { countOption, textOption } from './options.js';
import { eventText, poisonText } from './parked-text.js';
import { count } from './table.js';

/** What can be done about events that could not be projected. */
export const parkedCommands: Readonly<Record<string, Command>> = {
  retry: {
    synopsis: 'NAME [--stream S] [--reason TEXT] [--by WHO]',
    brief: 'projects what is parked, once what failed at it has been mended',
    summary:
      'Projects what is parked, each stream in its order, once what failed at it has been mended. A stream that fails again ' +
      'waits on and holds up no other; then the exit code is 5.',
    examples: [
      ['projections retry users-tab', 'everything that is parked'],
      ['projections retry users-tab --stream account-2f… --reason "mended in 1.4"', 'one stream'],
    ],
    options: { stream: { type: 'string', value: 'S', does: 'only what is parked of this stream' }, ...DECISION },
    arity: 1,
    async run(invocation) {
      const { args, options, stores, terminal, signal } = invocation;
      const [name = ''] = args;
      const stream = textOption(options, 'stream');
      const retried = await stores.operations.retry(name, {
        signal,
        ...decisionOf(invocation),
        ...(stream === undefined ? {} : { stream }),
      });
      if (terminal.json) terminal.print(JSON.stringify(retried));
      return toldOf(retried, invocation);
    },
  },
  skip: {
    synopsis: 'NAME --stream S --reason TEXT [--by WHO] [--yes]',
    brief: 'leaves out the first parked event of a stream, for good',
    summary:
      'Leaves out the first parked event of a stream for good, here and in every rebuild, and projects what waits behind it. ' +
      'Who decided so, when and why is kept and shown.',
    examples: [['projections skip users-tab --stream account-2f… --reason "a test of ours, no such person" --yes', '']],
    options: {
      stream: { type: 'string', value: 'S', does: 'the parked stream, as projections list names it' },
      ...DECISION,
      ...YES,
    },
    arity: 1,
    async run(invocation) {
      const { args, options, stores, terminal, signal } = invocation;
      const [name = ''] = args;
      const stream = textOption(options, 'stream');
      const { by, reason } = decisionOf(invocation);
      if (stream === undefined || reason === undefined) throw new UsageError('say --stream, and why with --reason');
      await confirm(invocation, `This leaves the first parked event of ${stream} out of ${name} for good.`);
      const { skipped, retried } = await stores.operations.skip(name, { signal, stream, reason, by });
      if (terminal.json) terminal.print(JSON.stringify({ skipped, retried }));
      else terminal.print(`Skipped ${eventText(skipped)}.`);
      return toldOf(retried, invocation);
    },
  },
  unskip: {
    synopsis: 'NAME --event ID --reason TEXT [--by WHO]',
    brief: 'takes that back; the event is in the tables once they have been rebuilt',
    summary:
      'Takes back that an event is left out. The live tables stay as they are: rebuild them, and the event is in. Who decided ' +
      'so, when and why is kept, with what was said when it was skipped.',
    examples: [['projections unskip users-tab --event 0b9f… --reason "the handler deals with it since 1.4"', '']],
    options: {
      event: { type: 'string', value: 'ID', does: 'the id of the event, as projections list shows it' },
      ...DECISION,
    },
    arity: 1,
    async run(invocation) {
      const { args, options, stores, terminal, signal } = invocation;
      const [name = ''] = args;
      const event = textOption(options, 'event');
      const { by, reason } = decisionOf(invocation);
      if (event === undefined || reason === undefined) throw new UsageError('say --event, and why with --reason');
      const withdrawn = await stores.operations.withdrawSkip(name, { signal, event, by, reason });
      terminal.print(
        terminal.json
          ? JSON.stringify({ state: 'withdrawn', event: withdrawn })
          : `${eventText(withdrawn)} is skipped no longer. To have it in the tables: projections rebuild ${name} --switch-on-difference`,
      );
      return EXIT.done;
    },
  },
  log: {
    synopsis: 'NAME [--limit N]',
    brief: 'who did what with it, when and why',
    summary: 'Who paused, switched, dropped, retried or skipped what, when and why; the newest first.',
    examples: [['projections log users-tab', 'the last 50 acts']],
    options: { limit: { type: 'string', value: 'N', does: 'so many acts; 50 where it is absent' } },
    arity: 1,
    async run({ args, options, stores, terminal }) {
      const [name = ''] = args;
      const entries = await stores.operations.journal(name, countOption(options, 'limit') ?? 50);
      terminal.print(terminal.json ? JSON.stringify(entries) : entries.map(entryText).join('\n') || 'Nothing yet.');
      return EXIT.done;
    },
  },
};

function toldOf({ state, events, failures }: Retried, { terminal }: Invocation): ExitCode {
  if (!terminal.json) {
    terminal.print(`${count(events)} parked ${events === 1 ? 'event was' : 'events were'} projected.`);
    for (const failure of failures) terminal.note(`Failed again at ${poisonText(failure)}\n`);
    if (state === 'interrupted') terminal.note('Interrupted. The same command goes on from here.\n');
  }
  if (failures.length > 0) return EXIT.poison;
  return state === 'interrupted' ? EXIT.interrupted : EXIT.done;
}
