import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * What takes longest, in this order: were it begun last, one processor would work at it while the others have nothing left to do.
 * Whatever is not here comes after it.
 */
const FIRST = [
  'service/crash',
  'operating/operate',
  'rebuilding/kill',
  'pages/',
  'rebuilding/',
  'service/',
  'reactor/',
];

/** An argument names no test. */
export class NoSuchTest extends Error {
  override readonly name = 'NoSuchTest';
}

/**
 * The compiled tests that arguments name by their source file (`test/gather.test.ts`), by a folder (`test/http`) or as they are
 * compiled; all of them where there is no argument.
 *
 * @throws NoSuchTest
 */
export async function testFiles(args: readonly string[]): Promise<string[]> {
  const found = await Promise.all((args.length === 0 ? ['test'] : args).map(filesOf));
  return [...new Set(found.flat())].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

async function filesOf(arg: string): Promise<string[]> {
  const path = arg.replace(/^(\.\/)?(dist\/)?/, 'dist/').replace(/\.ts$/, '.js');
  if (path.endsWith('.js') && existsSync(path)) return [path];
  const names = await readdir(path, { recursive: true }).catch(() => []);
  const tests = names.filter((name) => name.endsWith('.test.js'));
  if (tests.length === 0) throw new NoSuchTest(`${arg} names no test`);
  return tests.map((name) => join(path, name));
}

function rank(file: string): number {
  const index = FIRST.findIndex((start) => file.startsWith(join('dist/test', start)));
  return index === -1 ? FIRST.length : index;
}
