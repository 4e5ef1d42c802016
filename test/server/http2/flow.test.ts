// What both sides may send: a connection never starves and never holds more than it says, whatever its client does.
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { bodyMs } from '../../../src/server/body.ts';
import { idleFramesMax, streamsMax } from '../../../src/server/http2/connection.ts';
import { errorCodes } from '../../../src/server/http2/frames.ts';
import { streamsInAllMax } from '../../../src/server/http2Sessions.ts';
import { block, frame, opening, setting, word } from '../../support/http2Frames.ts';
import { seededRandom } from '../../support/seededRandom.ts';
import { ObedientClient, type Upload } from '../support/obedientClient.ts';
import { call, callHeaders, callOf, Http2Client } from '../support/rawHttp2.ts';
import { testServer } from '../support/testServer.ts';

const MIB = 1024 ** 2;

const putHeaders = callHeaders.map(([name, value]) =>
  name === 'x-amz-target'
    ? ([name, 'Kinesis_20131202.PutRecord'] as const)
    : ([name, value] as const),
);
const put = block(putHeaders);
const refused = block([...putHeaders, ['origin', 'http://evil.example']]);

/** A put whose data are one letter, that of its stream. */
const letterOf = (stream: number): string => String.fromCharCode(65 + ((stream >> 1) % 26));
const bodyOf = (stream: number, bytes: number): Buffer =>
  Buffer.from(
    JSON.stringify({
      ...{ StreamName: 's', PartitionKey: String(stream) },
      Data: letterOf(stream).repeat(Math.ceil(bytes / 4) * 4),
    }),
  );

/** A server that checks what is put, and the streams whose puts came whole. */
async function checkedPuts() {
  const whole = new Set<number>();
  const test = await testServer({
    answers: {
      PutRecord: async ({ PartitionKey, Data }: { PartitionKey: string; Data: Uint8Array }) => {
        const stream = Number(PartitionKey);
        const letters = Buffer.from(letterOf(stream).repeat(4), 'base64');
        if (Buffer.alloc(Data.length, letters).equals(Data)) whole.add(stream);
        return { ShardId: 's', SequenceNumber: '1' };
      },
    },
  });
  return { ...test, whole };
}

const statusOf = (client: Http2Client, stream: number): string =>
  (client.of(1, stream).at(-1)?.payload.toString('latin1') ?? '').slice(0, 5);

test('padding does not use up a stream', async () => {
  const { server, whole } = await checkedPuts();
  const client = new ObedientClient(server.port);
  client.begin(1, { block: put, body: bodyOf(1, MIB) });
  const upload = client.uploads.get(1)!;
  await client.until(() => {
    while (client.step(upload, { bytes: 200, padding: 255 }));
    return client.isEnded(1);
  });
  expect([...whole]).toEqual([1]);
});

test('bodies that wait for room do not hold up those that they wait for', async () => {
  const { server, whole } = await checkedPuts();
  const client = new ObedientClient(server.port);
  const [early, late] = [64, 16];
  for (let at = 0; at < early + late; at++) {
    client.begin(at * 2 + 1, { block: put, body: bodyOf(at * 2 + 1, 1.5 * MIB) });
  }
  // one MiB of each that comes early, then all of the others, as far as they go, then the rest
  const half = 0.5 * MIB;
  const orderOf = ({ stream, rest }: Upload): number =>
    stream < early * 2 ? (rest.length > half ? 0 : 2) : 1;
  await client.until(() => {
    const next = (): boolean =>
      [...client.uploads.values()]
        .sort((a, b) => orderOf(a) - orderOf(b))
        .some((upload) => client.step(upload, { bytes: 16_384 }));
    while (next());
    return whole.size === early + late;
  });
});

