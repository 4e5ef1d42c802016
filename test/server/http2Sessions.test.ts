// Connections of HTTP/2: idle ones end, busy ones stay, and a closed one leaves nothing behind.
import { once } from 'node:events';
import http2, { type ClientHttp2Session } from 'node:http2';
import { type AddressInfo, createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { nullLogger } from '../../src/base/logger.ts';
import { BufferPool } from '../../src/server/bufferPool.ts';
import { Http2Exchange } from '../../src/server/http2/http2Exchange.ts';
import { Http2Sessions, sessionIdleMs } from '../../src/server/http2Sessions.ts';
import { collectGarbage } from '../support/collectGarbage.ts';
import { TestClock } from '../support/testClock.ts';

interface Bench {
  readonly clock: TestClock;
  readonly sessions: Http2Sessions;
  /** The server's side of each connection, in the order of their first calls. */
  readonly seen: WeakRef<object>[];
  connect(): ClientHttp2Session;
}

async function started(): Promise<Bench> {
  const clock = new TestClock();
  const seen: WeakRef<object>[] = [];
  const known = new WeakSet<object>();
  const buffers = new BufferPool();
  const parts = {
    buffers,
    ids: { requestId: 'a', hostId: 'b' },
    date: '',
    onClosed: () => undefined,
  };
  const sessions = new Http2Sessions({
    clock,
    logger: nullLogger,
    exchangeOf: (headers, port) => {
      const { host } = (port as unknown as { of: { host: object } }).of;
      if (!known.has(host)) seen.push(new WeakRef(host));
      known.add(host);
      return new Http2Exchange(headers, { ...parts, port });
    },
    begin: (exchange) => exchange.answer({ status: 200, body: 'yes' }),
    onEmpty: () => undefined,
  });
  const server = createServer({ pauseOnConnect: true }, (socket) => sessions.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return {
    clock,
    sessions,
    seen,
    connect: () => {
      const session = http2.connect(`http://127.0.0.1:${port}`);
      onTestFinished(() => session.destroy());
      return session;
    },
  };
}

async function call(session: ClientHttp2Session): Promise<void> {
  const stream = session.request({ ':path': '/' }).resume();
  await once(stream, 'close');
}

test('a client that sends nothing for ten minutes is let go; one that calls is not', async () => {
  const { clock, connect } = await started();
  const [idle, busy] = [connect(), connect()];
  await Promise.all([call(idle), call(busy)]);
  const left = once(idle, 'close');
  for (let passedMs = 0; passedMs <= sessionIdleMs; passedMs += sessionIdleMs / 4) {
    await call(busy);
    await clock.advance(sessionIdleMs / 4);
  }
  await left;
  await call(busy);
  expect(busy.closed).toBe(false);
  busy.close();
  await once(busy, 'close');
});

test('a session that is closed is kept by nothing, however it ended', async () => {
  const { clock, seen, connect } = await started();
  const leave = async (how: 'close' | 'destroy' | 'cut'): Promise<void> => {
    const session = connect();
    await call(session);
    if (how === 'cut') session.destroy(undefined, http2.constants.NGHTTP2_INTERNAL_ERROR);
    else session[how]();
    await once(session, 'close');
  };
  for (const how of ['close', 'destroy', 'cut'] as const) {
    for (let times = 0; times < 10; times++) await leave(how);
  }
  const stays = connect();
  await call(stays);
  expect(seen).toHaveLength(31);
  await clock.advance(60_000);
  for (let turn = 0; turn < 10; turn++) await call(stays);
  await collectGarbage();
  // One or two may still be in a register or a cache of the machine's.
  expect(seen.filter((session) => session.deref()).length).toBeLessThanOrEqual(3);
  expect(stays.closed).toBe(false);
});

test('the look at idle sessions ends with the last of them, and with the server', async () => {
  const { clock, sessions, connect } = await started();
  const first = connect();
  await call(first);
  expect(clock.pendingTimers).toBe(1);
  first.close();
  await once(first, 'close');
  while (clock.pendingTimers > 0) await clock.advance(sessionIdleMs / 10);
  const second = connect();
  await call(second);
  expect(clock.pendingTimers).toBe(1);
  sessions.close();
  expect(clock.pendingTimers).toBe(0);
  await once(second, 'close');
});
