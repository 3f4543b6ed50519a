import assert from 'node:assert/strict';
import emailAddresses from 'email-addresses';
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { parseAddress, parseRecipients } from '../../src/addresses/parse-recipients.js';

const word = fc.stringMatching(/^[a-z0-9]{1,12}$/);
const letters = fc.stringMatching(/^[a-z]{2,8}$/);
const nonAscii = fc.constantFrom('é', 'ß', 'ñ', 'ж', '例', 'ا', 'न', 'Ω');
const localPart = fc
  .tuple(
    fc.oneof({ weight: 4, arbitrary: word }, { weight: 1, arbitrary: nonAscii }),
    fc.constantFrom('', '.', '+', '_', "'", '-', '!#'),
    word,
  )
  .map(([first, joint, second]) => `${first}${joint}${second}`);
const domain = fc
  .tuple(fc.oneof(word, fc.constantFrom('bücher', 'xn--bcher-kva', 'EXAMPLE', '例子')), letters)
  .map((labels) => labels.join('.'));
const address = fc.tuple(localPart, domain).map((halves) => halves.join('@'));

/** Each shows one address, and nothing else that could be an entry. */
const decoration = fc.constantFrom<(address: string) => string>(
  (it) => it,
  (it) => `<${it}>`,
  (it) => `Jane Doe <${it}>`,
  (it) => `"Doe, Jane; \\"JJ\\" (Sales)" <${it}>`,
  (it) => `“Doe, Jane” <${it}>`,
  (it) => `'${it}' <${it}>`,
  (it) => `${it}<mailto:${it}>`,
  (it) => `[Jane Doe](mailto:${it})`,
  (it) => `${it} (Jane)`,
  (it) => `mailto:${it}?subject=Hello%20there`,
  (it) => `• ${it}`,
  (it) => `1) ${it}`,
  (it) => `"${it}"`,
  (it) => `${it}.`,
  (it) => `\u200b${it}\ufeff`,
  (it) => it.replace('@', '＠'),
);
const separator = fc.constantFrom(
  ', ',
  ';',
  '; ',
  ' ; ',
  '\n',
  '\r\n',
  '\n\n',
  ',\n',
  '、',
  '；',
  ' ,\u00a0',
  '\u2028',
  ';\r\n\r\n',
);

const LIST = fc.array(fc.tuple(address, decoration, separator), { minLength: 1, maxLength: 20 });

function pasteOf(list: readonly (readonly [string, (address: string) => string, string])[]): string {
  return list.map(([address, decorate, separator]) => decorate(address) + separator).join('');
}

t.test('every good address comes back, in order, however it is decorated and separated', async (t) => {
  holds(
    t,
    fc.property(LIST, (list) => {
      const entries = parseRecipients(pasteOf(list));
      const read = entries.map((entry) => (entry.ok ? entry.address : `${entry.problem.fault}: ${entry.input}`));
      assert.deepEqual(
        read,
        list.map(([address]) => identity(address)),
      );
    }),
    500,
  );
});

t.test('what is put between two entries never costs one of them', async (t) => {
  const garbage = fc.string({ unit: fc.constantFrom(...'<>"\'()[]:;,.@\\ \tab0-*|é\u200b\u00a0?=&%/'), maxLength: 30 });
  holds(
    t,
    fc.property(address, garbage, address, (first, junk, last) => {
      const read = parseRecipients(`${first}\n${junk}\n${last}`).flatMap((entry) => (entry.ok ? entry.address : []));
      assert.equal(read.at(0), identity(first));
      assert.equal(read.at(-1), identity(last));
    }),
    1000,
  );
});

t.test('reads any text without an error, on lines that rise, with text that any store can keep', async (t) => {
  const unit = fc.oneof(
    fc.constantFrom(...'<>"\'()[]:;,.@\\ \n\r\t|a'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  );
  holds(
    t,
    fc.property(
      fc.oneof(fc.string({ unit, maxLength: 200 }), fc.string({ unit: 'binary', maxLength: 200 })),
      (pasted) => {
        let line = 1;
        for (const entry of parseRecipients(pasted)) {
          const texts = [entry.input, ...(entry.ok ? [entry.email, entry.address, entry.name ?? ''] : [])];
          assert.ok(entry.line >= line && entry.input.length <= 320 && !/[\p{Cc}\p{Cs}]/u.test(texts.join('')));
          line = entry.line;
        }
      },
    ),
    2000,
  );
});

t.test('what it gives reads as the same again', async (t) => {
  holds(
    t,
    fc.property(LIST, (list) => {
      for (const entry of parseRecipients(pasteOf(list))) {
        if (!entry.ok) continue;
        const { email, address, name } = entry;
        assert.deepEqual(parseAddress(email), { ok: true, email, address });
        assert.deepEqual(parseAddress(address), { ok: true, email: address, address });
        assert.deepEqual(parseAddress(`${JSON.stringify(name ?? '')} <${email}>`), {
          ok: true,
          email,
          address,
          ...(name && { name }),
        });
      }
    }),
    300,
  );
});

t.test('takes no address that the grammar of RFC 5322 and RFC 6532 does not have', async (t) => {
  const unit = fc.constantFrom(...'ab0.@!#$%&\'*+-/=?^_`{|}~é"\\[]() ');
  holds(
    t,
    fc.property(fc.string({ unit, maxLength: 12 }), fc.string({ unit, maxLength: 8 }), (local, label) => {
      const parsed = parseAddress(`${local}@${label}.com`);
      if (!parsed.ok) return;
      const oracle = emailAddresses.parseOneAddress({ input: parsed.email, startAt: 'mailbox', strict: true });
      assert.equal(oracle?.type === 'mailbox' && oracle.address, parsed.email);
    }),
    3000,
  );
});

/** Assertions inside throw, so that fast-check sees a failure and finds the smallest one. */
function holds<T>(t: Test, property: fc.IProperty<T>, numRuns: number): void {
  t.doesNotThrow(() => fc.assert(property, { numRuns }));
}

function identity(address: string): string | undefined {
  const parsed = parseAddress(address);
  return parsed.ok ? parsed.address : undefined;
}

t.test('a field for one address reads whatever looks like one as a list of one would', async () => {
  const character = fc.constantFrom(...'aZ09.+-_@'.split(''), 'x.co');
  const text = fc.array(character, { maxLength: 12 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(
      fc.oneof(
        text,
        fc.tuple(text, domain).map((halves) => halves.join('@')),
      ),
      (text) => {
        const [entry, ...others] = parseRecipients(text);
        if (others.length > 0) return;
        const read = parseAddress(text);
        if (!entry?.ok) return assert.equal(read.ok, false);
        const { email, address } = entry;
        assert.deepEqual(read, { ok: true, email, address });
      },
    ),
    { numRuns: 5_000 },
  );
});
