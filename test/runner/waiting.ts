import { join } from 'node:path';

/** Files that begin so open a browser each. */
const IN_BROWSER = ['dist/test/pages/', 'dist/test/templates/in-a-browser'].map((start) => join(start));

/** Files that wait to be run, in order, but for those that would open a browser too many. */
export class Waiting {
  private readonly files: string[];
  private browsers = 0;

  constructor(
    files: readonly string[],
    private readonly mostBrowsers: number,
  ) {
    this.files = [...files];
  }

  /** Nothing where the files that are left are for those who run the others. */
  next(): string | undefined {
    const index = this.files.findIndex((file) => !isInBrowser(file) || this.browsers < this.mostBrowsers);
    const [file] = index === -1 ? [] : this.files.splice(index, 1);
    if (file && isInBrowser(file)) this.browsers++;
    return file;
  }

  done(file: string): void {
    if (isInBrowser(file)) this.browsers--;
  }

  clear(): void {
    this.files.length = 0;
  }
}

const isInBrowser = (file: string): boolean => IN_BROWSER.some((start) => file.startsWith(start));
