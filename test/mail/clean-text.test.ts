import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { cleanMessage, cleanName } from '../../src/mail/clean-text.js';

const JOINER = '\u2060';

/** What a reader sees: the unseen characters behind dots are left out, and counted on their own below. */
function seen(text: string): string {
  return text.replaceAll(JOINER, '');
}

t.test('names that people and workspaces have stay as they are', async (t) => {
  const names = [
    'Jane Doe',
    'José da Silva Jr.',
    "Pat O'Brien-Smith (Sales)",
    'J.R.R. Tolkien',
    'Booking.com',
    'Node.js & Co. KG',
    'Acme, Inc.',
    'AC/DC',
    'R&D / 2026: plans',
    'Zoë 🚀',
    '李小龍',
    'שרה כהן',
    'محمد',
    'Team #1 – "the best"',
    '<b>Bold</b>',
    '1.5 % club',
  ];
  for (const name of names) t.equal(seen(cleanName(name)), name);
});

t.test('links and addresses are taken out of a name', async (t) => {
  const cases: [string, string][] = [
    ['Win now https://evil.example/x?y=1 today', 'Win now today'],
    ['Win HTTP://EVIL.EXAMPLE', 'Win'],
    ['Win (https://evil.example)', 'Win'],
    ['Win www.evil.example', 'Win'],
    ['Win WWW.evil.example!', 'Win'],
    ['Win evil.example/path now', 'Win now'],
    ['Win evil.example?win=1', 'Win'],
    ['Win evil.example#win', 'Win'],
    ['Win evil.example:8080', 'Win'],
    ['Win evil.example./path', 'Win'],
    ['Win bücher.example/path', 'Win'],
    ['Win evil。example/path', 'Win'],
    ['Win https：//evil.example', 'Win'],
    ['Win 192.0.2.1/x', 'Win'],
    ['Write to jane@example.com', 'Write to'],
    ['Write to mailto:jane', 'Write to'],
    ['Write to jane＠example.com', 'Write to'],
    ['Write to <jane@example.com>', 'Write to'],
    ['Call tel:0123456', 'Call'],
    ['Run javascript:alert(1)', 'Run'],
    ['Win ht\u200btps://evil.example', 'Win'],
    ['Win evil\u00ad.example/x', 'Win'],
  ];
  for (const [name, clean] of cases) t.equal(cleanName(name), clean, JSON.stringify(name));
});

t.test('what could be taken for a domain can be read, and not be linked', async (t) => {
  t.equal(cleanName('Booking.com'), `Booking.${JOINER}com`);
  t.equal(cleanName('a.b.example'), `a.${JOINER}b.${JOINER}example`);
  t.equal(cleanName('evil．example'), `evil．${JOINER}example`);
  t.equal(cleanName('bücher。例子'), `bücher。${JOINER}例子`);
  t.equal(cleanName('Acme Inc. Berlin'), 'Acme Inc. Berlin', 'no dot of a domain, nothing added');
});

t.test('of a name that is nothing but links, letters are kept, as a mail needs a name', async (t) => {
  t.equal(cleanName('https://evil.example/x'), 'https evil example x');
  t.equal(cleanName('jane@example.com'), 'jane example com');
  t.equal(cleanName('://'), '');
});

t.test('what cannot be seen is removed from a name, and white space is one space', async (t) => {
  t.equal(cleanName(' Jane\r\nBcc: eve\tDoe\u0000\u0007 '), 'Jane Bcc: eve Doe');
  t.equal(cleanName('Jane\u2028Doe\u2029Roe\u0085'), 'Jane Doe Roe');
  t.equal(cleanName('\u202eenaJ\u202c \u2066Doe\u2069'), 'enaJ Doe');
  t.equal(cleanName('J\u200ba\u200cn\u200de\ufeff'), 'Jane');
  t.equal(cleanName('Jane \u{e0041}\ue000\ud800'), 'Jane');
  t.equal(cleanName('Jose\u0301'), 'José');
});

t.test('a long name is cut, between characters', async (t) => {
  t.equal(cleanName('😀'.repeat(100), 10), `${'😀'.repeat(9)}…`);
  t.equal(cleanName('a'.repeat(80)), 'a'.repeat(80));
  t.equal(cleanName(`${'a'.repeat(78)} bcd`), `${'a'.repeat(78)}…`);
});

t.test('a message keeps its lines, and loses links', async (t) => {
  const message = 'Hi Jane,\r\n\r\n\r\n\r\nsee https://evil.example/x now\rwww.evil.example\nor booking.com\n\n';
  t.equal(seen(cleanMessage(message)), 'Hi Jane,\n\nsee now\n\nor booking.com');
  t.equal(cleanMessage('https://evil.example'), '');
  t.equal(cleanMessage('a'.repeat(1001)), `${'a'.repeat(999)}…`);
});

t.test('nothing that is cleaned can be a link, a line of a header, or change when it is cleaned again', async (t) => {
  const piece = fc.constantFrom(
    ...[
      'http',
      'https',
      '://',
      ':',
      '//',
      'www',
      '.',
      '．',
      '。',
      '@',
      '/',
      '?',
      '#',
      'evil',
      'com',
      'é',
      '例',
      '1',
      ' ',
      '\n',
      '\r',
    ],
    ...['\u200b', '\u00ad', '\u202e', '\u2060', '\u0000', '\ud800', 'mailto:', '\u0301', '(', '<', '-', '😀', '\ue000'],
  );
  const text = fc.string({ unit: piece, maxLength: 40 });
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(text, (text) => {
        const name = cleanName(text);
        assert.doesNotMatch(
          name,
          /:\/\/|[^\s@]@[^\s@]|(?<!\p{L})www\.|[\p{L}\p{N}][.．。][\p{L}\p{N}]|(?<!\p{L})mailto:/iu,
        );
        assert.doesNotMatch(seen(name), /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/u);
        assert.equal(cleanName(name), name);
        const message = cleanMessage(text);
        assert.doesNotMatch(
          message,
          /:\/\/|[^\s@]@[^\s@]|(?<!\p{L})www\.|[\p{L}\p{N}][.．。][\p{L}\p{N}]|(?<!\p{L})mailto:|\r|\n\n\n/iu,
        );
        assert.equal(cleanMessage(message), message);
      }),
      { numRuns: 3_000 },
    ),
  );
});

t.test('a text of any length is cleaned in a time of its own limit', async (t) => {
  for (const unit of ['a.', '@', 'a@', 'www.', '://', 'a-', '((', '\u200b', ' ', 'a:1']) {
    const [short, long] = [20_000, 1_000_000].map((length) =>
      Buffer.from(unit.repeat(length / unit.length)).toString(),
    );
    const before = fastest(() => cleanName(short ?? '') + cleanMessage(short ?? ''));
    const after = fastest(() => cleanName(long ?? '') + cleanMessage(long ?? ''));
    t.ok(
      after < 10 * Math.max(2, before),
      `${JSON.stringify(unit)}: ${before.toFixed(1)} ms, then ${after.toFixed(1)} ms`,
    );
  }
});

/** In milliseconds, of five runs. */
function fastest(work: () => unknown): number {
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return Math.min(...times);
}
