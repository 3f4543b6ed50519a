import { parseArgs } from 'node:util';

import { auditCommands } from './audit.js';
import { type CommandWords, EXIT, type ExitCode, type OperatorToken, type Stores, UsageError } from './command.js';
import { eventCommands } from './events.js';
import { tellFailure } from './failure.js';
import { type Commands, commandHelp, generalHelp } from './help.js';
import { mailCommands } from './mail.js';
import { operatorCommands } from './operators.js';
import { projectionCommands } from './projections.js';
import { reactorCommands } from './reactor.js';
import type { Terminal } from './terminal.js';

const COMMANDS: Commands = {
  projections: projectionCommands,
  reactor: reactorCommands,
  mail: mailCommands,
  events: eventCommands,
  audit: auditCommands,
  operators: operatorCommands,
};

const COMMON = { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const;

export interface Surroundings {
  readonly terminal: (json: boolean) => Terminal;
  readonly signal: AbortSignal;
  /** Opens the stores for a command, and closes them after it. */
  readonly withStores: <T>(action: (stores: Stores) => Promise<T>, access: Access) => Promise<T>;
  readonly operatorToken: OperatorToken;
}

export interface Access {
  /** What is only looked at is not brought to this release either. */
  readonly readsOnly: boolean;
}

/**
 * Does what a command line says.
 *
 * @param line its words, without the program
 * @returns the process' exit code; errors have been told
 */
export async function run(line: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { terminal, signal, withStores, operatorToken } = surroundings;
  const out = terminal(line.includes('--json'));
  try {
    const [group = '', name = ''] = line;
    const command = COMMANDS[group]?.[name];
    if (!command) return noCommand(line, out);
    const { values, positionals } = parse(command, line.slice(2));
    if (values['help'] === true) {
      out.print(commandHelp(`${group} ${name}`, command));
      return EXIT.done;
    }
    if (positionals.length !== command.arity) {
      throw new UsageError(`${group} ${name} is used so: ${group} ${name} ${command.synopsis}`);
    }
    const invocation = { terminal: out, signal, operatorToken, args: positionals, options: values };
    if ('runOffline' in command) return await command.runOffline(invocation);
    const { readsOnly = false } = command;
    return await withStores((stores) => command.run({ ...invocation, stores }), { readsOnly });
  } catch (error) {
    if (signal.aborted) return EXIT.interrupted;
    return tellFailure(error, out);
  }
}

function noCommand(line: readonly string[], terminal: Terminal): ExitCode {
  const asked = line.length === 0 || line.includes('--help') || line.includes('-h');
  if (!asked) throw new UsageError(`there is no command "${line.slice(0, 2).join(' ')}"; --help lists them`);
  terminal.print(generalHelp(COMMANDS));
  return line.length === 0 ? EXIT.usage : EXIT.done;
}

function parse(command: CommandWords, args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: { ...command.options, ...COMMON }, allowPositionals: true }) as {
      values: Record<string, string | boolean | undefined>;
      positionals: string[];
    };
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
