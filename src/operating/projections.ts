import type { Comparison } from '../rebuilding/compare.js';
import type { Outcome } from '../rebuilding/rebuild.js';
import { type Command, EXIT, type ExitCode, type Invocation, UsageError } from './command.js';
import { comparisonText } from './comparison-text.js';
import { confirm, YES } from './confirm.js';
import { DECISION, decisionOf } from './decision.js';
import { parkedCommands } from './parked.js';
import { ProgressBar } from './progress-bar.js';
import { standingsText } from './standings-text.js';

const ON_DIFFERENCE = { 'switch-on-difference': { type: 'boolean' } } as const;

/** What can be done with projections. */
export const projectionCommands: Readonly<Record<string, Command>> = {
  list: {
    readsOnly: true,
    synopsis: '',
    summary: 'How every projection stands: its place in the log, what is built beside it, whether it is paused.',
    examples: [
      ['projections list', 'a table'],
      ['projections list --json', 'the same for a program'],
    ],
    options: {},
    arity: 0,
    async run({ stores, terminal }) {
      const standings = await stores.operations.list();
      terminal.print(terminal.json ? JSON.stringify(standings) : standingsText(standings));
      return EXIT.done;
    },
  },
  rebuild: {
    synopsis: 'NAME [--switch] [--switch-on-difference] [--restart --yes] [--reason TEXT] [--by WHO]',
    summary:
      'Builds the tables anew beside the live ones, from the start of the log, and compares them. Goes on where an earlier ' +
      'rebuild was cut off. With --switch, they take the place of the live ones if they are equal.',
    examples: [
      ['projections rebuild users-tab', 'build and compare; nothing is switched'],
      ['projections rebuild users-tab --switch', 'and switch if nothing differs'],
      ['projections rebuild users-tab --switch-on-difference', 'and switch even so, as for a new version'],
      ['projections rebuild users-tab --restart --yes', 'throw away what was built so far'],
    ],
    options: { switch: { type: 'boolean' }, restart: { type: 'boolean' }, ...ON_DIFFERENCE, ...DECISION, ...YES },
    arity: 1,
    async run(invocation) {
      const { options } = invocation;
      const restart = options['restart'] === true;
      if (restart) await confirm(invocation, 'This throws away what was built so far.');
      const switchOnDifference = options['switch-on-difference'] === true;
      return withProgress(invocation, 'next', ({ operations }, name, work) =>
        operations.rebuild(name, {
          ...work,
          restart,
          switch: options['switch'] === true || switchOnDifference,
          switchOnDifference,
        }),
      );
    },
  },
  switch: {
    synopsis: 'NAME [--switch-on-difference | --back] [--reason TEXT] [--by WHO]',
    summary:
      'Brings what was rebuilt up to date, compares it, and puts it in place of the live tables; with --back, the previous ' +
      'tables. Readers see the old or the new, without an error.',
    examples: [
      ['projections switch users-tab', 'after a rebuild without --switch'],
      ['projections switch users-tab --back', 'undo the last switch'],
    ],
    options: { back: { type: 'boolean' }, ...ON_DIFFERENCE, ...DECISION },
    arity: 1,
    async run(invocation) {
      const { options } = invocation;
      if (options['back'] === true) {
        return withProgress(invocation, 'previous', ({ operations }, name, work) => operations.switchBack(name, work));
      }
      const switchOnDifference = options['switch-on-difference'] === true;
      return withProgress(invocation, 'next', ({ operations }, name, work) =>
        operations.switch(name, { ...work, switchOnDifference }),
      );
    },
  },
  verify: {
    synopsis: 'NAME',
    summary: 'Proves that the live tables equal a fresh fold of the log, without touching them. Exits with 3 if not.',
    examples: [['projections verify users-tab', 'after a restore, or once a week']],
    options: {},
    arity: 1,
    async run(invocation) {
      const { terminal } = invocation;
      let comparison: Comparison | undefined;
      const code = await withProgress(invocation, 'fresh', async ({ operations }, name, work) => {
        comparison = await operations.verify(name, work);
        return comparison ? { state: 'built', comparison } : { state: 'interrupted' };
      });
      if (code === EXIT.done && !terminal.json) terminal.print('The live tables are what the log says.');
      return code;
    },
  },
  drop: {
    synopsis: 'NAME (--next | --previous | --check) [--yes] [--reason TEXT] [--by WHO]',
    summary:
      'Removes tables that are not live: those being built, those of before the last switch, or what a verify that was killed ' +
      'left behind.',
    examples: [['projections drop users-tab --previous --yes', 'once nobody will want to go back']],
    options: {
      next: { type: 'boolean' },
      previous: { type: 'boolean' },
      check: { type: 'boolean' },
      ...DECISION,
      ...YES,
    },
    arity: 1,
    async run(invocation) {
      const { args, options, stores, terminal, signal } = invocation;
      const [name = ''] = args;
      const [slot, ...others] = (['next', 'previous', 'check'] as const).filter((each) => options[each] === true);
      if (!slot || others.length > 0) throw new UsageError('say which tables to drop: --next, --previous or --check');
      await confirm(invocation, `This removes the ${slot} tables of ${name} for good.`);
      await stores.operations.drop(name, slot, { signal, ...decisionOf(invocation) });
      terminal.print(
        terminal.json ? JSON.stringify({ state: 'dropped', slot }) : `Dropped the ${slot} tables of ${name}.`,
      );
      return EXIT.done;
    },
  },
  pause: {
    synopsis: 'NAME [--reason TEXT] [--by WHO]',
    summary:
      'Stops a projection in every instance until it is resumed. Commands and mails go on; its rows stay as they are.',
    examples: [['projections pause users-tab --reason "the disk is being replaced"', 'while somebody looks into it']],
    options: DECISION,
    arity: 1,
    run: (invocation) => pauseOrResume(invocation, 'pause'),
  },
  resume: {
    synopsis: 'NAME [--reason TEXT] [--by WHO]',
    summary: 'Lets a paused projection go on from where it was, within a second or so.',
    examples: [['projections resume users-tab', '']],
    options: DECISION,
    arity: 1,
    run: (invocation) => pauseOrResume(invocation, 'resume'),
  },
  ...parkedCommands,
};

