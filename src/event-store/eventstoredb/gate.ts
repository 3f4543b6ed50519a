/** Lets at most `limit` through at once; the others wait in the order in which they came. */
export class Gate {
  #within = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(private readonly limit: number) {}

  async pass<T>(action: () => Promise<T>): Promise<T> {
    if (this.#within === this.limit) await new Promise<void>((enter) => this.#waiting.push(enter));
    else this.#within += 1;
    try {
      return await action();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#within -= 1;
    }
  }
}
