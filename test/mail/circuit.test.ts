import t, { type Test } from 'tap';

import { Circuit } from '../../src/mail/circuit.js';
import { silent } from '../support/silent-logger.js';
import { until } from '../support/until.js';
import { aMail, aMailer } from './a-mail.js';
import { startReceivingServer } from './receiving-server.js';
import { startScriptedServer } from './scripted-server.js';

const QUICK = { failures: 3, pause: 20, longestPause: 40 };

/** A circuit whose probes go as the test says, one after the other. */
function aCircuit(test: Test, options = {}) {
  const probes: { readonly pass: () => void; readonly fail: () => void }[] = [];
  const probe = () =>
    new Promise<void>((resolve, reject) => {
      probes.push({ pass: resolve, fail: () => reject(new Error('no')) });
    });
  const circuit = new Circuit({ ...QUICK, ...options, probe, logger: silent });
  test.teardown(() => circuit.close());
  const nextProbe = async () => {
    const found = await until(() => probes.shift(), 'the server is probed');
    return found;
  };
  return { circuit, probes, nextProbe };
}

t.test('it opens after so many failures in a row, and any answer starts the count anew', async (t) => {
  const { circuit } = aCircuit(t);
  circuit.unusable();
  circuit.unusable();
  circuit.answered();
  circuit.unusable();
  circuit.unusable();
  t.strictSame([circuit.standing, circuit.waitUntil()], [{ isOpen: false, failuresInARow: 2 }, undefined]);
  circuit.unusable();
  t.match(circuit.standing, { isOpen: true, since: Date, failuresInARow: 3 });
  circuit.unusable();
  t.equal(circuit.standing.failuresInARow, 4, 'those under way count too');
  t.ok(circuit.waitUntil(() => 0)?.getTime() ?? 0 >= Date.now(), 'mails wait for the next probe at least');
});

t.test('it closes when a probe goes well, and opens again at the first failure after that', async (t) => {
  const { circuit, nextProbe } = aCircuit(t);
  for (let failure = 0; failure < 3; failure++) circuit.unusable();
  (await nextProbe()).fail();
  const second = await nextProbe();
  t.ok(circuit.standing.isOpen, 'a probe under way changes nothing');
  second.pass();
  await until(() => !circuit.standing.isOpen, 'it is closed');
  circuit.unusable();
  t.ok(circuit.standing.isOpen);
  circuit.answered();
  t.notOk(circuit.standing.isOpen, 'a mail that was under way and is answered is as good as a probe');
  t.equal(circuit.standing.failuresInARow, 0);
  circuit.unusable();
  t.notOk(circuit.standing.isOpen, 'from then on the count is as at first');
});

t.test('those who wait come back one after the other', async (t) => {
  const { circuit } = aCircuit(t, { pause: 1_000, longestPause: 60_000 });
  for (let failure = 0; failure < 3; failure++) circuit.unusable();
  const [first = 0, last = 0] = [0, 1].map((random) => circuit.waitUntil(() => random)?.getTime());
  t.ok(last - first >= 1_000);
});

t.test('closed for good, it probes no more and holds nothing', async (t) => {
  const { circuit, probes } = aCircuit(t);
  circuit.close();
  for (let failure = 0; failure < 3; failure++) circuit.unusable();
  t.strictSame([circuit.standing.isOpen, probes.length], [false, 0]);
});

t.test('a server that is gone opens it, and closes it when it is back', async (t) => {
  const server = await startReceivingServer();
  await server.close();
  const mailer = aMailer(t, server.url, { circuit: QUICK });
  for (let mail = 0; mail < 3; mail++) t.match(await mailer.send(aMail()), { outcome: 'deferred' });
  t.ok(mailer.circuit.standing.isOpen);
  const back = await startReceivingServer({}, server.port);
  t.teardown(() => back.close());
  await until(() => !mailer.circuit.standing.isOpen, 'the circuit is closed');
  t.match(await mailer.send(aMail()), { outcome: 'sent' });
});

t.test('what a server says of a mail does not open it; that it lets nobody in does', async (t) => {
  for (const [answers, isOpen] of [
    [{ RCPT: '450 4.2.0 Greylisted' }, false],
    [{ RCPT: '550 5.1.1 No such person' }, false],
    [{ MAIL: '421 4.3.2 Going down' }, true],
    [{ DATA: '421 4.3.2 Going down' }, true],
  ] as const) {
    const server = await startScriptedServer({ answers });
    t.teardown(() => server.close());
    const mailer = aMailer(t, server.url, { circuit: { failures: 3 } });
    for (let mail = 0; mail < 3; mail++) await mailer.send(aMail());
    t.equal(mailer.circuit.standing.isOpen, isOpen, JSON.stringify(answers));
  }
  const server = await startScriptedServer({ greeting: '554 5.7.1 Not you' });
  t.teardown(() => server.close());
  const mailer = aMailer(t, server.url, { circuit: { failures: 3 } });
  for (let mail = 0; mail < 3; mail++) await mailer.send(aMail());
  t.ok(mailer.circuit.standing.isOpen);
});
