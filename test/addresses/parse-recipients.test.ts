import t from 'tap';
import { parseAddress, parseRecipients } from '../../src/addresses/parse-recipients.js';
import { told } from './told.js';

const JANE = '1: Jane Doe <jane@example.com>';
const jane = '1: jane@example.com';
const bob = '1: bob@example.com';

/** What is pasted, and what is read out of it. */
const PASTES: Record<string, readonly (readonly [pasted: string, entries: readonly string[]])[]> = {
  'addresses between any separators': [
    ['jane@example.com', [jane]],
    ['jane@example.com, bob@example.com', [jane, bob]],
    ['jane@example.com;bob@example.com;', [jane, bob]],
    ['jane@example.com bob@example.com', [jane, bob]],
    ['jane@example.com\tbob@example.com', [jane, bob]],
    ['jane@example.com|bob@example.com', [jane, bob]],
    ['jane@example.com / bob@example.com', [jane, bob]],
    ['jane@example.com · bob@example.com', [jane, bob]],
    ['jane@example.com and bob@example.com', [jane, bob]],
    ['jane@example.com e bob@example.com', [jane, bob]],
    ['jane@example.com\nbob@example.com', [jane, '2: bob@example.com']],
    ['jane@example.com\r\n\r\nbob@example.com\r\n', [jane, '3: bob@example.com']],
    ['jane@example.com\rbob@example.com', [jane, '2: bob@example.com']],
    ['jane@example.com\u2028bob@example.com', [jane, '2: bob@example.com']],
    ['jane@example.com\u00a0bob@example.com', [jane, bob]],
    ['jane@example.com\u3000bob@example.com', [jane, bob]],
    ['jane@example.com、bob@example.com', [jane, bob]],
    ['jane@example.com；bob@example.com', [jane, bob]],
    ['jane@example.com،bob@example.com', [jane, bob]],
    ['jane@example.com,,; ,bob@example.com,', [jane, bob]],
    ['', []],
    [' ,;\n\t "" () <>', []],
  ],
  'names as mail programs write them': [
    ['Jane Doe <jane@example.com>', [JANE]],
    ['Jane Doe<jane@example.com>,bob@example.com', [JANE, bob]],
    ['"Doe, Jane" <jane@example.com>', ['1: Doe, Jane <jane@example.com>']],
    ['"Jane \\"JJ\\" Doe" <jane@example.com>', ['1: Jane "JJ" Doe <jane@example.com>']],
    ['“Doe, Jane” <jane@example.com>', ['1: Doe, Jane <jane@example.com>']],
    [
      'Doe, Jane <jane@example.com>; Roe, Bob <bob@example.com>;',
      ['1: Doe, Jane <jane@example.com>', '1: Roe, Bob <bob@example.com>'],
    ],
    [
      'Doe, Jane <jane@example.com>, Bob <bob@example.com>',
      ['1: Doe, Jane <jane@example.com>', '1: Bob <bob@example.com>'],
    ],
    ["O'Brien, Pat <o'brien@example.com>", ["1: O'Brien, Pat <o'brien@example.com>"]],
    ['Jane Doe <jane@example.com> Bob <bob@example.com>', [JANE, '1: Bob <bob@example.com>']],
    ['Jane Doe (Sales) <jane@example.com>', ['1: Jane Doe (Sales) <jane@example.com>']],
    ['Jane Doe <jane@example.com> (Sales)', [JANE]],
    ['jane@example.com (Jane Doe)', [JANE]],
    ['Jane Doe (jane@example.com)', [JANE]],
    ['Jane Doe <mailto:jane@example.com>', [JANE]],
    ['Jane Doe\n<jane@example.com>', ['2: Jane Doe <jane@example.com>']],
    ['<jane@example.com>', [jane]],
    ['<jane@example.com> <bob@example.com>', [jane, bob]],
    ['jane@example.com <jane@example.com>', [jane]],
    ['jane@example.com<mailto:jane@example.com>', [jane]],
    ["'Jane@example.com' <jane@example.com>", ['1: Jane@example.com']],
    ['"jane@example.com" <jane@example.com>', [jane]],
    ['"Doe, Jane (jane@example.com)" <jane@example.com>', [jane]],
    ['=?UTF-8?Q?J=C3=A1ne?= <jane@example.com>', [jane]],
    ['Зоя <zoya@example.com>', ['1: Зоя <zoya@example.com>']],
    ['李小龍 <lee@example.com>', ['1: 李小龍 <lee@example.com>']],
    ['Jane 🚀 <jane@example.com>', ['1: Jane 🚀 <jane@example.com>']],
    ['To: Jane Doe <jane@example.com>, bob@example.com', [JANE, bob]],
    ['Sales team: jane@example.com, bob@example.com;', [jane, bob]],
    ['"Team": jane@example.com;', [jane]],
  ],
  'names without brackets, where they look like names': [
    ['Jane Doe jane@example.com', [JANE]],
    ['Jane jane@example.com', ['1: Jane <jane@example.com>']],
    ['jane@example.com Jane Doe', [JANE]],
    ['jane@example.com - Jane Doe', [JANE]],
    ['jane@example.com, Jane Doe', [JANE]],
    ['Jane Doe, jane@example.com, Bob Roe, bob@example.com', [JANE, '1: Bob Roe <bob@example.com>']],
    ['Name: Jane Doe, Email: jane@example.com', [JANE]],
    [
      'Jane Doe\njane@example.com\nBob\nbob@example.com',
      ['2: Jane Doe <jane@example.com>', '4: Bob <bob@example.com>'],
    ],
    [
      'Sales Team\njane@example.com\nbob@example.com',
      ['1: no-at-sign: Sales Team', '2: jane@example.com', '3: bob@example.com'],
    ],
  ],
  'decorated addresses': [
    ['mailto:jane@example.com', [jane]],
    ['MAILTO:jane@example.com?subject=Hello&cc=bob@example.com', [jane]],
    ['mailto:jane%2Bnews@example.com', ['1: jane+news@example.com']],
    ['SMTP:jane@example.com', [jane]],
    ['E-mail:jane@example.com', [jane]],
    ['[Jane Doe](mailto:jane@example.com)', [JANE]],
    ['[jane@example.com](mailto:jane@example.com)', [jane]],
    ['[jane@example.com](https://example.com/jane)', [jane]],
    ['- jane@example.com\n* bob@example.com', [jane, '2: bob@example.com']],
    ['• jane@example.com\n‣bob@example.com', [jane, '2: bob@example.com']],
    ['1. jane@example.com\n2) bob@example.com', [jane, '2: bob@example.com']],
    ['(1) Jane Doe <jane@example.com>\n2 bob@example.com', [JANE, '2: bob@example.com']],
    ['- [ ] jane@example.com\n- [x] bob@example.com', [jane, '2: bob@example.com']],
    ['> jane@example.com', [jane]],
    ['jane@example.com.', [jane]],
    ['Jane Doe <jane@example.com>.', [JANE]],
    ['jane@example.com!?', [jane]],
    ['**jane@example.com**', [jane]],
    ['`jane@example.com`', [jane]],
    ['(jane@example.com)', [jane]],
    ["'jane@example.com', 'bob@example.com'", [jane, bob]],
    ['["jane@example.com","bob@example.com"]', [jane, bob]],
    ['«jane@example.com»', [jane]],
    ['<jane@example.com', [jane]],
    ['jane@example.com>', [jane]],
    ['jane\u200b@exam\u00adple.com', [jane]],
    ['\u202ajane@example.com\u202c', [jane]],
    ['\ufeffjane@example.com', [jane]],
    ['ｊａｎｅ＠ｅｘａｍｐｌｅ．ｃｏｍ，ｂｏｂ＠ｅｘａｍｐｌｅ。ｃｏｍ', [jane, bob]],
    ['jane @ example.com', [jane]],
    ['jane@ example.com bob @example.com', [jane, bob]],
    ['o’brien@example.com', ["1: o'brien@example.com"]],
  ],
  'rows of sheets and CSV files': [
    [
      'Name,Email\nJane Doe,jane@example.com\n"Roe, Bob",bob@example.com',
      ['2: Jane Doe <jane@example.com>', '3: Roe, Bob <bob@example.com>'],
    ],
    ['Nome;Sobrenome;E-mail\r\nJosé;Silva;jose@example.com', ['2: José Silva <jose@example.com>']],
    ['Correo electrónico\tNombre\njane@example.com\tJane', ['2: Jane <jane@example.com>']],
    ['Name,Email,Manager email\nJane,jane@example.com,bob@example.com', ['2: Jane <jane@example.com>']],
    [
      'Name,Given Name,Family Name,E-mail 1 - Value\nJane Doe,Jane,Doe,jane@example.com',
      ['2: Jane Doe <jane@example.com>'],
    ],
    ['Name,Email\nJane Doe,\nBob,bob@example.com\n,', ['2: no-at-sign: Jane Doe', '3: Bob <bob@example.com>']],
    ['Email\njane@example.com\nbob@example.com', ['2: jane@example.com', '3: bob@example.com']],
    ['jane@example.com,jane\nbob@example.com,bob', ['1: jane <jane@example.com>', '2: bob <bob@example.com>']],
    ['Jane,Doe,jane@example.com,4711\nBob,Roe,bob@example.com,4712', [JANE, '2: Bob Roe <bob@example.com>']],
    ['Jane Doe\tjane@example.com\tDeveloper', [JANE]],
    ['1\tjane@example.com', [jane]],
    ['| Name | Email |\n|------|-------|\n| Jane | jane@example.com |', ['3: Jane <jane@example.com>']],
    ['jane@example.com,\nbob@example.com,\n', [jane, '2: bob@example.com']],
  ],
  'international addresses': [
    ['jane@münchen.example', ['1: jane@xn--mnchen-3ya.example']],
    ['jane@MÜNCHEN.example', ['1: jane@xn--mnchen-3ya.example']],
    ['jane@xn--mnchen-3ya.example', ['1: jane@xn--mnchen-3ya.example']],
    ['José@example.com', ['1: José@example.com']],
    ['用户@例子.example', ['1: 用户@xn--fsqu00a.example']],
    ['जेन@example.com', ['1: जेन@example.com']],
  ],
  'a bad entry beside good ones': [
    ['jane@example.com, bob, carol@example.com', [jane, '1: no-at-sign: bob', '1: carol@example.com']],
    ['jane carol@example.com', ['1: no-at-sign: jane', '1: carol@example.com']],
    ['bob, Carol Roe <carol@example.com>', ['1: no-at-sign: bob', '1: Carol Roe <carol@example.com>']],
    ['jane@example.com @bob', [jane, '1: nothing-before-at: @bob']],
    ['bob@ , jane@example.com', ['1: nothing-after-at: bob@', jane]],
    ['bob@@example.com\njane@example.com', ['1: several-at-signs: bob@@example.com', '2: jane@example.com']],
    ['"oops, jane@example.com, "Bob" <bob@example.com>', ['1: no-at-sign: oops', jane, '1: Bob <bob@example.com>']],
    ['"jane@example.com, bob@example.com"', [jane, bob]],
    ['<jane@example.com, bob@example.com>', [jane, bob]],
    ['(jane@example.com, bob@example.com', [jane, bob]],
    ['Bob <bob>, Jane Doe <jane@example.com>', ['1: no-at-sign: Bob <bob>', JANE]],
    ['Please invite: jane@example.com, thanks', [jane, '1: no-at-sign: thanks']],
    ['bob (at) example.com; jane@example.com', ['1: no-at-sign: bob (at) example.com', jane]],
  ],
  'addresses that are refused': [
    ['bob@alice@example.com', ['1: several-at-signs: bob@alice@example.com']],
    ['bob@example.com/jane@example.com', ['1: several-at-signs: bob@example.com/jane@example.com']],
    ['.bob@example.com', ['1: dot-misplaced: .bob@example.com']],
    ['bob.@example.com', ['1: dot-misplaced: bob.@example.com']],
    ['b..b@example.com', ['1: dot-misplaced: b..b@example.com']],
    ['<bob roe@example.com>', ['1: white-space: <bob roe@example.com>']],
    ['b[o]b@example.com', ['1: character-not-allowed: b[o]b@example.com']],
    ['http://bob@example.com', ['1: character-not-allowed: http://bob@example.com']],
    ['b\u0378b@example.com', ['1: character-not-allowed: b\u0378b@example.com']],
    ['"bob roe"@example.com', ['1: quoted-local-part: "bob roe"@example.com']],
    ['"bob@evil.example"@example.com', ['1: quoted-local-part: "bob@evil.example"@example.com']],
    ['bob@[192.0.2.1]', ['1: ip-address: bob@[192.0.2.1]']],
    ['bob@[IPv6:2001:db8::1]', ['1: ip-address: bob@[IPv6:2001:db8::1]']],
    ['bob@192.0.2.1', ['1: ip-address: bob@192.0.2.1']],
    ['bob@localhost', ['1: domain-incomplete: bob@localhost']],
    ['bob@example..com', ['1: domain-not-valid: bob@example..com']],
    ['bob@.example.com', ['1: domain-not-valid: bob@.example.com']],
    ['bob@-example.com', ['1: domain-not-valid: bob@-example.com']],
    ['bob@exa_mple.com', ['1: domain-not-valid: bob@exa_mple.com']],
    ['bob@exa%6dple.com', ['1: domain-not-valid: bob@exa%6dple.com']],
    ['bob@example.com:25/path', ['1: domain-not-valid: bob@example.com:25/path']],
    ['bob@xn--a.example', ['1: domain-not-valid: bob@xn--a.example']],
    ['bob@example.123', ['1: domain-not-valid: bob@example.123']],
  ],
};

