// Connections of HTTP/2 below any client: what arrives in pieces, too much, too slowly or out of place.
import { once } from 'node:events';
import http2 from 'node:http2';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { idleFramesMax, streamsMax } from '../../../src/server/http2/connection.ts';
import { errorCodes } from '../../../src/server/http2/frames.ts';
import { sessionIdleMs } from '../../../src/server/http2Sessions.ts';
import { sweepMs } from '../../../src/server/watchedConnections.ts';
import { block, frame, opening, setting, word } from '../../support/http2Frames.ts';
import { heard } from '../support/heard.ts';
import { quiet } from '../support/quiet.ts';
import { kinesisHeaders, sendHttp2 } from '../support/rawHttp.ts';
import { call, callHeaders, callOf, Http2Client } from '../support/rawHttp2.ts';
import { signal } from '../support/signal.ts';
import { testServer } from '../support/testServer.ts';

const MIB = 1024 ** 2;
const streams = { StreamNames: ['a'], HasMoreStreams: false };
const listing = { answers: { ListStreams: async () => streams } };
const said = JSON.stringify(streams);

async function listingClient(settings?: Buffer) {
  const test = await testServer(listing);
  return { ...test, client: new Http2Client(test.server.port, opening(settings)) };
}

/** A listing that is answered once it is released. */
async function heldServer() {
  const release = signal();
  const ListStreams = async () => {
    await release.done;
    return streams;
  };
  return { ...(await testServer({ answers: { ListStreams } })), release };
}

