import t from 'tap';

import { openTestApi } from './support/api.js';

const api = await openTestApi(t);

t.test('an answer can be neither run, framed, sniffed nor kept', async (t) => {
  const owner = await api.signIn('owner@example.com');
  const { headers } = await api.call('GET /v1/me', { as: owner });
  const { date: _date, 'x-request-id': _id, 'content-length': _length, connection: _connection, ...rest } = headers;
  t.strictSame(rest, {
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'",
    'content-type': 'application/json; charset=utf-8',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'origin-agent-cluster': '?1',
    'referrer-policy': 'no-referrer',
    'strict-transport-security': 'max-age=31536000; includeSubDomains',
    'x-content-type-options': 'nosniff',
    'x-dns-prefetch-control': 'off',
    'x-download-options': 'noopen',
    'x-frame-options': 'DENY',
    'x-permitted-cross-domain-policies': 'none',
    'x-xss-protection': '0',
  });
});

t.test('refusals are no different', async (t) => {
  for (const request of ['GET /v1/me', 'POST /v1/sessions', 'GET /v1/nothing', 'PUT /v1/me']) {
    const { headers } = await api.call(request);
    t.match(headers['content-security-policy'], /^default-src 'none'/, request);
    t.equal(headers['x-content-type-options'], 'nosniff', request);
  }
});
