import t from 'tap';
import { findCycle, importsOf, readImports } from './import-graph.js';
import { PACKAGES, RULES } from './rules.js';
import { violationOf } from './violations.js';

t.test('imports point where they may', async (t) => {
  const imports = await readImports('src', 'projections', 'templates');
  t.ok(
    imports.some(({ from }) => from.startsWith('src/domain/')),
    'imports are found: this runs in the folder of the project',
  );
  for (const found of imports) {
    const violation = violationOf(found);
    if (violation) t.fail(violation);
  }
});

t.test('no file imports itself, through whichever others', async (t) => {
  const cycle = findCycle(await readImports('src', 'projections', 'templates'));
  t.equal(
    cycle,
    undefined,
    cycle ? `there is a ring of imports: ${cycle.join(' -> ')}` : 'there is no ring of imports',
  );
});

t.test('every form of import is found, and nothing else', async (t) => {
  const source = `
import { a, type B } from './b.js';
import type { C } from '../c/c.js';
import {
  d,
  e as f,
} from "./d/e.js";
import g, * as h from 'package/file.js';
import './effect.js';
export * from './all.js';
export type { I } from './types.js';
import data from './data.json' with { type: 'json' };
const later = await import('./later.js');
export const from = 'nothing';
export function range(from: string) { return from + './no.js'; }
 * import { x } from './example-in-a-comment.js';
const text = "import y from './in-a-text.js'";
`;
  const found = importsOf('src/a/a.ts', source).map(({ to, isTypeOnly }) => `${isTypeOnly ? 'type ' : ''}${to}`);
  t.strictSame(found, [
    'src/a/b.ts',
    'type src/c/c.ts',
    'src/a/d/e.ts',
    'package/file.js',
    'src/a/effect.ts',
    'src/a/all.ts',
    'type src/a/types.ts',
    'src/a/data.json',
    'src/a/later.ts',
  ]);
});

t.test('what points the wrong way is told with a way out', async (t) => {
  const violation = (from: string, statement: string) => importsOf(from, statement).map(violationOf)[0];

  const wrong = {
    'src/domain/a.ts': [
      "import { b } from '../commands/b.js';",
      /may import its own files only, because .+ parameter\.$/,
    ],
    'src/domain/b.ts': ["import { randomUUID } from 'node:crypto';", /imports no packages/],
    'src/commands/a.ts': [
      "import { b } from '../../projections/users-tab/b.js';",
      /^src\/commands\/a\.ts imports projections\//,
    ],
    'src/mail/a.ts': ["import { b } from '../addresses/b.js';", /`import type`/],
    'src/http/a.ts': ["import { b } from '../embedded/b.js';", /src\/http may import /],
    'src/http/b.ts': ["import pg from 'pg';", /only src\/database, /],
    'src/embedded/mail.ts': ["import fastify from 'fastify';", /only src\/http, src\/pages, src\/embedded\/inbox may/],
    'src/mail/b.ts': ["import jwt from '@fastify/jwt';", /only src\/http/],
    'src/mail/c.ts': ["import type { A } from '@eventstore/db-client/generated/a.js';", /only src\/event-store may/],
    'src/new/a.ts': ["import { b } from '../domain/b.js';", /no row in test\/architecture\/rules\.ts/],
    'projections/a.ts': ["import { b } from '../test/support/b.js';", /projections may import /],
  } as const;
  for (const [file, [statement, sentence]] of Object.entries(wrong)) {
    t.match(violation(file, statement), sentence, `${file}: ${statement}`);
  }

  const right = {
    'src/domain/a/a.ts': "import { b } from '../b/b.js';",
    'src/commands/a.ts': "import { b } from '../domain/b.js';",
    'src/mail/a.ts': "import type { B } from '../addresses/b.js';",
    'src/mail/b.ts': "import pool from 'nodemailer/lib/smtp-pool/index.js';",
    'src/database/pg-notes.ts': "import { b } from 'pgvector';",
    'src/embedded/inbox/a.ts': "import fastify from 'fastify';",
    'src/service.ts': "import { b } from './embedded/b.js';",
    'src/main.ts': "import pg from 'pg';",
    'projections/a.ts': "import type { B } from '../src/event-store/b.js';",
  } as const;
  for (const [file, statement] of Object.entries(right)) {
    t.equal(violation(file, statement), undefined, `${file}: ${statement}`);
  }
});

t.test('a ring of imports is told from its first file to that file again', async (t) => {
  const imports = [
    ...importsOf('src/a.ts', "import { b } from './b.js';"),
    ...importsOf('src/b.ts', "import { d } from './d.js';\nimport { c } from './c.js';"),
    ...importsOf('src/c.ts', "import type { B } from './b.js';"),
    ...importsOf('src/d.ts', "import fs from 'node:fs';"),
  ];
  t.strictSame(findCycle(imports), ['src/b.ts', 'src/c.ts', 'src/b.ts']);
  t.equal(findCycle(imports.filter(({ from }) => from !== 'src/c.ts')), undefined);
});

t.test('the rules speak of folders that they know', async (t) => {
  const known = new Set(Object.keys(RULES));
  const named = [
    ...Object.values(RULES).flatMap(({ uses, typesOf = [] }) => [...uses, ...typesOf]),
    ...Object.values(PACKAGES).flat(),
  ];
  for (const place of named) {
    t.ok(known.has(place) || place.endsWith('.ts') || place === 'src/embedded/inbox', place);
  }
});
