import { useRef, useState } from '../library.js';
import { problemText } from './api.js';

/**
 * Something that a click sets going: one at a time, with what to tell of it meanwhile and when it fails.
 *
 * @template {unknown[]} Parameters
 * @param {(...parameters: Parameters) => Promise<void>} work
 */
export function useTask(work) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const running = useRef(false);

  /** @param {Parameters} parameters */
  const run = async (...parameters) => {
    if (running.current) return;
    running.current = true;
    setBusy(true);
    setProblem('');
    try {
      await work(...parameters);
    } catch (error) {
      setProblem(problemText(error));
    } finally {
      running.current = false;
      setBusy(false);
    }
  };
  return { busy, problem, run };
}
