import t from 'tap';
import type { ExpectedRevision } from '../../src/event-store/event-store.js';
import { openEventStoreDB } from '../../src/event-store/eventstoredb.js';
import { type Eventstored, skipWithoutEventStoreDB, startEventstoredCluster } from '../support/eventstored.js';
import { silent } from '../support/silent-logger.js';
import { until } from '../support/until.js';
import { catchUp, follow } from './contract/follower.js';
import { appendSurely, ids, ownStream, ownStreams, someEvents, surely } from './contract/subject.js';

t.setTimeout(300_000);

const skip = skipWithoutEventStoreDB({ controlled: true });

t.test('EventStoreDB, a cluster of three nodes', { skip }, async (t) => {
  const nodes = await startEventstoredCluster();
  t.teardown(() => Promise.all(nodes.map((node) => node.remove())));
  const hosts = nodes.map(({ port }) => `127.0.0.1:${port}`).join(',');
  const open = async (connectionString: string) => {
    const store = await openEventStoreDB({ connectionString, logger: silent });
    t.teardown(() => store.close());
    return store;
  };

  await t.test('whichever node it is told of, a store reads what was just appended', async (t) => {
    const urls = [
      ...nodes.map(({ connectionString }) => connectionString),
      `esdb://${hosts}?tls=false&nodePreference=follower`,
    ];
    for (const url of urls) {
      const store = await open(url);
      const stream = ownStream();
      for (let revision = 0; revision < 40; revision++) {
        await store.append(stream, someEvents(1), revision === 0 ? 'none' : revision - 1);
        const read = await store.readStream(stream);
        if (read.revision !== revision) throw new Error(`revision ${revision} was appended, ${read.revision} was read`);
      }
      t.pass('every read had every append');
    }
  });

  await t.test('the leader is killed under eight writers: nothing acknowledged is lost or stored twice', async (t) => {
    const { prefix, name } = ownStreams();
    const store = await open(`esdb://${hosts}?tls=false`);
    const after = await store.head();
    const follower = follow(t, store, { after, prefixes: [prefix] });
    const written: string[][] = [];
    let writing = true;
    const writers = Array.from({ length: 8 }, async (_, number) => {
      let revision: ExpectedRevision = number % 2 === 0 ? 'none' : 'any';
      const own: string[] = [];
      written[number] = own;
      while (writing) {
        const events = someEvents(1 + (number % 3));
        const appended = await appendSurely(store, name(number), events, revision);
        if (revision !== 'any') revision = appended.revision;
        own.push(...ids(events));
      }
    });
    await follower.has(300);
    const leader = await leaderOf(nodes);
    await leader.kill();
    const before = Date.now();
    await follower.has(follower.events.length + 300);
    t.comment(`events came again ${Date.now() - before} ms after the leader was killed`);
    writing = false;
    await Promise.all(writers);
    await follower.has(written.flat().length);
    t.strictSame(ids(follower.events).sort(), written.flat().sort(), 'the follower saw each event once');
    const read = await surely(() => store.readStreams(written.map((_, number) => name(number))), 'all was read');
    t.strictSame(
      read.map(({ events }) => ids(events)),
      written,
      'every stream has what its writer wrote, in order',
    );
    t.strictSame(ids(await catchUp(t, store, { after, prefixes: [prefix] })), ids(follower.events));
    await leader.start();
  });

  async function leaderOf(nodes: readonly Eventstored[]): Promise<Eventstored> {
    return until(async () => {
      const members = (await nodes[0]?.gossip()) ?? [];
      const port = members.find(({ state }) => state === 'Leader')?.port;
      return nodes.find((node) => node.port === port);
    }, 'there is a leader');
  }
});
