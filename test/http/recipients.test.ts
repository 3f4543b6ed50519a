import t from 'tap';

import { openTestApi } from './support/api.js';

const api = await openTestApi(t);

t.test('a text is read as inviting reads it, and nobody is invited', async (t) => {
  const as = await api.signIn('owner@example.com');
  const text = 'Ana Souza <ana@example.com>, bob\nANA@example.com';
  const { status, body } = await api.call('POST /v1/recipients/read', { as, body: { text } });
  t.equal(status, 200);
  const ana = { email: 'ana@example.com', userId: api.person('ana@example.com') };
  t.match(body.entries, [
    { line: 1, input: 'Ana Souza <ana@example.com>', ...ana, name: 'Ana Souza' },
    { line: 1, input: 'bob', problem: { code: 'invalid-address', fault: 'no-at-sign' } },
    { line: 2, userId: ana.userId },
  ]);
  t.equal(body.entries.length, 3);
});

t.test('only somebody who is signed in may ask', async (t) => {
  t.equal((await api.call('POST /v1/recipients/read', { body: { text: 'a@example.com' } })).status, 401);
});