test('200 MiB over one connection, some of it refused, taken back, padded or too long', async () => {
  const { server, whole } = await checkedPuts();
  const client = new ObedientClient(server.port);
  const random = seededRandom(5);
  const puts = new Set<number>();
  let [sentBytes, stream] = [0, 1];
  while (sentBytes < 200 * MIB || client.uploads.size > 0) {
    while (client.uploads.size < 20 && sentBytes < 200 * MIB) {
      const kind = random.fraction();
      const bytes = kind < 0.02 ? 17 * MIB : random.integer(1, 2 * MIB);
      if (kind > 0.2) puts.add(stream);
      client.begin(stream, {
        block: kind > 0.02 && kind < 0.2 ? refused : put,
        body: bodyOf(stream, bytes),
      });
      sentBytes += bytes;
      stream += 2;
    }
    for (const upload of client.uploads.values()) {
      if (random.chance(0.002)) {
        puts.delete(upload.stream);
        client.reset(upload);
      } else {
        const padding = random.chance(0.1) ? random.integer(0, 255) : -1;
        client.step(upload, { bytes: random.integer(1, 40_000), padding });
      }
    }
    await setImmediate();
    expect(client.isClosed).toBe(false);
  }
  await client.until(() => [...puts].every((one) => client.isEnded(one)));
  expect([...puts].filter((one) => !whole.has(one))).toEqual([]);
  // 16 MiB are more than the windows of any connection that was not given back what it sent
  client.begin(stream, { block: put, body: bodyOf(stream, 11 * MIB) });
  const last = client.uploads.get(stream)!;
  await client.until(() => {
    while (client.step(last, { bytes: 16_384 }));
    return client.isEnded(stream);
  });
  expect(whole.has(stream)).toBe(true);
});

test('a client may say as often as it likes that it has read', async () => {
  const Records = [{ SequenceNumber: '1', Data: Buffer.alloc(60_000), PartitionKey: 'k' }];
  const { server } = await testServer({
    answers: { GetRecords: async () => ({ Records, MillisBehindLatest: 0 }) },
  });
  const client = new Http2Client(server.port, opening(setting(4, 2 ** 31 - 1)));
  client.send(frame({ type: 8, payload: word(2 ** 30) }));
  // what a client in Go says of each 4 KiB that it reads, long after the last of them was sent
  for (let at = 0; at < idleFramesMax / 10; at++) {
    const stream = at * 2 + 1;
    client.send(callOf(stream, 'GetRecords', '{"ShardIterator":"i"}'));
    await client.until(() => client.isEnded(stream));
    const read = frame({ type: 8, stream, payload: word(4096) });
    client.send(...Array.from({ length: 20 }, () => read));
  }
  client.send(call(99_999));
  await client.until(() => client.isEnded(99_999));
  expect(client.codes(7)).toEqual([]);
});

test('a body that nobody waits for ends by itself', async () => {
  const { server, clock } = await testServer();
  const client = new Http2Client(server.port);
  client.send(frame({ type: 1, flags: 4, stream: 1, payload: refused }));
  await client.until(() => client.isEnded(1));
  await clock.advance(bodyMs);
  await client.until(() => client.codes(3).length > 0);
  expect(client.codes(3)).toEqual([errorCodes.none]);
});

test('streams of all connections together are bounded', async () => {
  const { server } = await testServer();
  const full = Array.from(
    { length: streamsInAllMax / streamsMax },
    () => new Http2Client(server.port),
  );
  const begun = Array.from({ length: streamsMax }, (_, at) => at * 2 + 1);
  for (const client of full) {
    client.send(...begun.map((stream) => frame({ type: 1, flags: 4, stream, payload: refused })));
    await client.until(() => client.of(1).length === streamsMax);
  }
  const other = new Http2Client(server.port);
  other.send(call(1));
  await other.until(() => other.codes(3).length > 0);
  expect(other.codes(3)).toEqual([errorCodes.refused]);
  full[0]!.socket.destroy();
  let stream = 3;
  other.send(call(stream));
  await other.until(() => {
    const isRefused = other.of(3, stream).length > 0;
    if (isRefused) {
      stream += 2;
      other.send(call(stream));
    }
    return other.isEnded(stream);
  });
  expect(statusOf(other, stream)).toMatch(/^\x88/);
});
