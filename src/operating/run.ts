import { auditCommands } from './audit.js';
import { EXIT, type ExitCode, type OperatorToken, type Stores, UsageError } from './command.js';
import { type CommandLine, readLine } from './command-line.js';
import { eventCommands } from './events.js';
import { tellFailure } from './failure.js';
import { type Commands, commandHelp, generalHelp, groupHelp } from './help.js';
import { mailCommands } from './mail.js';
import { operatorCommands } from './operators.js';
import { projectionCommands } from './projections.js';
import { reactorCommands } from './reactor.js';
import type { Terminal } from './terminal.js';

/** All that the tool can do. */
export const COMMANDS: Commands = {
  projections: projectionCommands,
  reactor: reactorCommands,
  mail: mailCommands,
  events: eventCommands,
  audit: auditCommands,
  operators: operatorCommands,
};

export interface Surroundings {
  /** How the tool is called: for its help. */
  readonly program: string;
  /** The release. */
  readonly version: string;
  readonly terminal: (json: boolean) => Terminal;
  readonly signal: AbortSignal;
  /** Opens the stores for a command, and closes them after it. */
  readonly withStores: <T>(action: (stores: Stores) => Promise<T>) => Promise<T>;
  readonly operatorToken: OperatorToken;
  /** Where what takes long is to be done by another process: has the same done by that. @returns its exit code */
  readonly apart: (() => Promise<number>) | undefined;
}

/**
 * Does what a command line says.
 *
 * @param words its words, without the program
 * @returns the process' exit code; errors have been told
 */
export async function run(words: readonly string[], surroundings: Surroundings): Promise<number> {
  const { terminal, signal } = surroundings;
  const out = terminal(words.includes('--json'));
  try {
    const line = readLine(COMMANDS, words);
    return line.asks === 'command' ? await carryOut(line, out, surroundings) : answer(line, out, surroundings);
  } catch (error) {
    if (signal.aborted) return EXIT.interrupted;
    return tellFailure(error, out);
  }
}

async function carryOut(
  { name, command, args, options }: CommandLine & { asks: 'command' },
  terminal: Terminal,
  { signal, withStores, operatorToken, apart }: Surroundings,
): Promise<number> {
  if (args.length !== command.arity) {
    const takes = command.arity === 0 ? 'no argument' : 'one argument';
    throw new UsageError(`${name} takes ${takes} besides its options: ${`${name} ${command.synopsis}`.trimEnd()}`);
  }
  const invocation = { terminal, signal, operatorToken, args, options };
  if ('runOffline' in command) return command.runOffline(invocation);
  if (command.takesLong && apart) return apart();
  return withStores((stores) => command.run({ ...invocation, stores }));
}

/** What needs no store: help, and the release. */
function answer(
  line: Exclude<CommandLine, { asks: 'command' }>,
  { print }: Terminal,
  { program, version }: Surroundings,
): ExitCode {
  if (line.asks === 'version') print(version);
  else if (line.command) print(commandHelp(line.name, line.command, program));
  else if (line.group) print(groupHelp(line.name, line.group, program));
  else print(generalHelp(COMMANDS, program));
  return line.asks === 'nothing' ? EXIT.usage : EXIT.done;
}
