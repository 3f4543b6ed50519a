import { type Command, type CommandWords, EXIT, type OfflineCommand } from './command.js';

/** The commands by their groups. */
export type Commands = Readonly<Record<string, Readonly<Record<string, Command | OfflineCommand>>>>;

const PROGRAM = 'npm run operate --';

const EXIT_CODES = `Exit codes: ${EXIT.done} done, ${EXIT.failed} failed, ${EXIT.usage} wrong usage, ${EXIT.differs} tables differ, ${EXIT.busy} somebody else works on it, ${EXIT.poison} an
event cannot be projected, ${EXIT.interrupted} interrupted.`;

/** What the tool can do, a line each. */
export function generalHelp(commands: Commands): string {
  const lines = Object.entries(commands).flatMap(([group, members]) =>
    Object.entries(members).map(([name, { synopsis }]) => `  ${group} ${name} ${synopsis}`.trimEnd()),
  );
  return [
    `Usage: ${PROGRAM} COMMAND [--json] [--help]`,
    '',
    ...lines,
    '',
    'Once the project is built, `npx workspace-invitations COMMAND` does the same in its folder.',
    'It works on the stores of the service: DATABASE_URL and EVENT_STORE, or the data folder DATA_DIR. --json gives results for',
    `programs. ${EXIT_CODES}`,
    '',
    `Examples of each: ${PROGRAM} projections rebuild --help`,
  ].join('\n');
}

/** One command, with examples. */
export function commandHelp(words: string, { synopsis, summary, examples }: CommandWords): string {
  return [
    `Usage: ${PROGRAM} ${`${words} ${synopsis}`.trim()} [--json]`,
    '',
    ...wrapped(summary),
    '',
    'Examples:',
    ...examples.map(([line, why]) => `  ${PROGRAM} ${line}${why ? `\n      ${why}` : ''}`),
    '',
    EXIT_CODES,
  ].join('\n');
}

function wrapped(text: string): string[] {
  return text.match(/.{1,100}(?:\s|$)/g)?.map((line) => line.trimEnd()) ?? [];
}
