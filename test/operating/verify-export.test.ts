import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';

import { canonicalEvent, chained, GENESIS, lineOf } from '../../projections/audit-history/chain.js';
import { membershipStream } from '../../src/domain/streams.js';
import * as event from '../domain/support/membership-events.js';
import { INVITEE, WORKSPACE } from '../domain/support/people-and-time.js';
import { recorded } from '../projections/recorded.js';
import { operate } from './operator.js';

/** Nothing listens there: what is proven offline needs no database. */
const NOWHERE = 'postgres://nobody@127.0.0.1:1/nothing';

const STREAM = membershipStream({ workspaceId: WORKSPACE, userId: INVITEE });
const first = chained(canonicalEvent(recorded(STREAM, event.invited({ name: 'Inês \u2028 \r O’Hara' }), 0)), {
  sequence: 0,
  hash: GENESIS,
});
const second = chained(canonicalEvent(recorded(STREAM, event.resent(), 1)), first);
const folder = t.testdir();
const file = join(folder, 'audit.ndjson');
await writeFile(file, `${lineOf(first)}\n${lineOf(second)}\n`);

const verify = (...line: string[]) => operate(NOWHERE, 'audit', 'verify-export', ...line);

t.test('an export is proven offline', async (t) => {
  t.match(await verify(file, '--head', second.hash), { code: 0, out: 'Proven: 2 records, whole and unchanged.\n' });
});

t.test('the first bad record is named, and the exit code says so', async (t) => {
  const forged = join(folder, 'forged.ndjson');
  await writeFile(forged, `${lineOf(first)}\n${lineOf(second).replace('"issue":2', '"issue":3')}\n`);
  t.match(await verify(forged, '--head', second.hash), { code: 3, out: /^Not proven\. Line 2: record 2 was changed/ });
  const { code, out } = await verify(forged, '--head', second.hash, '--json');
  t.match({ code, verdict: JSON.parse(out) }, { code: 3, verdict: { proven: false, line: 2 } });
});

t.test('what is missing is asked for', async (t) => {
  t.match(await verify(file), { code: 2, err: /--head is the newest hash/ });
  t.match(await verify(file, '--head', 'abc'), { code: 2 });
  t.match(await verify(join(folder, 'none'), '--head', second.hash), { code: 2, err: /there is no file/ });
});
