import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { extname, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** What the modules of the pages import it as; the package is served under this name. */
const LIBRARY = 'library.js';

export type Encoding = 'br' | 'gzip' | 'identity';

/** A file as it is sent. Compressed once, when it is first asked for. */
export interface Asset {
  readonly type: string;
  body(encoding: Encoding): Promise<Buffer>;
}

/** Everything that a browser loads for the pages. */
export interface Assets {
  /** Changes whenever any file does: what has been loaded under it is good for ever. */
  readonly hash: string;
  get(path: string): Asset | undefined;
  /** The files that loading these modules leads to, themselves included: what is known needs no round trip to find out. */
  graphOf(modules: readonly string[]): string[];
}

/**
 * Reads the files that stand in `static`, and the library that they are built on.
 *
 * @param joined files that are sent as one, one after the other, by the name of the one: each by itself costs a request with its
 *   headers, and is compressed less well
 */
export async function readAssets(joined: Readonly<Record<string, readonly string[]>> = {}): Promise<Assets> {
  const root = staticFolder();
  const names = (await readdir(root, { recursive: true })).map((name) => name.replaceAll('\\', '/')).sort();
  const files = new Map<string, Buffer>();
  for (const name of names) if (TYPES[extname(name)]) files.set(name, await readFile(new URL(name, root)));
  files.set(LIBRARY, await readFile(new URL(import.meta.resolve('htm/preact/standalone'))));

  for (const [name, parts] of Object.entries(joined)) {
    files.set(name, Buffer.concat(parts.map((part) => fileOf(part, files))));
  }

  const hash = createHash('sha256');
  for (const [name, content] of files) hash.update(`${name}\0${content.length}\0`).update(content);
  const assets = new Map([...files].map(([name, content]) => [name, assetOf(name, content)]));
  return {
    hash: hash.digest('hex').slice(0, 16),
    get: (path) => assets.get(path),
    graphOf: (modules) => graph(modules, files),
  };
}

/** Loads a module of the pages that says what the server has to know too. */
export async function loadStatic<Module>(path: string): Promise<Module> {
  return (await import(new URL(path, staticFolder()).href)) as Module;
}

/** The files stand beside the sources, as they are served; the compiled program finds them from its own folder too. */
function staticFolder(): URL {
  const beside = new URL('./static/', import.meta.url);
  return existsSync(fileURLToPath(beside)) ? beside : new URL('../../../src/pages/static/', import.meta.url);
}

function assetOf(name: string, content: Buffer): Asset {
  const encoded = new Map<Encoding, Promise<Buffer>>();
  return {
    type: TYPES[extname(name)] ?? 'application/octet-stream',
    body(encoding) {
      const known = encoded.get(encoding);
      if (known) return known;
      const made = ENCODERS[encoding](content);
      encoded.set(encoding, made);
      return made;
    },
  };
}

export const ENCODERS: Readonly<Record<Encoding, (content: Buffer) => Promise<Buffer>>> = {
  // The usual quality takes thirty times as long as the first request should wait, for a few bytes in a hundred.
  br: (content) => promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
  gzip: (content) => promisify(gzip)(content, { level: 9 }),
  identity: async (content) => content,
};

function fileOf(name: string, files: ReadonlyMap<string, Buffer>): Buffer {
  const file = files.get(name);
  if (!file) throw new Error(`the pages have no file ${name}`);
  return file;
}

const STATIC_IMPORT = /^(?:import|export)\s[^;'"]*?['"](\.[^'"]+)['"]|^import\s*['"](\.[^'"]+)['"]/gm;

function graph(modules: readonly string[], files: ReadonlyMap<string, Buffer>): string[] {
  const found = new Set<string>();
  const visit = (name: string): void => {
    const content = files.get(name);
    if (!content || found.has(name)) return;
    found.add(name);
    if (name === LIBRARY) return;
    for (const [, from, bare] of content.toString().matchAll(STATIC_IMPORT)) {
      visit(posix.join(posix.dirname(name), from ?? bare ?? ''));
    }
  };
  for (const name of modules) visit(name);
  return [...found];
}
