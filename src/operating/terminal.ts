import { createInterface } from 'node:readline/promises';

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
  ask(question: string): Promise<string>;
}

/** The process' own. */
export function processTerminal(json: boolean): Terminal {
  const { stdin, stdout, stderr } = process;
  return {
    json,
    interactive: Boolean(stdin.isTTY && stderr.isTTY),
    width: stderr.columns ?? 80,
    print: (text) => void stdout.write(`${text}\n`),
    note: (text) => void stderr.write(text),
    async ask(question) {
      const lines = createInterface({ input: stdin, output: stderr });
      try {
        return await lines.question(question);
      } finally {
        lines.close();
      }
    },
  };
}
