// A stream that is given up while the system still sends from its answer's buffer.
import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { BufferPool } from '../../../src/server/bufferPool.ts';
import { Http2Exchange } from '../../../src/server/http2/http2Exchange.ts';
import { Sender } from '../../../src/server/http2/sender.ts';
import { Http2Stream, type StreamHost } from '../../../src/server/http2/stream.ts';
import { TestClock } from '../../support/testClock.ts';

const bytes = 200_000;

/** A socket that the test takes bytes from. */
class HeldSocket {
  destroyed = false;
  writableLength = 0;
  readonly held: (() => void)[] = [];

  write(part: string | Buffer, _: unknown, taken = _ as () => void): void {
    this.writableLength += part.length;
    this.held.push(() => {
      this.writableLength -= part.length;
      taken();
    });
  }

  cork(): void {}
  uncork(): void {}

  take(): void {
    for (const taken of this.held.splice(0)) taken();
  }
}

function answeredStream() {
  const socket = new HeldSocket();
  const sender = new Sender(socket as unknown as Socket, () => undefined);
  const said: string[] = [];
  const host: StreamHost = {
    sender,
    clock: new TestClock(),
    isSecure: false,
    widen: () => undefined,
    reset: (_, code) => void said.push(`reset ${code}`),
    ended: () => void said.push('ended'),
    destroy: () => void said.push('destroyed'),
  };
  const stream = new Http2Stream({ id: 1, host, length: undefined });
  const pool = new BufferPool();
  const headers = new Map([
    [':method', 'POST'],
    [':path', '/'],
  ]);
  const exchange = new Http2Exchange(headers, {
    port: stream,
    buffers: pool,
    ids: { requestId: 'r', hostId: 'h' },
    date: 'today',
    onClosed: () => void said.push('closed'),
  });
  stream.exchange = exchange;
  stream.bringAll(Buffer.alloc(0));
  const body = exchange.takeBuffer(bytes);
  exchange.answer({ status: 200, body });
  return { socket, sender, stream, pool, body, said };
}

const flushed = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('an answer is over, and its buffer free, once the system has all of it', async () => {
  const { socket, stream, pool, body, said } = answeredStream();
  await flushed();
  expect(stream.bytesSent).toBe(0);
  stream.outgoing.window = bytes;
  socket.take();
  expect(stream.bytesSent).toBe(65_535);
  expect(said).toEqual([]);
  expect(pool.take(bytes)).not.toBe(body);
});

test('a buffer is not used again while the system sends from it, though its client has gone', async () => {
  const { socket, stream, pool, body, said } = answeredStream();
  await flushed();
  stream.abandon();
  expect(said).toEqual(['ended']);
  expect(pool.take(bytes)).not.toBe(body);
  socket.take();
  expect(said).toEqual(['ended', 'closed']);
  expect(pool.take(bytes)).toBe(body);
});

test('cut() ends the stream, and the whole connection where the stream fills its socket', async () => {
  const held = answeredStream();
  await flushed();
  held.stream.cut();
  expect(held.said).toEqual(['destroyed']);
  const other = answeredStream();
  await flushed();
  other.socket.take();
  other.stream.cut();
  expect(other.said).toEqual(['reset 8', 'ended', 'closed']);
});

test('an exchange ends though its connection does before its answer was written', async () => {
  const { socket, stream, pool, body, said } = answeredStream();
  stream.abandon();
  socket.destroyed = true;
  await flushed();
  expect(said).toEqual(['ended', 'closed']);
  expect(pool.take(bytes)).toBe(body);
});

test('a client that takes a byte at a time, and reads none, does not make frames without end', async () => {
  const { socket, sender, stream } = answeredStream();
  await flushed();
  sender.widen(1_000_000);
  for (let at = 0; at < 5000; at++) {
    sender.widenStream(stream.outgoing, 1);
    if (at % 100 === 0) await flushed();
  }
  await flushed();
  expect(socket.held.length).toBeLessThan(2500);
  for (let rounds = 0; rounds < 4; rounds++) {
    socket.take();
    await flushed();
  }
  expect(stream.bytesSent).toBe(65_535 + 5000);
});
