// Frames of event streams: the SDK's own decoder reads them, message by message and through its client.
import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import { KinesisClient, SubscribeToShardCommand } from '@aws-sdk/client-kinesis';
import { EventStreamCodec } from '@smithy/core/event-streams';
import { fromUtf8, toUtf8 } from '@smithy/core/serde';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  type SubscribeToShardEvent,
  subscribeToShardEvent,
} from '../../../src/kinesis/subscribeToShardEvent.ts';
import { cborCodec } from '../../../src/server/cbor/codec.ts';
import { encoderOf as cborEncoderOf } from '../../../src/server/cbor/encode.ts';
import { FrameKind } from '../../../src/server/eventStream/frame.ts';
import {
  eventStreamType,
  SubscriptionFrames,
} from '../../../src/server/eventStream/subscriptionFrames.ts';
import { jsonCodec } from '../../../src/server/json/codec.ts';
import { encoderOf as jsonEncoderOf } from '../../../src/server/json/encode.ts';
import { KinesisCborProtocol } from '../../api/cborProtocol.ts';

const decoder = new EventStreamCodec(toUtf8, fromUtf8);

/** Texts of all headers, and the payload. */
function read(frame: Uint8Array): { headers: Record<string, unknown>; body: Buffer } {
  const { headers, body } = decoder.decode(frame);
  const texts = Object.entries(headers).map(([name, { value }]) => [name, value]);
  return { headers: Object.fromEntries(texts), body: Buffer.from(body) };
}

type Encode = (event: SubscribeToShardEvent) => string;
const encodings = [
  {
    name: 'JSON',
    codec: jsonCodec,
    generally: (event: SubscribeToShardEvent) =>
      Buffer.from((jsonEncoderOf(subscribeToShardEvent) as Encode)(event)),
    config: {},
  },
  {
    name: 'CBOR',
    codec: cborCodec,
    generally: (event: SubscribeToShardEvent) =>
      Buffer.from((cborEncoderOf(subscribeToShardEvent) as Encode)(event), 'latin1'),
    config: { protocol: KinesisCborProtocol },
  },
];

const digits = fc.bigInt({ min: 0n, max: 2n ** 187n }).map(String);
const record = fc.record({
  SequenceNumber: digits,
  ApproximateArrivalTimestamp: fc.date({ noInvalidDate: true }),
  Data: fc.uint8Array({ maxLength: 60 }),
  PartitionKey: fc.string({ unit: fc.constantFrom(...'ab"-é💧'), minLength: 1, maxLength: 40 }),
});
const child = {
  ShardId: 'shardId-000000000001',
  ParentShards: ['shardId-000000000000'],
  HashKeyRange: { StartingHashKey: '0', EndingHashKey: '9' },
};
const events: fc.Arbitrary<SubscribeToShardEvent> = fc.record(
  {
    Records: fc.array(record, { maxLength: 20 }),
    ContinuationSequenceNumber: digits,
    MillisBehindLatest: fc.nat(),
    ChildShards: fc.constant([child, child]),
  },
  { requiredKeys: ['Records', 'MillisBehindLatest'] },
);

describe('FrameKind', () => {
  test('makes frames that the SDK reads, whatever headers and payload', () => {
    const letter = fc.constantFrom(...':az-é💧');
    const name = fc.string({ unit: letter, minLength: 1, maxLength: 60 });
    const value = fc.string({ unit: letter, maxLength: 300 });
    const headers = fc.dictionary(name, value, { maxKeys: 5 });
    fc.assert(
      fc.property(headers, fc.uint8Array({ maxLength: 300 }), (texts, payload) => {
        const { headers: got, body } = read(new FrameKind(texts).frame(payload));
        expect([got, body]).toEqual([{ ...texts }, Buffer.from(payload)]);
      }),
    );
  });

  test('makes frames whose every byte is checked', () => {
    const good = new FrameKind({ ':event-type': 'a' }).frame(Buffer.from('payload'));
    for (let at = 0; at < good.length; at++) {
      const bad = Buffer.from(good);
      bad[at]! ^= 1;
      expect(() => decoder.decode(bad)).toThrow();
    }
  });
});

