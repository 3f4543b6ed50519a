import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import t, { type Test } from 'tap';
import { lockDataFolder } from '../../src/embedded/postgres/folder-lock.js';
import { createDatabase } from '../support/postgres.js';

t.test('the lock is held by one at a time, until it is released', async (t) => {
  const { url } = await createDatabase(t);
  const first = await lockDataFolder(url);
  const second = await lockDataFolder(url);
  t.strictSame([first.status, second.status], ['held', 'refused']);

  if (first.status === 'held') await first.lock.release();
  const third = await lockDataFolder(url);

  t.equal(third.status, 'held');
  if (third.status === 'held') await third.lock.release();
});

t.test('a lock whose connection breaks is lost, and says so', async (t) => {
  const { url } = await createDatabase(t);
  const server = await startFrontOf(t, url, 0);
  const attempt = await lockDataFolder(server.url);
  if (attempt.status !== 'held') throw new Error('the lock was free');
  t.equal(attempt.lock.isLost(), false);
  const told = new Promise<void>((resolve) => attempt.lock.onLost(resolve));

  server.breakConnections();
  await told;

  t.equal(attempt.lock.isLost(), true);
  await attempt.lock.release();
});

t.test('a server that is starting up is waited for', async (t) => {
  const { url } = await createDatabase(t);
  const server = await startFrontOf(t, url, 5);

  const attempt = await lockDataFolder(server.url);

  t.strictSame([attempt.status, server.refused()], ['held', 5]);
  if (attempt.status === 'held') await attempt.lock.release();
});

t.test('a server that is not there, or goes away without a word, is gone', async (t) => {
  const closing = createServer((socket) => socket.once('data', () => socket.destroy())).listen(0, '127.0.0.1');
  await once(closing, 'listening');
  const url = urlOf(closing);

  t.strictSame(await lockDataFolder(url), { status: 'gone' });
  closing.close();
  await once(closing, 'close');
  t.strictSame(await lockDataFolder(url), { status: 'gone' });
});

t.test('a wrong password is an error, not something to wait for', async (t) => {
  const url = new URL((await createDatabase(t)).url);
  url.password = 'guess';

  await t.rejects(lockDataFolder(url.href), { code: '28P01' });
});

/** A way to the Postgres of `url` that first says to `refusals` connections that the server is starting up. */
async function startFrontOf(t: Test, url: string, refusals: number) {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let refused = 0;
  const front = createServer((client) => {
    client.on('error', () => undefined);
    if (refused < refusals) {
      refused += 1;
      client.once('data', () => client.end(errorResponse('57P03', 'the database system is starting up')));
      return;
    }
    const server = connect(Number(target.port), target.hostname);
    server.on('error', () => undefined);
    sockets.add(client).add(server);
    client.pipe(server).pipe(client);
  }).listen(0, '127.0.0.1');
  await once(front, 'listening');
  const breakConnections = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  t.teardown(() => {
    breakConnections();
    front.close();
  });
  const through = new URL(url);
  through.port = new URL(urlOf(front)).port;
  return { url: through.href, refused: () => refused, breakConnections };
}

/** https://www.postgresql.org/docs/current/protocol-message-formats.html, ErrorResponse. */
function errorResponse(code: string, message: string): Buffer {
  const fields = Buffer.from(`SFATAL\0C${code}\0M${message}\0\0`);
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}

function urlOf(server: ReturnType<typeof createServer>): string {
  const address = server.address();
  return `postgres://postgres:x@127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/postgres`;
}
