import { until } from '../support/until.js';

/** A gate that a thread waits at, holding its event loop, until it is opened. */
export interface ThreadGate {
  /** For the thread: the first element counts who has come, the second is set once the gate is open. */
  readonly shared: Int32Array;
  reached(): Promise<unknown>;
  open(): void;
}

export function shutGate(test: { teardown(action: () => void): void }): ThreadGate {
  const shared = new Int32Array(new SharedArrayBuffer(8));
  const open = () => {
    Atomics.store(shared, 1, 1);
    Atomics.notify(shared, 1);
  };
  test.teardown(open);
  return { shared, open, reached: () => until(() => Atomics.load(shared, 0) > 0, 'a thread waits at the gate') };
}

/** In the thread. */
export function passGate(shared: Int32Array): void {
  Atomics.add(shared, 0, 1);
  Atomics.wait(shared, 1, 0);
}
