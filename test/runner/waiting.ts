import { join } from 'node:path';

/** Each file opens a browser. */
const IN_BROWSER = join('dist/test/pages/');

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

const isInBrowser = (file: string): boolean => file.startsWith(IN_BROWSER);
