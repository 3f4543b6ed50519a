/**
 * Answers where a pattern next matches, for places that only rise. However often it is asked, it looks at every
 * character once: this is what keeps a megabyte of `<` or `"` linear to read.
 */
export class RisingSearch {
  private found = -1;
  private length = 0;

  /** @param pattern with the flag `g`, and not shared: its `lastIndex` is ours */
  constructor(
    private readonly text: string,
    private readonly pattern: RegExp,
  ) {}

  /** Where the first match at or after `place` begins, `Infinity` if there is none. */
  from(place: number): number {
    if (this.found < place) {
      this.pattern.lastIndex = place;
      const match = this.pattern.exec(this.text);
      this.found = match?.index ?? Number.POSITIVE_INFINITY;
      this.length = match?.[0].length ?? 0;
    }
    return this.found;
  }

  /** How long the match is that `from` answered last. */
  get matchLength(): number {
    return this.length;
  }
}
