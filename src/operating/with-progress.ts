import type { Comparison } from '../rebuilding/compare.js';
import type { Outcome } from '../rebuilding/rebuild.js';
import { EXIT, type ExitCode, type Invocation } from './command.js';
import { comparisonText } from './comparison-text.js';
import { decisionOf } from './decision.js';
import { ProgressBar } from './progress-bar.js';

type Work = Pick<Invocation, 'signal'> & ReturnType<typeof decisionOf> & { readonly onProgress: ProgressBar['show'] };

/** Runs something that takes its time, and tells what came of it. @param built what the tables compared with are called */
export async function withProgress(
  invocation: Invocation,
  built: string,
  action: (stores: Invocation['stores'], name: string, work: Work) => Promise<Outcome>,
): Promise<ExitCode> {
  const { stores, terminal, signal, args } = invocation;
  const [name = ''] = args;
  const bar = new ProgressBar(name, terminal);
  const outcome = await action(stores, name, { signal, ...decisionOf(invocation), onProgress: bar.show }).finally(() =>
    bar.end(),
  );
  if (terminal.json) terminal.print(JSON.stringify(outcome));
  if (outcome.state === 'interrupted') {
    const next =
      built === 'fresh' ? 'Nothing is left of it: the same command begins anew' : 'The same command goes on from here';
    if (!terminal.json) terminal.note(`Interrupted. ${next}.\n`);
    return EXIT.interrupted;
  }
  const { state, comparison } = outcome;
  if (!terminal.json) {
    terminal.print(comparisonText(comparison, built));
    terminal.print(nextSteps(name, state, built, comparison));
  }
  return state === 'switched' || comparison.equal ? EXIT.done : EXIT.differs;
}

/** What came of it, and what can be done now; for a proof, the verdict. */
function nextSteps(name: string, state: 'built' | 'switched', built: string, { equal }: Comparison): string {
  if (state === 'switched') {
    return (
      `Switched ${name}. The tables that were live are kept: go back with "projections switch ${name} --back", or remove them with ` +
      `"projections drop ${name} --previous".`
    );
  }
  if (built === 'fresh') return `The live tables are ${equal ? '' : 'NOT '}what the log says.`;
  const force = equal ? '' : ' --switch-on-difference';
  return (
    `Nothing was switched. To put in place what was built: "projections switch ${name}${force}"; to remove it: ` +
    `"projections drop ${name} --next".`
  );
}
