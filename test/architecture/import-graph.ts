import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, normalize, sep } from 'node:path';

/** One import of a file, of another file of the project or of a package. */
export interface Import {
  /** The importing file, relative to the project, with `/` on every system. */
  readonly from: string;
  /** The imported file in the same form, with the ending of its source; or the package with what follows its name. */
  readonly to: string;
  readonly isPackage: boolean;
  /** Whether it is gone after compilation. */
  readonly isTypeOnly: boolean;
}

const STATEMENT = /^(?:import|export)\s+(?:(type)\s+)?(?:[\w\s{},*$]*?\bfrom\s*)?(['"])([^'"]+)\2/gm;
const EXPRESSION = /\bimport\(\s*(['"])([^'"]+)\1/g;

/**
 * The imports of a file, read from its statements. They begin their line, as the formatter puts them, which keeps
 * comments and texts out without a parser.
 */
export function importsOf(from: string, source: string): Import[] {
  const found = [
    ...Array.from(source.matchAll(STATEMENT), ([, type, , specifier = '']) => ({
      specifier,
      isTypeOnly: type === 'type',
    })),
    ...Array.from(source.matchAll(EXPRESSION), ([, , specifier = '']) => ({ specifier, isTypeOnly: false })),
  ];
  return found.map(({ specifier, isTypeOnly }) =>
    specifier.startsWith('.')
      ? { from, to: sourceOf(join(dirname(from), specifier)), isPackage: false, isTypeOnly }
      : { from, to: specifier, isPackage: true, isTypeOnly },
  );
}

/** All imports of the TypeScript files in these folders, of which some may not exist. */
export async function readImports(...folders: readonly string[]): Promise<Import[]> {
  const imports: Import[] = [];
  for (const folder of folders) {
    for (const file of await filesIn(folder)) imports.push(...importsOf(file, await readFile(file, 'utf8')));
  }
  return imports;
}

async function filesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names
    .filter((name) => name.endsWith('.ts'))
    .map((name) => withSlashes(join(folder, name)))
    .sort();
}

function sourceOf(imported: string): string {
  return withSlashes(normalize(imported)).replace(/\.js$/, '.ts');
}

function withSlashes(path: string): string {
  return path.split(sep).join('/');
}

/**
 * The first ring of imports that a depth-first walk meets, with its first file again at its end; undefined where there
 * is none. Imports of types count too: files that need each other are hard to read, whether or not they compile.
 */
export function findCycle(imports: readonly Import[]): readonly string[] | undefined {
  const next = new Map<string, string[]>();
  for (const { from, to, isPackage } of imports) {
    if (!isPackage) next.set(from, [...(next.get(from) ?? []), to]);
  }
  const done = new Set<string>();
  const path: string[] = [];

  function visit(file: string): readonly string[] | undefined {
    const seenAt = path.indexOf(file);
    if (seenAt !== -1) return [...path.slice(seenAt), file];
    if (done.has(file)) return undefined;
    path.push(file);
    for (const to of next.get(file) ?? []) {
      const cycle = visit(to);
      if (cycle) return cycle;
    }
    path.pop();
    done.add(file);
    return undefined;
  }

  for (const file of next.keys()) {
    const cycle = visit(file);
    if (cycle) return cycle;
  }
  return undefined;
}
