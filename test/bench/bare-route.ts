/**
 * The limit that invitations are held against: a route that checks the same token and appends one event through the same
 * port, with no reads and no decision. A process of its own, like the service.
 */
import { randomUUID } from 'node:crypto';
import fastifyJwt from '@fastify/jwt';
import fastify from 'fastify';

import { createPool } from '../../src/database/pool.js';
import { openEventStore } from '../../src/event-store/open.js';
import { parseTokenKeys } from '../../src/tokens/keys.js';
import { silent } from '../support/silent-logger.js';

const { DATABASE_URL = '', EVENT_STORE = 'postgres', TOKEN_KEYS = '', PORT = '0' } = process.env;
const pool = createPool({ connectionString: DATABASE_URL, name: 'bare route', logger: silent, max: 8 });
const store = await openEventStore(EVENT_STORE, { pool, logger: silent });
const app = fastify({ logger: false });
await app.register(fastifyJwt, { secret: parseTokenKeys(TOKEN_KEYS)[0].secret, verify: { allowedAud: 'access' } });

app.post<{ Body: { email: string; role: string } }>('/append', async (request, reply) => {
  await request.jwtVerify();
  const { email, role } = request.body;
  const id = randomUUID();
  const { position } = await store.append(
    `bare-${id}`,
    [{ id, type: 'UserInvited', data: { email, role }, metadata: { at: new Date().toISOString() } }],
    'none',
  );
  return reply.code(201).header('event-position', position).send({ id, email, role });
});
app.get('/health/live', async () => ({ status: 'ok' }));

await app.listen({ host: '127.0.0.1', port: Number(PORT) });
