import type { Test } from 'tap';
import type { JsonObject } from '../../../src/event-store/event-store.js';
import { anEvent, ids, ownStream, ownStreams, type Subject, someEvents } from './subject.js';

/** What is read is what was written, all of it, and at once. */
export async function readContract(t: Test, { store }: Subject): Promise<void> {
  await t.test('a stream that does not exist reads as empty', async (t) => {
    const stream = ownStream();
    t.strictSame(await store.readStream(stream), { stream, revision: 'none', events: [] });
  });

  await t.test('a stream name that no append takes reads as empty', async (t) => {
    const stream = ownStream();
    await store.append(stream, someEvents(1), 'none');
    const read = await store.readStreams(['', stream, 'with\u0000nul', 'lone\ud800surrogate', '$system']);
    t.strictSame(
      read.map(({ stream, revision }) => ({ stream, revision })),
      [
        { stream: '', revision: 'none' },
        { stream, revision: 0 },
        { stream: 'with\u0000nul', revision: 'none' },
        { stream: 'lone\ud800surrogate', revision: 'none' },
        { stream: '$system', revision: 'none' },
      ],
    );
  });

  await t.test('an event reads as it was written', async (t) => {
    const stream = ownStream();
    const event = {
      ...anEvent({ address: 'ana@example.com', count: 2, tags: ['a', 'b'], nothing: null, deep: { yes: true } }),
      metadata: { schemaVersion: 3, actor: { kind: 'person' } },
    };
    const { position } = await store.append(stream, [event], 'none');
    const { events, ...read } = await store.readStream(stream);
    t.strictSame(read, { stream, revision: 0 });
    t.strictSame(
      events.map((event) => ({ ...event })),
      [{ ...event, stream, revision: 0, position }],
    );
  });

  await t.test(
    'the names of a value are in canonical order in the log, and what is read knows its texts',
    async (t) => {
      const stream = ownStream();
      const event = { ...anEvent({ b: [{ d: 1, c: 'ä' }], a: { f: null, e: {} } }), metadata: { z: 0, y: '"' } };
      await store.append(stream, [event], 'none');
      const [read] = (await store.readStream(stream)).events;
      t.strictSame(read?.texts?.(), {
        data: '{"a":{"e":{},"f":null},"b":[{"c":"ä","d":1}]}',
        metadata: '{"y":"\\"","z":0}',
      });
      t.notOk(read && 'texts' in { ...read }, 'a copy does not');
    },
  );

  const texts = {
    accents: 'São João, Ærøskøbing',
    scripts: '日本語 العربية עברית ไทย',
    'astral characters': '👩‍👩‍👧‍👦 𝒳 🏴󠁧󠁢󠁥󠁮󠁧󠁿',
    'a NUL character': 'before\u0000after',
    'control characters': '\u0001\u001f\u007f\u0085\t\r\n',
    'line separators': '\u2028\u2029',
    'a lone surrogate': 'a\ud83db',
    'quotes and backslashes': `"'\\ {"a":"\\u0000"} $1 ::json`,
    'unnormalised text': 'e\u0301 \u00e9',
  };
  for (const [name, text] of Object.entries(texts)) {
    await t.test(`text survives: ${name}`, async (t) => {
      const stream = ownStream();
      const data = { text, [text]: [text] };
      await store.append(stream, [{ ...anEvent(data), metadata: { text } }], 'none');
      const [read] = (await store.readStream(stream)).events;
      t.strictSame(read?.data, data);
      t.strictSame(read?.metadata, { text });
    });
  }

  await t.test('numbers and empty values survive', async (t) => {
    const stream = ownStream();
    const data: JsonObject = {
      '': '',
      a: 0.1,
      big: Number.MAX_SAFE_INTEGER,
      empty: [{}, [], ''],
      huge: Number.MAX_VALUE,
      negative: -1.5e-7,
      tiny: Number.MIN_VALUE,
      z: 1,
    };
    await store.append(stream, [anEvent(data)], 'none');
    t.equal(JSON.stringify((await store.readStream(stream)).events[0]?.data), JSON.stringify(data));
  });

  await t.test('stream names and types may be of any script', async (t) => {
    const stream = `${ownStream()} ü 日本 👍 %_\\"'`;
    await store.append(stream, [anEvent({}, 'Größe geändert 👍')], 'none');
    const read = await store.readStream(stream);
    t.equal(read.events[0]?.stream, stream);
    t.equal(read.events[0]?.type, 'Größe geändert 👍');
  });

  await t.test('a stream reads from a revision on', async (t) => {
    const stream = ownStream();
    const events = someEvents(6);
    await store.append(stream, events, 'none');
    const read = await store.readStream(stream, 4);
    t.strictSame(ids(read.events), ids(events.slice(4)));
    t.equal(read.events[0]?.revision, 4);
    t.equal(read.revision, 5);
  });

  await t.test('read from behind its end, a stream has no events but its revision', async (t) => {
    const stream = ownStream();
    await store.append(stream, someEvents(3), 'none');
    t.strictSame(await store.readStream(stream, 3), { stream, revision: 2, events: [] });
    t.strictSame(await store.readStream(stream, 1_000), { stream, revision: 2, events: [] });
  });

  await t.test('a stream that does not exist reads as empty from any revision', async (t) => {
    const stream = ownStream();
    t.strictSame(await store.readStream(stream, 7), { stream, revision: 'none', events: [] });
  });

  await t.test('a long stream is read to its end', async (t) => {
    const stream = ownStream();
    const events = someEvents(6_000);
    for (let from = 0; from < events.length; from += 2_000) {
      await store.append(stream, events.slice(from, from + 2_000), from === 0 ? 'none' : from - 1);
    }
    const read = await store.readStream(stream);
    t.strictSame(ids(read.events), ids(events));
    t.equal(read.revision, 5_999);
  });

  await t.test('streams whose names only begin alike or differ in case are kept apart', async (t) => {
    const { name } = ownStreams();
    const names = ['a', 'a1', 'A', 'a ', 'á'].map(name);
    for (const stream of names) await store.append(stream, [anEvent({ stream })], 'none');
    const read = await store.readStreams(names);
    t.strictSame(
      read.map(({ events }) => events.map(({ data }) => data)),
      names.map((stream) => [{ stream }]),
    );
  });

  await t.test('several streams are read in the order asked, also missing and repeated ones', async (t) => {
    const { name } = ownStreams();
    const events = someEvents(3);
    await store.append(name('one'), events.slice(0, 2), 'none');
    await store.append(name('two'), events.slice(2), 'none');
    const read = await store.readStreams([name('two'), name('missing'), name('one'), name('two')]);
    t.strictSame(
      read.map(({ stream, revision, events }) => ({ stream, revision, ids: ids(events) })),
      [
        { stream: name('two'), revision: 0, ids: ids(events.slice(2)) },
        { stream: name('missing'), revision: 'none', ids: [] },
        { stream: name('one'), revision: 1, ids: ids(events.slice(0, 2)) },
        { stream: name('two'), revision: 0, ids: ids(events.slice(2)) },
      ],
    );
  });

  await t.test('no streams are read as nothing', async (t) => {
    t.strictSame(await store.readStreams([]), []);
  });

  await t.test('an append that was answered is in every read that begins after it', async (t) => {
    const { name } = ownStreams();
    const writer = async (number: number) => {
      const [own, shared] = [name(number), name('shared')];
      for (let round = 0; round < 25; round++) {
        await store.append(own, someEvents(1), round === 0 ? 'none' : round - 1);
        const appended = await store.append(shared, someEvents(1), 'any');
        const [mine, ours] = await store.readStreams([own, shared]);
        if (mine?.revision !== round) return `${own} read at ${mine?.revision}, not at ${round}`;
        if (Number(ours?.revision) < appended.revision) return `${shared} read behind revision ${appended.revision}`;
        if ((await store.readStream(own)).revision !== round) return `${own} read behind revision ${round}`;
      }
      return 'fine';
    };
    const outcomes = await Promise.all(Array.from({ length: 16 }, (_, number) => writer(number)));
    t.strictSame(new Set(outcomes), new Set(['fine']));
  });
}
