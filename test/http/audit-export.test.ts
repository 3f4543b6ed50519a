import type { Readable } from 'node:stream';
import t from 'tap';

import type { ReadRow } from '../../projections/audit-history/row.js';
import { asCsv, asNdjson } from '../../src/http/audit/export.js';

const ROW: ReadRow = {
  sequence: 1,
  event: `{"data":{},"metadata":{},"stream":"workspace-${'w'.repeat(26)}","type":"WorkspaceCreated"}`,
  previous_hash: '0'.repeat(64),
  hash: 'f'.repeat(64),
};

async function* lostOnTheWay() {
  yield [ROW];
  throw new Error('the database went away');
}

const FORMS: [name: string, form: () => Readable][] = [
  ['ndjson', () => asNdjson(lostOnTheWay())],
  ['csv', () => asCsv(lostOnTheWay(), async () => [])],
];

for (const [name, form] of FORMS) {
  t.test(
    `a database that goes away in the middle of an export fails the answer, not the process: ${name}`,
    async (t) => {
      const file = form();
      await t.rejects(file.toArray(), { message: 'the database went away' });
      t.ok(file.destroyed);
    },
  );
}
