import assert from 'node:assert/strict';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import fc from 'fast-check';
import t from 'tap';

import { answerOf, type EventRecord } from '../../src/event-store/eventstoredb/answers.js';

const { ReadResp } = streams;
const { RecordedEvent } = ReadResp.ReadEvent;
type Message = InstanceType<typeof ReadResp>;

/** As the server writes it. */
const bytesOf = (message: Message) => Buffer.from(message.serializeBinary());

/** What is read from it, but for its size. */
function read(message: Message): object {
  const bytes = bytesOf(message);
  const { bytes: length, ...answer } = answerOf(bytes);
  assert.equal(length, bytes.length);
  return answer;
}

const text = fc.string({ unit: 'grapheme' });
const unsigned = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String);
const records = fc.record(
  {
    id: fc.uuid(),
    type: text,
    stream: text,
    revision: fc.nat(),
    commit: unsigned,
    prepare: unsigned,
    data: text,
    metadata: text,
  },
  { noNullPrototype: true },
);

function resolved(record: EventRecord): Message {
  const event = new RecordedEvent();
  const id = new shared.UUID();
  id.setString(record.id);
  event.setId(id);
  const stream = new shared.StreamIdentifier();
  stream.setStreamName(Buffer.from(record.stream));
  event.setStreamIdentifier(stream);
  event.setStreamRevision(String(record.revision));
  event.setCommitPosition(record.commit);
  event.setPreparePosition(record.prepare);
  event.getMetadataMap().set('created', '17').set('type', record.type).set('content-type', 'application/json');
  event.setData(Buffer.from(record.data));
  event.setCustomMetadata(Buffer.from(record.metadata));
  const holder = new ReadResp.ReadEvent();
  holder.setEvent(event);
  holder.setCommitPosition('1');
  const message = new ReadResp();
  message.setEvent(holder);
  return message;
}

t.test('an event is read as the generated code of the protocol writes it', async (t) => {
  fc.assert(
    fc.property(records, (record) => {
      assert.deepEqual(read(resolved(record)), { record });
    }),
  );
  t.pass('whatever it holds');
});

t.test('what a server says besides events', async (t) => {
  fc.assert(
    fc.property(unsigned, unsigned, (commit, prepare) => {
      const checkpoint = new ReadResp.Checkpoint();
      checkpoint.setCommitPosition(commit);
      checkpoint.setPreparePosition(prepare);
      const message = new ReadResp();
      message.setCheckpoint(checkpoint);
      assert.deepEqual(read(message), { checkpoint: { commit, prepare } });
    }),
  );
  const last = new ReadResp();
  last.setLastStreamPosition('7');
  t.strictSame(read(last), { lastRevision: 7 });
  const caughtUp = new ReadResp();
  caughtUp.setCaughtUp(new ReadResp.CaughtUp());
  t.strictSame(read(caughtUp), { standing: 'caught up' });
  const fellBehind = new ReadResp();
  fellBehind.setFellBehind(new ReadResp.FellBehind());
  t.strictSame(read(fellBehind), { standing: 'fell behind' });
});

t.test('what is not used, and what no version so far has said, is passed over', async (t) => {
  const confirmation = new ReadResp.SubscriptionConfirmation();
  confirmation.setSubscriptionId('1');
  const message = new ReadResp();
  message.setConfirmation(confirmation);
  t.strictSame(read(message), {});
  // Fields 100 to 103: a number, eight bytes, a text, four bytes.
  const unknown = Buffer.concat([
    Buffer.from([0xa0, 0x06, 0x96, 0x01]),
    Buffer.from([0xa9, 0x06, 1, 2, 3, 4, 5, 6, 7, 8]),
    Buffer.from([0xb2, 0x06, 2, 0x68, 0x69]),
    Buffer.from([0xbd, 0x06, 1, 2, 3, 4]),
    bytesOf(message),
  ]);
  t.strictSame(answerOf(unknown), { bytes: unknown.length });
});

t.test('an answer that is cut off is no answer', async (t) => {
  const record = {
    id: '1',
    type: 'A',
    stream: 'b-1',
    revision: 0,
    commit: '1',
    prepare: '1',
    data: '{}',
    metadata: '{}',
  };
  const whole = bytesOf(resolved(record));
  for (let length = 1; length < whole.length; length++) {
    t.throws(() => answerOf(whole.subarray(0, length)), RangeError, `${length} of ${whole.length} bytes`);
  }
  t.throws(() => answerOf(Buffer.from([0xa3, 0x06])), /of kind 3/);
});
