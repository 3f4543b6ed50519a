import t from 'tap';

import { Metrics } from '../../src/metrics/metrics.js';

t.test('mails are counted by kind: attempts, what came of them, and waits without one', async (t) => {
  const metrics = new Metrics();
  metrics.mailAttempted('invitation');
  metrics.mailAttempted('invitation');
  metrics.mail('invitation', 'deferred');
  metrics.mail('invitation', 'sent');
  metrics.mailPutOff('sign-in', 'circuit');
  const text = await metrics.text();
  for (const line of [
    'mail_attempts_total{kind="invitation"} 2',
    'mails_total{kind="invitation",outcome="deferred"} 1',
    'mails_total{kind="invitation",outcome="sent"} 1',
    'mails_put_off_total{kind="sign-in",reason="circuit"} 1',
  ]) {
    t.ok(text.includes(`${line}\n`), line);
  }
});

t.test('an alarm can tell whether mails are kept from the mail server', async (t) => {
  const metrics = new Metrics();
  let standing = { isOpen: false, failuresInARow: 4 };
  metrics.watchMailCircuit(() => standing);
  t.match(await metrics.text(), /\nmail_circuit_open 0\n/);
  t.match(await metrics.text(), /\nmail_server_failures_in_a_row 4\n/);
  standing = { isOpen: true, failuresInARow: 5 };
  t.match(await metrics.text(), /\nmail_circuit_open 1\n/);
  t.match(await metrics.text(), /\nmail_server_failures_in_a_row 5\n/);
});
