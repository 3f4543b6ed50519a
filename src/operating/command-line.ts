import { parseArgs } from 'node:util';

import { type Command, type CommandWords, type OfflineCommand, UsageError } from './command.js';
import type { Commands } from './help.js';

/** What somebody wants of the tool. `nothing`: it was not said what is to be done, so that only help can be given. */
export type CommandLine =
  | {
      readonly asks: 'command';
      /** `projections list` */
      readonly name: string;
      readonly command: Command | OfflineCommand;
      readonly args: readonly string[];
      readonly options: Readonly<Record<string, string | boolean | undefined>>;
    }
  | {
      readonly asks: 'help' | 'nothing' | 'version';
      /** Of a command or a group; empty where it is of the tool itself. */
      readonly name: string;
      readonly command?: CommandWords;
      readonly group?: Commands[string];
    };

const HELP = new Set(['--help', '-h']);

/** Options of every command, which may stand anywhere. */
const COMMON = new Set([...HELP, '--json']);

/**
 * Makes out what a line says. `help projections rebuild` is the same as `projections rebuild --help`.
 *
 * @throws UsageError with what could have been meant
 */
export function readLine(commands: Commands, line: readonly string[]): CommandLine {
  const words = line.filter((word) => !COMMON.has(word));
  const wantsHelp = line.some((word) => HELP.has(word)) || words[0] === 'help';
  const [group = '', word = '', ...rest] = words[0] === 'help' ? words.slice(1) : words;
  const asks = wantsHelp ? 'help' : 'nothing';
  if (group === '--version') return { asks: 'version', name: '' };
  if (group === '') return { asks, name: '' };
  const members = Object.hasOwn(commands, group) ? commands[group] : undefined;
  if (!members) throw new UsageError(`there is no command "${group}"; there are: ${listed(commands)}`);
  if (word === '') return { asks, name: group, group: members };
  const name = `${group} ${word}`;
  const command = Object.hasOwn(members, word) ? members[word] : undefined;
  if (!command) throw new UsageError(`there is no command "${name}"; of ${group} there are: ${listed(members)}`);
  if (wantsHelp) return { asks: 'help', name, command };
  const { values, positionals } = parse(name, command, rest);
  return { asks: 'command', name, command, args: positionals, options: values };
}

const listed = (named: object) => Object.keys(named).join(', ');

function parse(name: string, { options }: CommandWords, args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true }) as {
      values: Record<string, string | boolean | undefined>;
      positionals: string[];
    };
  } catch (error) {
    throw new UsageError(whyNot(name, options, error as NodeJS.ErrnoException));
  }
}

/** Node's own words are about how to escape what nobody meant. */
function whyNot(name: string, options: CommandWords['options'], { code, message }: NodeJS.ErrnoException): string {
  const option = /'(--?[^\s'=]+)/.exec(message)?.[1] ?? '';
  const known = Object.keys(options).map((each) => `--${each}`);
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
    return `${name} has no option ${option}; it has: ${[...known, '--json', '--help'].join(', ')}`;
  }
  if (options[option.slice(2)]?.type === 'boolean') return `${option} takes no value`;
  return `${option} takes a value; one that begins with a dash is given as ${option}=-…`;
}
