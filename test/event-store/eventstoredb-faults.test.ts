import { binaryEvent, EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import t, { type Test } from 'tap';
import {
  type EventStore,
  EventStoreUnavailable,
  type ExpectedRevision,
  ForeignPosition,
  type Position,
} from '../../src/event-store/event-store.js';
import { openEventStoreDB } from '../../src/event-store/eventstoredb.js';
import { Eventstored, skipWithoutEventStoreDB } from '../support/eventstored.js';
import { startTcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';
import { catchUp, follow } from './contract/follower.js';
import {
  anEvent,
  appendSurely,
  failureOf,
  ids,
  ownStream,
  ownStreams,
  someEvents,
  surely,
} from './contract/subject.js';

t.setTimeout(300_000);

const skip = skipWithoutEventStoreDB({ controlled: true });

/** Milliseconds; shorter than the default, so that a test of silence is short. */
const TIMEOUT = 3_000;

/** What the store wrote to its log, by message. */
class Log {
  readonly messages: string[] = [];
  readonly debug = (_: object, message: string) => this.messages.push(message);
  readonly info = this.debug;
  readonly warn = this.debug;
  readonly error = this.debug;

  count(message: string): number {
    return this.messages.filter((each) => each === message).length;
  }
}

interface StoreOptions {
  readonly timeout?: number;
  readonly logger?: Log;
}

async function openStore(t: Test, connectionString: string, options: StoreOptions = {}): Promise<EventStore> {
  const store = await openEventStoreDB({ connectionString, timeout: TIMEOUT, logger: new Log(), ...options });
  t.teardown(() => store.close());
  return store;
}

/** Resolves with how long it took to fail for want of a server; rejects when it did anything else. */
async function timeToUnavailable(call: Promise<unknown>): Promise<number> {
  const before = Date.now();
  const error = await failureOf(call);
  if (!(error instanceof EventStoreUnavailable)) throw error;
  return Date.now() - before;
}

t.test('EventStoreDB, what can go wrong with it', { skip }, async (t) => {
  const server = await Eventstored.start();
  t.teardown(() => server.remove());
  const url = server.connectionString;

  await t.test('a live subscription that the server drops for being too slow goes on where it was', async (t) => {
    const { prefix, name } = ownStreams();
    const logger = new Log();
    const store = await openStore(t, url, { logger });
    const follower = follow(t, store, { after: await store.head(), prefixes: [prefix] });
    await follower.hasCaughtUp();
    const events: string[] = [];
    const write = async (stream: string) => {
      for (let round = 0; round < 5; round++) {
        const more = someEvents(500);
        events.push(...ids(more));
        await store.append(stream, more, round === 0 ? 'none' : round * 500 - 1);
      }
    };
    await Promise.all([write(name('a')), write(name('b')), write(name('c'))]);
    await follower.has(events.length);
    t.strictSame(ids(follower.events).sort(), events.sort(), 'nothing is lost, nothing comes twice');
    t.ok(logger.count('a subscription begins anew') > 0, 'the server did drop it');
  });

  await t.test('an append that expects any revision, repeated when a restarted server has forgotten it', async (t) => {
    const store = await openStore(t, url);
    const stream = ownStream();
    const events = someEvents(3);
    const first = await store.append(stream, events, 'any');
    await store.append(stream, someEvents(1), 'any');
    await server.restart();
    t.strictSame(await appendSurely(store, stream, events, 'any'), first);
    t.strictSame(await (await openStore(t, url)).append(stream, events, 'any'), first, 'another store knows it too');
    t.equal((await store.readStream(stream)).revision, 3);
  });

  await t.test(
    'a server killed under eight writers loses nothing that it acknowledged, and stores nothing twice',
    async (t) => {
      const { prefix, name } = ownStreams();
      const store = await openStore(t, url);
      const follower = follow(t, store, { after: await store.head(), prefixes: [prefix] });
      const written: string[][] = [];
      let writing = true;
      const writer = async (number: number) => {
        let revision: ExpectedRevision = number % 2 === 0 ? 'none' : 'any';
        const own: string[] = [];
        written[number] = own;
        while (writing) {
          const events = someEvents(1 + (number % 3));
          const appended = await appendSurely(store, name(number), events, revision);
          if (revision !== 'any') revision = appended.revision;
          own.push(...ids(events));
        }
      };
      const writers = Array.from({ length: 8 }, (_, number) => writer(number));
      for (let round = 1; round <= 2; round++) {
        await follower.has(follower.events.length + 200);
        await server.kill();
        await server.start();
      }
      await follower.has(follower.events.length + 200);
      writing = false;
      await Promise.all(writers);
      await follower.has(written.flat().length);
      const read = await store.readStreams(written.map((_, number) => name(number)));
      t.strictSame(
        read.map(({ events }) => ids(events)),
        written,
        'every stream has what its writer wrote, in order',
      );
      t.strictSame(ids(follower.events).sort(), written.flat().sort(), 'the follower saw each event once');
    },
  );

  await t.test('calls to a frozen server fail in time, and work again once it is thawed', async (t) => {
    const store = await openStore(t, url);
    const stream = ownStream();
    await store.append(stream, someEvents(1), 'none');
    server.freeze();
    const events = someEvents(1);
    const times = await Promise.all([
      timeToUnavailable(store.append(stream, events, 0)),
      timeToUnavailable(store.append(ownStream(), someEvents(1), 'any')),
      timeToUnavailable(store.readStream(stream)),
      timeToUnavailable(store.head()),
    ]).finally(() => server.thaw());
    t.ok(Math.max(...times) < TIMEOUT + 2_000, `they failed after ${times.join(', ')} ms`);
    await appendSurely(store, stream, events, 0);
    t.equal((await store.readStream(stream)).revision, 1, 'the append without an answer is there once');
  });

  await t.test('many appends to a frozen server do not wait for one another', async (t) => {
    const store = await openStore(t, url);
    const [stream, other] = [ownStream(), ownStream()];
    await store.append(stream, someEvents(1), 'none');
    server.freeze();
    const before = Date.now();
    const [results, ...queued] = await Promise.all([
      store.appendMany(
        Array.from({ length: 1_000 }, () => ({ stream: ownStream(), events: someEvents(1), expectedRevision: 'none' })),
      ),
      ...someEvents(10).map((event) => timeToUnavailable(store.append(other, [event], 'none'))),
    ]).finally(() => server.thaw());
    t.equal(queued.length, 10);
    t.equal(results.filter(({ status }) => status === 'failed').length, 1_000);
    t.ok(Date.now() - before < TIMEOUT + 4_000, `all had failed after ${Date.now() - before} ms`);
    t.equal((await surely(() => store.readStream(stream), 'the stream was read')).revision, 0);
  });

  await t.test('a subscription survives a server that is frozen and thawed', async (t) => {
    const { prefix, name } = ownStreams();
    const store = await openStore(t, url);
    const follower = follow(t, store, { after: await store.head(), prefixes: [prefix] });
    await follower.hasCaughtUp();
    server.freeze();
    const events = someEvents(2);
    const appended = appendSurely(store, name('a'), events, 'none');
    await failureOf(store.head());
    server.thaw();
    await appended;
    await follower.has(2);
    t.strictSame(ids(follower.events), ids(events));
  });

  await t.test('a peer that takes connections and never answers is given up in time', async (t) => {
    const proxy = await startTcpProxy(server.port);
    t.teardown(() => proxy.close());
    const store = await openStore(t, `esdb://127.0.0.1:${proxy.port}?tls=false`);
    const stream = ownStream();
    await store.append(stream, someEvents(1), 'none');
    proxy.swallow();
    const times = await Promise.all([
      timeToUnavailable(store.append(stream, someEvents(1), 0)),
      timeToUnavailable(store.readStream(stream)),
    ]);
    t.ok(Math.max(...times) < TIMEOUT + 2_000, `they failed after ${times.join(', ')} ms`);
  });

  await t.test('a store whose server is lost does not hurt another store in the process', async (t) => {
    const lost = await Eventstored.start({ settings: ['--mem-db'] });
    t.teardown(() => lost.remove());
    const [healthy, stricken] = [await openStore(t, url), await openStore(t, lost.connectionString)];
    const { name } = ownStreams();
    const failures: unknown[] = [];
    let done = false;
    const write = async (store: EventStore, number: number, failed: (error: unknown) => void) => {
      for (let round = 0; !done; round++)
        await store.append(name(`${number}.${round}`), someEvents(1), 'none').catch(failed);
    };
    let unavailable = 0;
    const writers = Array.from({ length: 16 }, (_, number) =>
      number % 2 === 0
        ? write(healthy, number, (error) => failures.push(error))
        : write(stricken, number, (error) => {
            if (error instanceof EventStoreUnavailable) unavailable += 1;
            else failures.push(error);
          }),
    );
    try {
      await healthy.append(ownStream(), someEvents(1), 'none');
      await lost.kill();
      await until(() => unavailable >= 8, 'the appends to the lost server failed');
    } finally {
      done = true;
      await Promise.all(writers);
    }
    t.strictSame(failures, []);
    t.equal((await healthy.append(ownStream(), someEvents(1), 'none')).revision, 0);
  });

  await t.test('a position that is not in the log is refused', async (t) => {
    const { prefix, name } = ownStreams();
    const store = await openStore(t, url);
    const { position } = await store.append(name('a'), someEvents(1), 'none');
    const beside = position.replaceAll(/[0-9]{20}/g, (digits) => (BigInt(digits) + 1n).toString().padStart(20, '0'));
    await store.append(name('b'), someEvents(1), 'none');
    const behind = '00009000000000000000/00009000000000000000';
    for (const after of [beside, behind, '1/1', 'x', `${position}0`] as Position[]) {
      const error = await failureOf(catchUp(t, store, { after, prefixes: [prefix] }));
      t.ok(error instanceof ForeignPosition, `${after} is refused`);
    }
    t.equal(await store.eventAt(beside as Position), undefined, 'no event stands beside another');
  });

  await t.test('the checkpoint reaches the head though the events there are of others', async (t) => {
    const { prefix } = ownStreams();
    const store = await openStore(t, url);
    const follower = follow(t, store, { after: await store.head(), prefixes: [prefix] });
    await follower.hasCaughtUp();
    const { position } = await store.append(ownStream(), someEvents(3), 'none');
    await follower.hasReached(position);
    t.strictSame(follower.events, []);
    t.ok(follower.batches.at(-1)?.caughtUp, 'it says that it has caught up');
  });

  await t.test('a consumer that crashes anywhere goes on from its checkpoint without a gap', async (t) => {
    const { prefix, name } = ownStreams();
    const store = await openStore(t, url);
    const after = await store.head();
    const events: string[] = [];
    for (let round = 0; round < 30; round++) {
      const more = someEvents(round % 7);
      events.push(...ids(more));
      const appends = [
        { stream: ownStream(), events: someEvents(100), expectedRevision: 'any' as const },
        { stream: name(round), events: more, expectedRevision: 'any' as const },
      ];
      await store.appendMany(more.length > 0 ? appends : appends.slice(0, 1));
    }
    const taken: string[] = [];
    let checkpoint = after;
    while (taken.length < events.length) {
      const { signal } = new AbortController();
      for await (const batch of store.subscribe({ after: checkpoint, streamPrefixes: [prefix], signal })) {
        taken.push(...ids(batch.events));
        checkpoint = batch.position;
        break;
      }
    }
    t.strictSame(taken, events);
  });

  await t.test('events that other programs put into our streams are left out', async (t) => {
    const { prefix, name } = ownStreams();
    const client = EventStoreDBClient.connectionString(url);
    t.teardown(() => client.dispose());
    const logger = new Log();
    const store = await openStore(t, url, { logger });
    const after = await store.head();
    const [first, last] = [anEvent(), anEvent()];
    const stream = name('a');
    await store.append(stream, [first], 'none');
    await client.appendToStream(stream, [
      binaryEvent({ type: 'Bytes', data: Buffer.from([1, 2, 255]) }),
      jsonEvent({ type: 'Text', data: 'text' as never }),
      jsonEvent({ type: 'List', data: [1] as never }),
      jsonEvent({ type: '$system', data: {} }),
      jsonEvent({ type: 'Bare', data: { bare: true } }),
    ]);
    await store.append(stream, [last], 5);
    const read = await store.readStream(stream);
    t.equal(read.revision, 6);
    const described = read.events.map(({ id, type, metadata, revision }) => ({ id, type, metadata, revision }));
    t.strictSame(
      described.map(({ type, metadata, revision }) => ({ type, metadata, revision })),
      [
        { type: first.type, metadata: first.metadata, revision: 0 },
        { type: 'Bare', metadata: {}, revision: 5 },
        { type: last.type, metadata: last.metadata, revision: 6 },
      ],
    );
    t.strictSame(await catchUp(t, store, { after, prefixes: [prefix] }), read.events);
    t.equal(logger.count('left out an event that is not ours'), 8, 'each is logged, when read and when followed');
  });

  await t.test('events of the system are never delivered', async (t) => {
    const store = await openStore(t, url);
    const delivered = await catchUp(t, store, { prefixes: ['$', ''] });
    t.ok(delivered.length > 0);
    t.strictSame(
      delivered.filter(({ stream, type }) => stream.startsWith('$') || type.startsWith('$')),
      [],
    );
  });

  await t.test('a stream that was deleted for ever reads as empty and takes no append', async (t) => {
    const client = EventStoreDBClient.connectionString(url);
    t.teardown(() => client.dispose());
    const store = await openStore(t, url);
    const stream = ownStream();
    await store.append(stream, someEvents(1), 'none');
    await client.tombstoneStream(stream);
    t.strictSame(await store.readStream(stream), { stream, revision: 'none', events: [] });
    for (const expected of ['none', 'any', 0] as const) {
      t.match(await failureOf(store.append(stream, someEvents(1), expected)), { code: 'invalid-append' });
    }
  });

  await t.test('a connection string that cannot be read is refused without being repeated', async (t) => {
    for (const connectionString of ['', 'postgres://u:secret@127.0.0.1', 'esdb://u:secret@127.0.0.1:port']) {
      const error = await failureOf(openStore(t, connectionString));
      t.ok(error instanceof TypeError);
      t.notMatch(String(error), /secret/);
    }
  });
});

t.test('EventStoreDB, a server that is not there yet', { skip }, async (t) => {
  for (const hosts of ['one host', 'several hosts']) {
    await t.test(`everything works once it is there: ${hosts}`, async (t) => {
      const server = await Eventstored.start({ settings: ['--gossip-on-single-node'] });
      t.teardown(() => server.remove());
      await server.stop();
      const url =
        hosts === 'one host'
          ? server.connectionString
          : `esdb://127.0.0.1:${server.port},localhost:${server.port}?tls=false&discoveryInterval=50`;
      const store = await openStore(t, url);
      const { prefix, name } = ownStreams();
      const follower = follow(t, store, { prefixes: [prefix] });
      const events = someEvents(2);
      const times = await Promise.all([
        timeToUnavailable(store.append(name('a'), events, 'none')),
        timeToUnavailable(store.readStream(name('a'))),
        timeToUnavailable(store.head()),
      ]);
      t.ok(Math.max(...times) < TIMEOUT + 1_000, `calls failed after ${times.join(', ')} ms`);
      await server.start();
      await appendSurely(store, name('a'), events, 'none');
      await follower.has(2);
      t.strictSame(ids((await store.readStream(name('a'))).events), ids(events));
    });
  }

  await t.test('a subscription can be left, and the store closed, while it waits for the server', async (t) => {
    const [server] = [await Eventstored.start({ settings: ['--mem-db'] })];
    t.teardown(() => server.remove());
    await server.kill();
    const store = await openStore(t, server.connectionString);
    const [one, other] = [follow(t, store, { prefixes: ['a'] }), follow(t, store, { prefixes: ['a'] })];
    const before = Date.now();
    await one.stop();
    t.ok(Date.now() - before < 1_000, 'the abort ended it at once');
    await store.close();
    await other.ended;
    t.ok(Date.now() - before < TIMEOUT + 1_000);
  });
});
