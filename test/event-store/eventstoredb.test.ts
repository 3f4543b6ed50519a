import t from 'tap';
import type { Position } from '../../src/event-store/event-store.js';
import { openEventStoreDB } from '../../src/event-store/eventstoredb.js';
import { Eventstored, skipWithoutEventStoreDB } from '../support/eventstored.js';
import { silent } from '../support/silent-logger.js';
import { startTcpProxy } from '../support/tcp-proxy.js';
import { eventStoreContract, type Opened } from './contract.js';

t.setTimeout(300_000);

const skip = skipWithoutEventStoreDB();
const foreignPosition = '00000000000000000042' as Position;

t.test('EventStoreDB', { skip }, async (t) => {
  const given = process.env['EVENTSTOREDB_URL'];
  await eventStoreContract(t, 'EventStoreDB', given ? async () => opened(given) : await onServerOfItsOwn());

  async function onServerOfItsOwn(): Promise<() => Promise<Opened>> {
    const server = await Eventstored.start();
    t.teardown(() => server.remove());
    const proxy = await startTcpProxy(server.port);
    t.teardown(() => proxy.close());
    return async () => ({
      ...(await opened(`esdb://127.0.0.1:${proxy.port}?tls=false`)),
      disconnect: async () => proxy.cut(),
      restart: () => server.restart(),
    });
  }
});

async function opened(connectionString: string): Promise<Opened> {
  return { store: await openEventStoreDB({ connectionString, logger: silent }), foreignPosition };
}