for (const [kind, pastes] of Object.entries(PASTES)) {
  t.test(`reads ${kind}`, async (t) => {
    for (const [pasted, entries] of pastes) {
      t.strictSame(told(parseRecipients(pasted)), entries, JSON.stringify(pasted).replaceAll('\u2028', '\\u2028'));
    }
  });
}

t.test('keeps a quoted local part that needs no quotation marks, without them', async (t) => {
  t.strictSame(told(parseRecipients('"jane.doe"@example.com')), ['1: jane.doe@example.com']);
});

t.test('marks the later ones of one address, whatever its case, and says which came first', async (t) => {
  const entries = parseRecipients(
    'bob, Jane@Example.com\nJANE@example.COM, ÉVA@bücher.example éva@xn--bcher-kva.example',
  );
  t.strictSame(told(entries), [
    '1: no-at-sign: bob',
    '1: Jane@example.com',
    '2: JANE@example.com again 1',
    '2: ÉVA@xn--bcher-kva.example',
    '2: éva@xn--bcher-kva.example again 3',
  ]);
});

t.test('gives an entry as it was pasted: trimmed, in one line, without controls', async (t) => {
  const inputs = (pasted: string) => parseRecipients(pasted).map(({ input }) => input);
  t.strictSame(inputs(' \u00a0Jane\u00a0\u0007Doe <ｊａｎｅ@example.com> ;x'), [
    'Jane Doe <ｊａｎｅ@example.com>',
    'x',
  ]);
  t.strictSame(inputs('Jane\n<jane@example.com>'), ['Jane <jane@example.com>']);
  t.strictSame(inputs('b\u200bob \ud800x'), ['b\u200bob x']);
});

