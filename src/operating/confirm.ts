import { type Invocation, UsageError } from './command.js';

export const YES = { yes: { type: 'boolean', does: 'does not ask whether that is meant' } } as const;

/** Asks a person, and wants `--yes` of a script. */
export async function confirm({ options, terminal }: Invocation, what: string): Promise<void> {
  if (options['yes'] === true) return;
  if (!terminal.interactive) throw new UsageError(`${what} Say --yes if that is meant.`);
  const answer = await terminal.ask(`${what} Go on? [y/N] `);
  if (!/^y(es)?$/i.test(answer.trim())) throw new UsageError('Nothing was changed.');
}
