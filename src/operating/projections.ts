import { type Command, EXIT, type ExitCode, type Invocation, UsageError } from './command.js';
import { confirm, YES } from './confirm.js';
import { DECISION, decisionOf } from './decision.js';
import { parkedCommands } from './parked.js';
import { pauseText, standingsText } from './standings-text.js';
import { withProgress } from './with-progress.js';

const ON_DIFFERENCE = {
  'switch-on-difference': { type: 'boolean', does: 'switches even where the tables differ, as for a new version' },
} as const;

/** What can be done with projections. */
export const projectionCommands: Readonly<Record<string, Command>> = {
  list: {
    synopsis: '',
    brief: 'how each stands: its place in the log, what is built, parked or paused',
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
    brief: 'builds it anew beside the live tables, compares, and switches where asked',
    summary:
      'Builds the tables anew beside the live ones, from the start of the log, and compares them. Goes on where an earlier ' +
      'rebuild was cut off. With --switch, they take the place of the live ones if they are equal.',
    examples: [
      ['projections rebuild users-tab', 'build and compare; nothing is switched'],
      ['projections rebuild users-tab --switch', 'and switch if nothing differs'],
      ['projections rebuild users-tab --switch-on-difference', 'and switch even so, as for a new version'],
      ['projections rebuild users-tab --restart --yes', 'throw away what was built so far'],
    ],
    options: {
      switch: { type: 'boolean', does: 'puts them in place of the live ones if they are equal' },
      ...ON_DIFFERENCE,
      restart: { type: 'boolean', does: 'throws away what was built so far' },
      ...YES,
      ...DECISION,
    },
    arity: 1,
    takesLong: true,
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
    brief: 'puts what was rebuilt, or the tables of before, in place of the live ones',
    summary:
      'Brings what was rebuilt up to date, compares it, and puts it in place of the live tables; with --back, the previous ' +
      'tables. Readers see the old or the new, without an error.',
    examples: [
      ['projections switch users-tab', 'after a rebuild without --switch'],
      ['projections switch users-tab --back', 'undo the last switch'],
    ],
    options: {
      back: { type: 'boolean', does: 'puts the tables of before the last switch in place again' },
      ...ON_DIFFERENCE,
      ...DECISION,
    },
    arity: 1,
    takesLong: true,
    async run(invocation) {
      const { options } = invocation;
      if (options['back'] === true) {
        if (options['switch-on-difference'] === true) {
          throw new UsageError('going back asks for no equality: give --back or --switch-on-difference, not both');
        }
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
    brief: 'proves that the live tables are what the log says',
    summary: 'Proves that the live tables equal a fresh fold of the log, without touching them. Exits with 3 if not.',
    examples: [['projections verify users-tab', 'after a restore, or once a week']],
    options: {},
    arity: 1,
    takesLong: true,
    run: (invocation) =>
      withProgress(invocation, 'fresh', async ({ operations }, name, work) => {
        const comparison = await operations.verify(name, work);
        return comparison ? { state: 'built', comparison } : { state: 'interrupted' };
      }),
  },
  drop: {
    synopsis: 'NAME (--next | --previous | --check) [--yes] [--reason TEXT] [--by WHO]',
    brief: 'removes tables that are not live',
    summary:
      'Removes tables that are not live: those being built, those of before the last switch, or what a verify that was killed ' +
      'left behind.',
    examples: [['projections drop users-tab --previous --yes', 'once nobody will want to go back']],
    options: {
      next: { type: 'boolean', does: 'those that are being built, or were built and not switched' },
      previous: { type: 'boolean', does: 'those of before the last switch' },
      check: { type: 'boolean', does: 'those that a verify left behind which was killed' },
      ...YES,
      ...DECISION,
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
    brief: 'stops it in every instance until it is resumed',
    summary:
      'Stops a projection in every instance until it is resumed. Commands and mails go on; its rows stay as they are.',
    examples: [['projections pause users-tab --reason "the disk is being replaced"', 'while somebody looks into it']],
    options: DECISION,
    arity: 1,
    run: (invocation) => pauseOrResume(invocation, 'pause'),
  },
  resume: {
    synopsis: 'NAME [--reason TEXT] [--by WHO]',
    brief: 'lets it go on',
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
  else if (changed) terminal.print(`${name} is ${state}.`);
  else {
    const paused = (await stores.operations.list()).find((each) => each.name === name)?.paused;
    terminal.print(paused ? `${name} has been paused ${pauseText(paused)}` : `${name} was not paused.`);
  }
  return EXIT.done;
}
