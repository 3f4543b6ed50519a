import { createReadStream } from 'node:fs';

import { verifyExport } from '../../projections/audit-history/verify-export.js';
import { EXIT, type OfflineCommand, UsageError } from './command.js';

/** By line feeds alone: a record may hold whatever else Unicode takes for the end of a line. */
async function* linesOf(file: string): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of createReadStream(file, 'utf8')) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

/** Proving exported histories. */
export const auditCommands: Readonly<Record<string, OfflineCommand>> = {
  'verify-export': {
    synopsis: 'FILE --head HASH',
    brief: 'proves offline that an exported history is whole and unchanged',
    summary:
      'Proves that an exported history (ndjson, without filters) is whole and unchanged, and names the first bad record otherwise. ' +
      'Needs no access to the service: only the file, and the hash that GET …/audit-events/head gave.',
    examples: [['audit verify-export audit.ndjson --head HASH', 'exit code 0: proven; 3: not']],
    options: { head: { type: 'string', value: 'HASH', does: 'what GET …/audit-events/head gave' } },
    arity: 1,
    async runOffline({ args: [file = ''], options: { head }, terminal }) {
      if (typeof head !== 'string' || !/^[0-9a-f]{64}$/.test(head)) {
        throw new UsageError('--head is the newest hash of the history: 64 digits of 0-9 and a-f');
      }
      const verdict = await verifyExport(linesOf(file), head).catch((error: NodeJS.ErrnoException) => {
        throw error.code === 'ENOENT' ? new UsageError(`there is no file ${file}`) : error;
      });
      if (terminal.json) terminal.print(JSON.stringify(verdict));
      else if (verdict.proven) terminal.print(`Proven: ${verdict.records} records, whole and unchanged.`);
      else terminal.print(`Not proven. Line ${verdict.line}: ${verdict.reason}.`);
      return verdict.proven ? EXIT.done : EXIT.differs;
    },
  },
};
