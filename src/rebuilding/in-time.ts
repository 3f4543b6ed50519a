/**
 * Does what may take so long at most, in milliseconds. Then the signal aborts that it is given, as it does with `signal`.
 *
 * It takes a timer that holds what it aborts, and not `AbortSignal.timeout`: of such a signal Node 20 may forget to tell one that was made of
 * it, once heaps have been swept.
 */
export async function inTime<T>(
  milliseconds: number,
  signal: AbortSignal,
  action: (within: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), milliseconds);
  try {
    return await action(AbortSignal.any([signal, late.signal]));
  } finally {
    clearTimeout(timer);
  }
}