describe.each(encodings)('SubscriptionFrames in $name', ({ codec, generally, config }) => {
  const frames = new SubscriptionFrames(codec);
  const used = (bytes: number) => Buffer.alloc(bytes + 10, 0xee);
  const ofType = { ':content-type': codec.contentType };

  test('initialResponse() is an event with an empty structure', () => {
    const { headers, body } = read(frames.initialResponse());
    expect(headers).toEqual({
      ':message-type': 'event',
      ':event-type': 'initial-response',
      ...ofType,
    });
    expect(body).toEqual(codec.encodeMembers({}));
  });

  test('event() holds what the general way writes, in the one buffer that was taken', () => {
    fc.assert(
      fc.property(events, (event) => {
        const taken: Buffer[] = [];
        const frame = frames.event(event, (bytes) => {
          taken.push(used(bytes));
          return taken[0]!;
        });
        expect([taken.length, frame.buffer]).toEqual([1, taken[0]!.buffer]);
        const { headers, body } = read(frame);
        expect(headers).toEqual({
          ':message-type': 'event',
          ':event-type': 'SubscribeToShardEvent',
          ...ofType,
        });
        expect(body.equals(generally(event))).toBe(true);
      }),
    );
  });

  test('failure() is an exception of the model, or an error', () => {
    const message = 'Stream é';
    const { headers, body } = read(frames.failure({ name: 'ResourceInUseException', message }));
    expect(headers).toEqual({
      ':message-type': 'exception',
      ':exception-type': 'ResourceInUseException',
      ...ofType,
    });
    expect(body).toEqual(codec.encodeMembers({ message }));
    const internal = read(frames.failure({ name: 'InternalFailure', message }));
    expect(internal.headers[':exception-type']).toBe('InternalFailureException');
    const other = read(frames.failure({ name: 'LimitExceededException', message }));
    expect(other).toEqual({
      headers: {
        ':message-type': 'error',
        ':error-code': 'LimitExceededException',
        ':error-message': message,
      },
      body: Buffer.alloc(0),
    });
    const long = read(frames.failure({ name: 'A', message: 'é'.repeat(100_000) }));
    expect(long.headers[':error-message']).toBe('é'.repeat(16_384));
  });

  /** What the SDK's client makes of the frames. */
  async function subscribe(sent: Buffer[]): Promise<AsyncIterable<object>> {
    const server = http2.createServer((_, response) => {
      response.writeHead(200, { 'content-type': eventStreamType });
      for (const frame of sent) response.write(frame);
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const credentials = { accessKeyId: 'key', secretAccessKey: 'secret' };
    const endpoint = `http://127.0.0.1:${port}`;
    const client = new KinesisClient({ endpoint, region: 'us-east-1', credentials, ...config });
    onTestFinished(() => {
      client.destroy();
      server.close();
    });
    const answer = await client.send(
      new SubscribeToShardCommand({
        ConsumerARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/a/consumer/b:1',
        ShardId: 'shardId-000000000000',
        StartingPosition: { Type: 'LATEST' },
      }),
    );
    return answer.EventStream!;
  }

  const event: SubscribeToShardEvent = {
    Records: [
      {
        SequenceNumber: '1',
        ApproximateArrivalTimestamp: new Date(1_459_799_926_480),
        Data: new Uint8Array([0, 0xff]),
        PartitionKey: 'é',
      },
    ],
    ContinuationSequenceNumber: '2',
    MillisBehindLatest: 0,
  };
  const last: SubscribeToShardEvent = { Records: [], MillisBehindLatest: 5, ChildShards: [child] };

  test("the SDK's client reads a stream of them", async () => {
    const sent = [event, last].map((one) => frames.event(one, used));
    const got: object[] = [];
    for await (const one of await subscribe([frames.initialResponse(), ...sent])) got.push(one);
    const [first, second] = got as { SubscribeToShardEvent: SubscribeToShardEvent }[];
    expect(got).toHaveLength(2);
    expect(Buffer.from(first!.SubscribeToShardEvent.Records[0]!.Data)).toEqual(
      Buffer.from([0, 0xff]),
    );
    const Data = expect.any(Uint8Array);
    expect(first!.SubscribeToShardEvent).toEqual({
      ...event,
      Records: [{ ...event.Records[0], Data }],
    });
    expect(second!.SubscribeToShardEvent).toEqual(last);
  });

  test.each([
    ['ResourceNotFoundException', 'Stream a not found.'],
    ['LimitExceededException', 'Rate exceeded.'],
  ])("the SDK's client throws %s that a stream ends with", async (name, message) => {
    const stream = await subscribe([frames.initialResponse(), frames.failure({ name, message })]);
    const reading = (async () => {
      for await (const one of stream) expect(one).toBeUndefined();
    })();
    await expect(reading).rejects.toMatchObject({ name, message });
  });
});
