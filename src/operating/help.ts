import { type Command, type CommandWords, EXIT, type OfflineCommand } from './command.js';

/** The commands by their groups. */
export type Commands = Readonly<Record<string, Readonly<Record<string, Command | OfflineCommand>>>>;

const EXIT_CODES = `Exit codes: ${EXIT.done} done, ${EXIT.failed} failed, ${EXIT.usage} wrong usage, ${EXIT.differs} tables differ, ${EXIT.busy} somebody else works on it, ${EXIT.poison} an event
cannot be projected, ${EXIT.interrupted} interrupted.`;

/** What the tool can do, a line each. @param program how it is called */
export function generalHelp(commands: Commands, program: string): string {
  const groups = Object.entries(commands).map(([group, members]) => briefs(group, members));
  return [
    `Usage: ${program} COMMAND [--json] [--help]`,
    '',
    columns(groups.flat()),
    '',
    'It works on the stores of the service, beside it or while it is stopped: DATABASE_URL and EVENT_STORE, or the data folder',
    'DATA_DIR. --json prints results for programs, and --version the release.',
    EXIT_CODES,
    '',
    `Options and examples of each: ${program} projections rebuild --help`,
  ].join('\n');
}

/** What can be done with one kind of thing. */
export function groupHelp(group: string, members: Commands[string], program: string): string {
  return [
    `Usage: ${program} ${group} COMMAND [--json] [--help]`,
    '',
    columns(briefs(group, members)),
    '',
    `Options and examples of each: ${program} ${group} ${Object.keys(members)[0]} --help`,
  ].join('\n');
}

function briefs(group: string, members: Commands[string]): [string, string][] {
  return Object.entries(members).map(([name, { synopsis, brief }]) => {
    const argument = /^[A-Z]+/.exec(synopsis)?.[0] ?? '';
    return [`${group} ${name} ${argument}`.trimEnd(), brief];
  });
}

/** One command, with options and examples. */
export function commandHelp(words: string, command: CommandWords, program: string): string {
  const { synopsis, summary, examples, options } = command;
  const explained = Object.entries(options).map(([name, { value, does }]): [string, string] => [
    `--${name}${value ? ` ${value}` : ''}`,
    does,
  ]);
  return [
    `Usage: ${program} ${`${words} ${synopsis}`.trim()} [--json]`,
    '',
    ...wrapped(summary),
    '',
    'Options:',
    columns([...explained, ['--json', 'prints what comes of it for programs']]),
    '',
    'Examples:',
    ...examples.map(([line, why]) => `  ${program} ${line}${why ? `\n      ${why}` : ''}`),
    '',
    EXIT_CODES,
  ].join('\n');
}

/** Two columns, the first as wide as it needs to be. */
function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([first]) => first.length));
  return rows.map(([first, second]) => `  ${first.padEnd(width)}  ${second}`).join('\n');
}

function wrapped(text: string): string[] {
  return text.match(/.{1,100}(?:\s|$)/g)?.map((line) => line.trimEnd()) ?? [];
}
