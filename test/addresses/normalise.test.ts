import t from 'tap';
import { normaliseAddress } from '../../src/addresses/normalise.js';

function identityOf(local: string, domain = 'example.com'): string {
  const checked = normaliseAddress(local, domain);
  return checked.ok ? checked.address : checked.fault;
}

t.test('two ways to write one address have one identity', async (t) => {
  const same: [string, string][] = [
    ['jane@EXAMPLE.com', 'jane@example.com'],
    ['JANE@example.com', 'jane@example.com'],
    ['JOSÉ@example.com', 'jose\u0301@example.com'],
    ['ΟΔΥΣΣΕΥΣ@example.com', 'οδυσσευς@example.com'],
    ['jane@bücher.example', 'jane@xn--bcher-kva.example'],
    ['jane@BÜCHER.example', 'jane@bu\u0308cher.example'],
    ['jane@例子。example', 'jane@例子.example'],
  ];
  for (const [one, other] of same) {
    const [first, second] = [one, other].map((address) => identityOf(...(address.split('@') as [string, string])));
    t.equal(first, second, `${one} and ${other}`);
  }
});

t.test('two mailboxes keep two identities', async (t) => {
  const identities = ['jane.doe', 'janedoe', 'janedoe+news', 'strasse', 'straße', 'jane', 'jané', 'i', 'ı'];
  t.equal(new Set(identities.map((local) => identityOf(local))).size, identities.length);
  t.not(
    identityOf('jane', 'faß.example'),
    identityOf('jane', 'fass.example'),
    'UTS 46 without transitional processing',
  );
});

t.test('sends to the local part as typed, at the domain in ASCII', async (t) => {
  t.strictSame(normaliseAddress('Jose\u0301.Silva+News', 'Bücher.Example'), {
    ok: true,
    email: 'José.Silva+News@xn--bcher-kva.example',
    address: 'josé.silva+news@xn--bcher-kva.example',
  });
});

t.test('keeps the lengths of RFC 5321, counted in octets', async (t) => {
  t.equal(identityOf('a'.repeat(64)), `${'a'.repeat(64)}@example.com`);
  t.equal(identityOf('a'.repeat(65)), 'too-long');
  t.equal(identityOf('é'.repeat(32)), `${'é'.repeat(32)}@example.com`);
  t.equal(identityOf('é'.repeat(33)), 'too-long');
  const label = 'a'.repeat(61);
  const domain = [label, label, label, 'example'].join('.');
  t.equal(identityOf('a'.repeat(254 - 1 - domain.length), domain).length, 254);
  t.equal(identityOf('a'.repeat(255 - 1 - domain.length), domain), 'too-long');
  t.equal(identityOf('a', `${'b'.repeat(63)}.example`), `a@${'b'.repeat(63)}.example`);
  t.equal(identityOf('a', `${'b'.repeat(64)}.example`), 'domain-not-valid');
});
