/** What was opened, to be closed in the opposite order: what came last may lean on what came first. */
export class Closing {
  private readonly closers: { readonly what: string; readonly close: () => Promise<unknown> }[] = [];

  constructor(private readonly onError: (what: string, error: unknown) => void) {}

  /** Remembers how to close something that has just been opened. */
  add(what: string, close: () => Promise<unknown>): void {
    this.closers.push({ what, close });
  }

  /** Closes everything. One that fails to close does not keep the others open. */
  async close(): Promise<void> {
    for (let next = this.closers.pop(); next; next = this.closers.pop()) {
      try {
        await next.close();
      } catch (error) {
        this.onError(next.what, error);
      }
    }
  }
}
