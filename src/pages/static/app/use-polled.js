import { useEffect, useRef, useState } from '../library.js';
import { problemText } from './api.js';

/**
 * What `load` answers, asked for again and again while somebody looks. What was known stays while an answer fails.
 *
 * @template T
 * @param {() => Promise<T>} load
 * @param {number} interval milliseconds
 */
export function usePolled(load, interval) {
  const [value, setValue] = useState(/** @type {T | undefined} */ (undefined));
  const [problem, setProblem] = useState('');
  const isHere = useRef(true);

  const refresh = async () => {
    try {
      const next = await load();
      if (!isHere.current) return;
      setValue(next);
      setProblem('');
    } catch (error) {
      if (isHere.current) setProblem(problemText(error));
    }
  };
  useEffect(() => {
    isHere.current = true;
    /** @type {ReturnType<typeof setTimeout>} */
    let timer;
    const round = async () => {
      if (!document.hidden) await refresh();
      if (isHere.current) timer = setTimeout(round, interval);
    };
    void round();
    return () => {
      isHere.current = false;
      clearTimeout(timer);
    };
  }, [interval]);
  return { value, problem, refresh };
}
