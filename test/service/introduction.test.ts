import t from 'tap';

import { introductionOf } from '../../src/introduction.js';

const config = { eventStore: 'postgres', dataDirectory: '/data', parts: new Set(['api', 'worker'] as const) };
const introduced = (url: string, publicUrl = url) =>
  introductionOf(
    { url, publicUrl, inboxUrl: `${publicUrl}/inbox`, smtpUrl: 'smtp://127.0.0.1:2525', builtInPostgres: true },
    config,
  );

t.test('the demonstration that is named finds the service', async (t) => {
  t.match(introduced('http://127.0.0.1:3000'), /^Next: `npm run demo` in/m);
  t.match(introduced('http://127.0.0.1:3001'), /^Next: `PORT=3001 npm run demo` in/m);
  t.match(introduced('http://127.0.0.1:80'), /^Next: `PORT=80 npm run demo` in/m);
});

t.test('where it listens is told beside its name, unless they are the same', async (t) => {
  t.notMatch(introduced('http://127.0.0.1:3000'), /listens on/);
  t.match(introduced('http://127.0.0.1:3000', 'https://invitations.example.com'), /listens on {3}http:\/\/127/);
});

t.test('a process without the API names neither pages nor demonstration', async (t) => {
  const told = introductionOf({ publicUrl: 'https://invitations.example.com', builtInPostgres: false }, config);
  t.notMatch(told, /pages|demo/);
  t.match(told, /database +as set by DATABASE_URL/);
});