async function pauseOrResume(invocation: Invocation, what: 'pause' | 'resume'): Promise<ExitCode> {
  const { args, stores, terminal } = invocation;
  const [name = ''] = args;
  const changed = await stores.operations[what](name, decisionOf(invocation));
  const state = what === 'pause' ? 'paused' : 'resumed';
  if (terminal.json) terminal.print(JSON.stringify({ state, changed }));
  else
    terminal.print(changed ? `${name} is ${state}.` : `${name} was ${state === 'paused' ? 'paused' : 'not paused'}.`);
  return EXIT.done;
}

type Work = Pick<Invocation, 'signal'> & ReturnType<typeof decisionOf> & { readonly onProgress: ProgressBar['show'] };

/** Runs something that takes its time, and tells what came of it. @param built what the tables compared with are called */
async function withProgress(
  invocation: Invocation,
  built: string,
  action: (stores: Invocation['stores'], name: string, work: Work) => Promise<Outcome>,
): Promise<ExitCode> {
  const { stores, terminal, signal, args } = invocation;
  const [name = ''] = args;
  const bar = new ProgressBar(name, terminal);
  const outcome = await action(stores, name, { signal, ...decisionOf(invocation), onProgress: bar.show }).finally(() =>
    bar.end(),
  );
  if (terminal.json) terminal.print(JSON.stringify(outcome));
  if (outcome.state === 'interrupted') {
    if (!terminal.json) terminal.note('Interrupted. The same command goes on from here.\n');
    return EXIT.interrupted;
  }
  const { state, comparison } = outcome;
  if (!terminal.json) {
    terminal.print(comparisonText(comparison, built));
    if (state === 'switched')
      terminal.print(`Switched ${name}. The tables of before are kept: drop them, or switch --back.`);
  }
  return state === 'switched' || comparison.equal ? EXIT.done : EXIT.differs;
}
