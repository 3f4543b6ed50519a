import { PassThrough } from 'node:stream';
import t from 'tap';

import { processTerminal } from '../../src/operating/terminal.js';

/** Somebody who is asked, and what they press then. */
async function asked(press: string): Promise<{ readonly answer: string; readonly wasInterrupted: boolean }> {
  const [stdin, stderr] = [new PassThrough(), Object.assign(new PassThrough(), { isTTY: true })];
  stderr.resume();
  const streams = { stdin, stdout: new PassThrough(), stderr } as unknown as NodeJS.Process;
  let wasInterrupted = false;
  const interrupt = () => {
    wasInterrupted = true;
  };
  process.once('SIGINT', interrupt);
  try {
    const answer = processTerminal(false, streams).ask('Go on? ');
    if (press === '') stdin.end();
    else stdin.write(press);
    return { answer: await answer, wasInterrupted };
  } finally {
    process.off('SIGINT', interrupt);
  }
}

t.test('a question is answered by a line', async (t) => {
  t.strictSame(await asked('yes\r'), { answer: 'yes', wasInterrupted: false });
});

t.test('the end of the input is no answer, and neither is Ctrl-C, which interrupts', async (t) => {
  t.strictSame(await asked(''), { answer: '', wasInterrupted: false });
  t.strictSame(await asked('\x03'), { answer: '', wasInterrupted: true });
});
