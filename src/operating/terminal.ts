import { createInterface } from 'node:readline';

/** Where a command's words go. */
export interface Terminal {
  /** Whether results are wanted as JSON. */
  readonly json: boolean;
  /** A person sits there, to whom a bar can be drawn and a question be put. */
  readonly interactive: boolean;
  /** How many characters fit into a line. */
  readonly width: number;
  /** A line of the result. */
  print(text: string): void;
  /** Something besides the result, such as progress. Without a line's end where the text brings its own. */
  note(text: string): void;
  /** What somebody answers; nothing where they end the input, or press Ctrl-C, which the process is then told of. */
  ask(question: string): Promise<string>;
}

type Streams = Pick<NodeJS.Process, 'stdin' | 'stdout' | 'stderr'>;

/** The process' own. */
export function processTerminal(json: boolean, { stdin, stdout, stderr }: Streams = process): Terminal {
  return {
    json,
    interactive: Boolean(stdin.isTTY && stderr.isTTY),
    width: stderr.columns ?? 80,
    print: (text) => void stdout.write(`${text}\n`),
    note: (text) => void stderr.write(text),
    ask: (question) =>
      new Promise((resolve) => {
        const lines = createInterface({ input: stdin, output: stderr });
        lines.once('SIGINT', () => {
          process.emit('SIGINT', 'SIGINT');
          lines.close();
        });
        // By itself, a question that is not answered ends the process as if nothing were left to do.
        const unanswered = () => {
          stderr.write('\n');
          resolve('');
        };
        lines.once('close', unanswered);
        lines.question(question, (answer) => {
          lines.off('close', unanswered);
          lines.close();
          resolve(answer);
        });
      }),
  };
}