describe('a connection answers', () => {
  test('many calls that come together', async () => {
    const { client, fake } = await listingClient();
    client.send(...[1, 3, 5, 7].map((stream) => call(stream)));
    await client.until(() => [1, 3, 5, 7].every((stream) => client.isEnded(stream)));
    for (const stream of [1, 3, 5, 7]) {
      expect(client.body(stream).toString()).toBe(said);
    }
    expect(fake.calls).toHaveLength(4);
  });

  test('calls wherever the network cuts them', async () => {
    const { server } = await testServer(listing);
    const bytes = Buffer.concat([call(1), frame({ type: 6, payload: '12345678' }), call(3)]);
    const cuts = fc.array(fc.nat(bytes.length), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(cuts, async (places) => {
        const client = new Http2Client(server.port);
        let from = 0;
        for (const to of [...places.toSorted((a, b) => a - b), bytes.length]) {
          client.send(bytes.subarray(from, to));
          await new Promise((resolve) => setImmediate(resolve));
          from = to;
        }
        await client.until(() => client.isEnded(1) && client.isEnded(3));
        expect(client.body(1)).toEqual(client.body(3));
        client.socket.destroy();
      }),
      { numRuns: 60, seed: 11 },
    );
  });

  test('a client whose first bytes come one by one', async () => {
    const { server } = await testServer(listing);
    const first = opening();
    const client = new Http2Client(server.port, first.subarray(0, 3));
    await quiet(() => client.frames.length);
    for (const byte of first.subarray(3)) {
      client.send(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    client.send(call(1));
    await client.until(() => client.isEnded(1));
    expect(client.body(1).toString()).toBe(said);
  });

  test('a head in several frames, with padding and a priority, and a padded body', async () => {
    const { client } = await listingClient();
    const bytes = block(callHeaders);
    const first = Buffer.concat([
      Buffer.from([2, 0, 0, 0, 0, 9]),
      bytes.subarray(0, 9),
      word(0).subarray(2),
    ]);
    client.send(
      frame({ type: 1, flags: 0x28, stream: 1, payload: first }),
      frame({ type: 9, stream: 1, payload: bytes.subarray(9, 50) }),
      frame({ type: 9, flags: 4, stream: 1, payload: bytes.subarray(50) }),
      frame({ type: 0, flags: 9, stream: 1, payload: '\x03{}\0\0\0' }),
    );
    await client.until(() => client.isEnded(1));
    expect(client.body(1).toString()).toBe(said);
  });

  test('a call with trailers, and one that comes behind unknown frames', async () => {
    const { client } = await listingClient();
    const trailers = block([['x-checksum', '1']]);
    client.send(
      frame({ type: 1, flags: 4, stream: 1, payload: block(callHeaders) }),
      frame({ type: 0, stream: 1, payload: '{}' }),
      frame({ type: 1, flags: 5, stream: 1, payload: trailers }),
      frame({ type: 0xbb, flags: 0xff, stream: 9, payload: 'whatever' }),
      frame({ type: 2, stream: 3, payload: '\0\0\0\0\x10' }),
      call(3),
    );
    await client.until(() => client.isEnded(1) && client.isEnded(3));
    expect(client.body(1).toString()).toBe(said);
  });

  test('HEAD without a body, and who waits for leave to send', async () => {
    const { client } = await listingClient();
    const head = callHeaders.map(([name, value]) =>
      name === ':method' ? ([name, 'HEAD'] as const) : ([name, value] as const),
    );
    client.send(frame({ type: 1, flags: 5, stream: 1, payload: block(head) }));
    const waiting = block([...callHeaders, ['expect', '100-continue']]);
    client.send(frame({ type: 1, flags: 4, stream: 3, payload: waiting }));
    await client.until(() => client.isEnded(1) && client.of(1, 3).length === 1);
    expect(client.body(1)).toHaveLength(0);
    expect(client.of(1, 3)[0]!.payload.toString('latin1')).toBe('\x08\x03100');
    client.send(frame({ type: 0, flags: 1, stream: 3, payload: '{}' }));
    await client.until(() => client.isEnded(3));
    expect(client.body(3).toString()).toBe(said);
  });

  test('a ping and settings, each once', async () => {
    const { client } = await listingClient();
    client.send(
      frame({ type: 6, payload: 'abcdefgh' }),
      frame({ type: 6, flags: 1, payload: '12345678' }),
    );
    await client.until(() => client.of(6).length > 0);
    await quiet(() => client.frames.length);
    expect(client.of(6)).toMatchObject([{ flags: 1, payload: Buffer.from('abcdefgh') }]);
    expect(client.of(4).filter(({ flags }) => flags === 1)).toHaveLength(1);
  });
});

describe('what a client takes', () => {
  test('bounds an answer, on its stream and on all', async () => {
    const { client } = await listingClient(setting(4, 10));
    client.send(call(1));
    await client.until(() => client.body(1).length === 10);
    await quiet(() => client.frames.length);
    expect(client.body(1)).toHaveLength(10);
    client.send(frame({ type: 8, stream: 1, payload: word(5) }));
    await client.until(() => client.body(1).length === 15);
    client.send(frame({ type: 4, payload: setting(4, 1000) }));
    await client.until(() => client.isEnded(1));
    expect(client.body(1).toString()).toBe(said);
  });

  test('bounds all answers together, and each gets its turn', async () => {
    const Records = [{ SequenceNumber: '1', Data: Buffer.alloc(300_000), PartitionKey: 'k' }];
    const { server } = await testServer({
      answers: { GetRecords: async () => ({ Records, MillisBehindLatest: 0 }) },
    });
    const client = new Http2Client(server.port, opening(setting(4, 2 ** 31 - 1)));
    for (const stream of [1, 3]) client.send(callOf(stream, 'GetRecords', '{"ShardIterator":"i"}'));
    const got = (): number => client.body(1).length + client.body(3).length;
    await client.until(() => got() === 65_535);
    await quiet(got);
    expect(got()).toBe(65_535);
    for (let rounds = 0; rounds < 6; rounds++) {
      client.send(frame({ type: 8, payload: word(200_000) }));
    }
    await client.until(() => client.isEnded(1) && client.isEnded(3));
    expect(client.body(1)).toEqual(client.body(3));
  });

  test('cannot be more than there is', async () => {
    const { client } = await listingClient(setting(4, 10));
    client.send(call(1), frame({ type: 8, stream: 1, payload: word(2 ** 31 - 1) }));
    await client.until(() => client.codes(3).length > 0);
    expect(client.codes(3)).toEqual([errorCodes.flowControl]);
    client.send(frame({ type: 8, payload: word(2 ** 31 - 1) }));
    await client.closed();
    expect(client.codes(7)).toEqual([errorCodes.flowControl]);
  });
});

describe('what a client sends', () => {
  test('may be much: it is told that it may send more', async () => {
    const { server, fake } = await testServer();
    const body = JSON.stringify({ StreamName: 's', PartitionKey: 'k', Data: 'A'.repeat(9 * MIB) });
    for (let calls = 0; calls < 3; calls++) {
      const headers = kinesisHeaders('PutRecord');
      expect((await sendHttp2(server.endpoint, { headers, body })).status).toBe(200);
    }
    expect(fake.calls).toHaveLength(3);
  });

  test.each([
    ['at length', 2 * MIB, 10],
    ['in one frame', 16_384, 1100],
  ])('%s does not use up the connection where nobody reads it', async (_, bytes, calls) => {
    const { server } = await testServer();
    const session = http2.connect(server.endpoint);
    onTestFinished(() => session.destroy());
    for (let call = 0; call < calls; call++) {
      const stream = session.request({ ':method': 'POST', origin: 'http://evil.example' });
      stream.end(Buffer.alloc(bytes));
      const [headers] = await once(stream, 'response');
      expect(headers[':status']).toBe(403);
      await once(stream.resume(), 'close');
    }
  });

  test.each([
    ['less than announced', '3', 'ab', 1],
    ['more than announced', '1', 'ab', 1],
    ['more than announced, and not all of it', '1', 'ab', 0],
  ])('and is %s ends its stream', async (_, length, payload, flags) => {
    const { client, fake } = await listingClient();
    const headers = block([...callHeaders, ['content-length', length]]);
    client.send(
      frame({ type: 1, flags: 4, stream: 1, payload: headers }),
      frame({ type: 0, flags, stream: 1, payload }),
      call(3),
    );
    await client.until(() => client.isEnded(3));
    expect(client.codes(3)).toEqual([errorCodes.protocol]);
    expect(fake.calls).toHaveLength(1);
  });

  test('beyond its window ends the stream', async () => {
    const release = signal();
    const { server } = await testServer({ answers: { ListStreams: () => release.done } });
    onTestFinished(() => release.fire());
    const client = new Http2Client(server.port);
    const headers = block([...callHeaders, ['content-length', '1048577']]);
    client.send(frame({ type: 1, flags: 4, stream: 1, payload: headers }));
    // in one turn, before anything of it can be dealt with: padding counts and is given back
    const padded = frame({ type: 0, flags: 8, stream: 1, payload: Buffer.alloc(16_384, 1) });
    client.send(...Array.from({ length: 70 }, () => padded));
    await client.until(() => client.codes(3).length > 0);
    expect(client.codes(3)).toEqual([errorCodes.protocol]);
  });

  test.each([
    ['no path', callHeaders.filter(([name]) => name !== ':path')],
    ['a name in capitals', [...callHeaders, ['Accept', 'x'] as const]],
    ['no number for a length', [...callHeaders, ['content-length', '1x'] as const]],
  ])('and has %s is refused, and the next call is not', async (_, headers) => {
    const { client, fake } = await listingClient();
    client.send(call(1, headers), call(3));
    await client.until(() => client.isEnded(3));
    expect(client.codes(3)).toEqual([errorCodes.protocol]);
    expect(fake.calls).toHaveLength(1);
  });

  test('at once is bounded', async () => {
    const { server, fake, release } = await heldServer();
    const client = new Http2Client(server.port);
    for (let index = 0; index < streamsMax + 3; index++) client.send(call(index * 2 + 1));
    await client.until(() => client.codes(3).length === 3);
    expect(client.codes(3)).toEqual(Array(3).fill(errorCodes.refused));
    release.fire();
    await client.until(() => client.isEnded(streamsMax * 2 - 1));
    expect(fake.calls).toHaveLength(streamsMax);
  });
});

describe('a connection ends with', () => {
  test.each([
    ['a long frame', frame({ type: 0, stream: 1, payload: Buffer.alloc(16_385) }), 'frameSize'],
    ['DATA without a stream', frame({ type: 0, stream: 1, payload: 'x' }), 'protocol'],
    ['HEADERS of an even stream', call(2), 'protocol'],
    [
      'HEADERS that are no block',
      frame({ type: 1, flags: 4, stream: 1, payload: '\x80' }),
      'compression',
    ],
    ['PUSH_PROMISE', frame({ type: 5, stream: 1, payload: word(2) }), 'protocol'],
    ['CONTINUATION of nothing', frame({ type: 9, flags: 4, stream: 1 }), 'protocol'],
    ['RST_STREAM of no stream yet', frame({ type: 3, stream: 1, payload: word(8) }), 'protocol'],
    ['WINDOW_UPDATE by nothing', frame({ type: 8, payload: word(0) }), 'protocol'],
    ['WINDOW_UPDATE of another length', frame({ type: 8, payload: 'abc' }), 'frameSize'],
    ['SETTINGS of a stream', frame({ type: 4, stream: 1 }), 'protocol'],
    ['SETTINGS of another length', frame({ type: 4, payload: 'abc' }), 'frameSize'],
    ['a window that is too wide', frame({ type: 4, payload: setting(4, 2 ** 31) }), 'flowControl'],
    ['frames that are too short', frame({ type: 4, payload: setting(5, 100) }), 'protocol'],
    ['a PING of another length', frame({ type: 6, payload: 'abc' }), 'frameSize'],
    [
      'more padding than payload',
      frame({ type: 1, flags: 12, stream: 1, payload: '\x09a' }),
      'protocol',
    ],
    [
      'a frame in the midst of a head',
      Buffer.concat([frame({ type: 1, stream: 1 }), frame({ type: 0, stream: 1, payload: 'x' })]),
      'protocol',
    ],
  ] as const)('%s', async (_, bytes, code) => {
    const { client } = await listingClient();
    client.send(bytes);
    await client.closed();
    expect(client.codes(7)).toEqual([errorCodes[code]]);
  });

  test('a preface that goes on otherwise', async () => {
    const { server } = await testServer(listing);
    const client = new Http2Client(server.port, Buffer.from('PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n'));
    await client.closed();
    expect(client.codes(7)).toEqual([errorCodes.protocol]);
  });

  test.each([
    ['pings', () => frame({ type: 6, payload: 'abcdefgh' })],
    ['settings', () => frame({ type: 4 })],
    ['priorities', () => frame({ type: 2, stream: 1, payload: '\0\0\0\0\x10' })],
    [
      'calls that it takes back',
      (at: number) => {
        const stream = at * 2 + 1;
        return Buffer.concat([call(stream), frame({ type: 3, stream, payload: word(8) })]);
      },
    ],
  ])('a flood of %s', async (_, make) => {
    const { client, fake } = await listingClient();
    for (let at = 0; at < idleFramesMax + 10; at++) client.send(make(at));
    await client.closed();
    expect(client.codes(7)).toEqual([errorCodes.calm]);
    expect(fake.calls.length).toBeLessThanOrEqual(idleFramesMax + 1);
  });

  test('a head without end', async () => {
    const { client } = await listingClient();
    client.send(frame({ type: 1, stream: 1, payload: block(callHeaders) }));
    for (let at = 0; at < 40; at++) {
      client.send(frame({ type: 9, stream: 1, payload: Buffer.alloc(1000) }));
    }
    await client.closed();
    expect(client.codes(7)).toEqual([errorCodes.calm]);
  });

  test('a head in crumbs', async () => {
    const { client } = await listingClient();
    client.send(frame({ type: 1, stream: 1, payload: block(callHeaders) }));
    const crumb = frame({ type: 9, stream: 1, payload: 'x' });
    for (let at = 0; at < idleFramesMax + 10; at++) client.send(crumb);
    await client.closed();
    expect(client.codes(7)).toEqual([errorCodes.calm]);
  });

  test.each([
    ['empty DATA', frame({ type: 0, stream: 1 })],
    ['DATA that is all padding', frame({ type: 0, flags: 8, stream: 1, payload: '\x03\0\0\0' })],
  ])('a flood of %s', async (_, bytes) => {
    const { client } = await listingClient();
    client.send(frame({ type: 1, flags: 4, stream: 1, payload: block(callHeaders) }));
    for (let at = 0; at < idleFramesMax + 10; at++) client.send(bytes);
    await client.closed();
    expect(client.codes(7)).toEqual([errorCodes.calm]);
  });
});

describe('time', () => {
  async function pass(clock: { advance(ms: number): Promise<void> }, ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += sweepMs) await clock.advance(sweepMs);
  }

  test('forgives pings that come now and then', async () => {
    const { client, clock } = await listingClient();
    for (let rounds = 0; rounds < 3; rounds++) {
      for (let at = 0; at < idleFramesMax - 10; at++) {
        client.send(frame({ type: 6, payload: 'abcdefgh' }));
      }
      await client.until(() => client.of(6).length === (rounds + 1) * (idleFramesMax - 10));
      await clock.advance(sweepMs);
    }
    client.send(call(1));
    await client.until(() => client.isEnded(1));
  });

  test('ends a connection on which nothing goes on', async () => {
    const { client, clock } = await listingClient();
    client.send(call(1));
    await client.until(() => client.isEnded(1));
    await pass(clock, sessionIdleMs - sweepMs);
    expect(client.isClosed).toBe(false);
    await pass(clock, 2 * sweepMs);
    await client.closed();
    expect(client.codes(7)).toEqual([errorCodes.none]);
  });

  test('ends a connection in the midst of a frame', async () => {
    const { client, clock } = await listingClient();
    await client.until(() => client.frames.length > 1);
    client.send(call(1).subarray(0, 20));
    await heard(client.socket);
    await pass(clock, 60_000);
    expect(client.isClosed).toBe(false);
    await pass(clock, 15_000);
    await client.closed();
  });

  test('does not end a call that takes long', async () => {
    const { server, fake, clock, release } = await heldServer();
    const client = new Http2Client(server.port);
    client.send(call(1));
    await client.until(() => fake.calls.length > 0 && client.frames.length > 1);
    await pass(clock, sessionIdleMs + 10 * sweepMs);
    release.fire();
    await client.until(() => client.isEnded(1));
    expect(client.body(1).toString()).toBe(said);
  });
});

test('close() tells the client, answers what is under way and takes nothing more', async () => {
  const { server, fake, release } = await heldServer();
  const client = new Http2Client(server.port);
  client.send(call(1));
  await client.until(() => fake.calls.length === 1);
  const closed = server.close();
  await client.until(() => client.of(7).length > 0);
  client.send(call(3));
  await quiet(() => fake.calls.length);
  release.fire();
  await closed;
  await client.closed();
  expect(client.body(1).toString()).toBe(said);
  expect(client.of(1, 3)).toHaveLength(0);
  expect(fake.calls).toHaveLength(1);
});