t.test('cuts the input of a very long entry, and between characters', async (t) => {
  const [entry] = parseRecipients(`${'a'.repeat(318)}😀${'b'.repeat(1000)}`);
  t.equal(entry?.input, `${'a'.repeat(318)}…`);
});

t.test('says what is wrong with an entry and what to do', async (t) => {
  const [entry] = parseRecipients('bob');
  t.strictSame(entry, {
    ok: false,
    line: 1,
    input: 'bob',
    problem: {
      code: 'invalid-address',
      fault: 'no-at-sign',
      detail: 'There is no @ in it. Write the whole address, like name@example.com.',
    },
  });
});

t.test('stops after as many entries as are asked for', async (t) => {
  t.equal(parseRecipients('a@example.com, b@example.com, c@example.com', 2).length, 2);
});

t.test('parseAddress reads exactly one address', async (t) => {
  t.strictSame(parseAddress(' Jane.Doe@Example.COM '), {
    ok: true,
    email: 'Jane.Doe@example.com',
    address: 'jane.doe@example.com',
  });
  t.match(parseAddress('Jane Doe <jane@example.com>'), { ok: true, email: 'jane@example.com', name: 'Jane Doe' });
  t.match(parseAddress('jane@example.com, bob@example.com'), { ok: false, problem: { fault: 'several-addresses' } });
  t.match(parseAddress('jane@localhost'), { ok: false, problem: { fault: 'domain-incomplete' } });
  t.match(parseAddress(' '), { ok: false, problem: { code: 'invalid-address', fault: 'no-at-sign' } });
});
