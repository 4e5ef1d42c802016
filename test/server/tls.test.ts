// TLS on the port: the protocol by ALPN, who does not trust it, who stalls, and what ends with the server.
import { once } from 'node:events';
import http2 from 'node:http2';
import { connect as connectPlain, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { handshakeMs } from '../../src/server/tlsConnections.ts';
import { tlsClientHello } from '../support/clientBytes.ts';
import { recorder } from '../support/recorder.ts';
import { kinesisHeaders, secure, sendHttps1, sendHttps2, trust } from './support/rawHttp.ts';
import { testIdentity } from './support/testCertificate.ts';
import { testServer } from './support/testServer.ts';

async function secured(port: number, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = connect({ port, host: '127.0.0.1', ...(await trust()), ...options });
  socket.on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  return socket;
}

/** Also after an error. */
const closed = (socket: Socket): Promise<void> =>
  new Promise((resolve) => void socket.once('close', () => resolve()));

test.each([
  [['h2', 'http/1.1'], 'h2'],
  [['http/1.1', 'h2'], 'h2'],
  [['http/1.1'], 'http/1.1'],
  [[], false],
])('a client that offers %j gets %s', async (ALPNProtocols, chosen) => {
  const { server } = await testServer();
  const socket = await secured(server.port, { ALPNProtocols });
  await once(socket, 'secureConnect');
  expect([socket.authorized, socket.alpnProtocol]).toEqual([true, chosen]);
});

test('without ALPN a client speaks HTTP/2 or HTTP/1.1, and is not asked which', async () => {
  const { server, fake } = await testServer();
  const socket = await secured(server.port, { ALPNProtocols: [] });
  const session = http2.connect(secure(server.endpoint), { createConnection: () => socket });
  onTestFinished(() => session.destroy());
  const headers = kinesisHeaders('DeleteStream');
  const stream = session.request({ ':method': 'POST', ':path': '/', ...headers });
  stream.end('{"StreamName":"a"}');
  const [answered] = (await once(stream, 'response')) as [Record<string, unknown>];
  expect([answered[':status'], socket.alpnProtocol]).toEqual([200, false]);
  const plain = await secured(server.port, { ALPNProtocols: [] });
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const body = '{"StreamName":"b"}';
  plain.write(
    `POST / HTTP/1.1\r\nhost: localhost\r\n${head.join('')}content-length: ${body.length}`,
  );
  plain.write(`\r\n\r\n${body}`);
  const [bytes] = (await once(plain, 'data')) as [Buffer];
  expect(bytes.toString('latin1')).toMatch(/^HTTP\/1\.1 200 /);
  expect(fake.calls).toHaveLength(2);
});

test.each(['TLS', 'nothing'])('in TLS without ALPN, %s ends the connection only', async (says) => {
  const { server } = await testServer();
  const socket = await secured(server.port, { ALPNProtocols: [] });
  await once(socket, 'secureConnect');
  const gone = closed(socket);
  socket.resume();
  if (says === 'TLS') socket.write(Buffer.from([0x16, 3, 1, 0, 200, 1]));
  else socket.end();
  await gone;
  const answer = await sendHttps2(server.endpoint, {
    headers: kinesisHeaders('DescribeLimits'),
    body: '{}',
  });
  expect(answer.status).toBe(200);
});

test.each(['localhost', '127.0.0.1'])('the certificate is for %s', async (host) => {
  const { server } = await testServer();
  const { ca } = await trust();
  const socket = connect({ port: server.port, host, ca: ca! });
  onTestFinished(() => void socket.destroy());
  await once(socket, 'secureConnect');
  expect(socket.authorized).toBe(true);
});

test('requests of one connection are answered one after the other', async () => {
  const { server, fake } = await testServer();
  const session = http2.connect(secure(server.endpoint), await trust());
  onTestFinished(() => session.destroy());
  for (let call = 0; call < 3; call++) {
    const headers = kinesisHeaders('DeleteStream');
    const stream = session.request({ ':method': 'POST', ':path': '/', ...headers });
    stream.end('{"StreamName":"a"}');
    const [answered] = (await once(stream, 'response')) as [Record<string, unknown>];
    expect(answered[':status']).toBe(200);
    stream.resume();
    await once(stream, 'close');
  }
  expect(fake.calls).toHaveLength(3);
});

test('a body of many TLS records arrives whole, and so does the answer', async () => {
  const text = 'x'.repeat(3 * 1024 ** 2);
  const { server, fake } = await testServer({
    answers: { GetResourcePolicy: () => ({ Policy: text }) },
  });
  const ResourceARN = text;
  const request = {
    headers: kinesisHeaders('GetResourcePolicy'),
    body: JSON.stringify({ ResourceARN }),
  };
  for (const send of [sendHttps1, sendHttps2]) {
    const answer = await send(server.endpoint, request);
    expect(answer.json().Policy).toBe(text);
  }
  expect(
    fake.calls.map(({ input }) => (input as { ResourceARN: string }).ResourceARN === text),
  ).toEqual([true, true]);
});

test('the certificate is asked for with the first client that speaks TLS, once', async () => {
  let asked = 0;
  const { server } = await testServer({
    tlsIdentity: () => {
      asked++;
      return testIdentity();
    },
  });
  const plain = connectPlain(server.port, '127.0.0.1');
  await once(plain, 'connect');
  plain.destroy();
  expect(asked).toBe(0);
  const sockets = [await secured(server.port), await secured(server.port)];
  await Promise.all(sockets.map((socket) => once(socket, 'secureConnect')));
  expect(asked).toBe(1);
});

test('a certificate that cannot be kept is tried again with the next client', async () => {
  const logger = recorder();
  let asked = 0;
  const { server } = await testServer({
    logger,
    tlsIdentity: () => (++asked === 1 ? Promise.reject(new Error('disk full')) : testIdentity()),
  });
  await closed(await secured(server.port));
  expect(logger.lines.join()).toContain('There is no TLS, for there is no certificate: disk full');
  const second = await secured(server.port);
  await once(second, 'secureConnect');
  expect(asked).toBe(2);
});

test('a certificate that can never be kept is told of once', async () => {
  const logger = recorder();
  const tlsIdentity = () => Promise.reject(new Error('disk full'));
  const { server } = await testServer({ logger, tlsIdentity });
  for (let times = 0; times < 2; times++) await closed(await secured(server.port));
  expect(logger.lines).toEqual([expect.stringContaining('disk full')]);
});

test.each([
  ['gave up', [0x15, 3, 3, 0, 2, 2, 90], /handshake failed \(.*CANCELLED\): let it speak TLS 1.2/],
  ['does not trust', [0x15, 3, 3, 0, 2, 2, 46], /does not trust .*CERTIFICATE_UNKNOWN/],
])('a client that %s in its handshake is told of as such', async (_, alert, sentence) => {
  const logger = recorder();
  const { server } = await testServer({ logger });
  const socket = connectPlain(server.port, '127.0.0.1');
  socket.on('error', () => undefined).write(await tlsClientHello('TLSv1.2'));
  await once(socket, 'data');
  socket.write(Buffer.from(alert));
  await closed(socket);
  while (logger.lines.length === 0) await turn();
  expect(logger.lines).toEqual([expect.stringMatching(sentence)]);
});

test('what breaks a connection after its handshake is not told of as a failed handshake', async () => {
  const logger = recorder();
  const { server } = await testServer({ logger });
  const below = connectPlain(server.port, '127.0.0.1');
  const between = new Duplex({
    read: () => undefined,
    write: (chunk, _, done) => void below.write(chunk, done),
  });
  below.on('error', () => undefined).on('data', (chunk) => between.push(chunk));
  const socket = await secured(server.port, { socket: between });
  await once(socket, 'secureConnect');
  below.write(Buffer.from([0x17, 3, 3, 0, 32, ...Buffer.alloc(32)]));
  await closed(below);
  while (logger.lines.length === 0) await turn();
  expect(logger.lines[0]).toMatch(/^A connection in TLS ended, .*\(ERR_SSL_/);
});

test('a client that does not trust the certificate is told of once, with what to do', async () => {
  const logger = recorder();
  const { server } = await testServer({ logger });
  const hello = await tlsClientHello('TLSv1.2');
  for (let times = 0; times < 2; times++) {
    const socket = connectPlain(server.port, '127.0.0.1');
    socket.on('error', () => undefined).write(hello);
    await once(socket, 'data');
    socket.write(unknownAuthority);
    await closed(socket);
    while (logger.lines.length === times) await turn();
  }
  const told = logger.lines.filter((line) => line.includes('shardscope certificate'));
  expect(told).toHaveLength(1);
});

/** The alert `unknown_ca` of TLS 1.2, fatal. */
const unknownAuthority = Buffer.from([0x15, 3, 3, 0, 2, 2, 48]);

test('a client that says nothing more in its handshake is cut off', async () => {
  const { server, clock } = await testServer();
  const socket = connectPlain(server.port, '127.0.0.1');
  socket.on('error', () => undefined);
  const gone = closed(socket);
  socket.write(Buffer.from([0x16, 3, 1, 0, 200, 1]));
  while (clock.nextTimerMs !== handshakeMs) await turn();
  await clock.advance(handshakeMs);
  await gone;
});

test('what looks like TLS and is none ends its connection only', async () => {
  const { server } = await testServer();
  for (const says of [[0x16], [0x16, 0x16, 0x16, 0x16, 0x16, 0x16], [0x16, 3, 1, 0, 1, 9]]) {
    const socket = connectPlain(server.port, '127.0.0.1');
    socket.on('error', () => undefined);
    const gone = closed(socket);
    socket.end(Buffer.from(says));
    await gone;
  }
  const answer = await sendHttps1(server.endpoint, {
    headers: kinesisHeaders('DescribeLimits'),
    body: '{}',
  });
  expect(answer.status).toBe(200);
});

test('close() ends connections in a handshake, and idle ones', async () => {
  const { server, clock } = await testServer();
  const shaking = connectPlain(server.port, '127.0.0.1');
  shaking.on('error', () => undefined);
  shaking.write(Buffer.from([0x16]));
  while (clock.nextTimerMs !== handshakeMs) await turn();
  const idle = await secured(server.port);
  await once(idle, 'secureConnect');
  const gone = [closed(idle), closed(shaking)];
  idle.resume();
  await Promise.all([server.close(), ...gone]);
});

test('without an identity a client of TLS is cut off, and the log says why', async () => {
  const logger = recorder();
  const { server } = await testServer({ logger, tlsIdentity: undefined });
  await closed(await secured(server.port));
  expect(logger.lines.join()).toContain('There is no TLS here');
});

test('a head that is too long is answered, not cut off, while its client still sends', async () => {
  const { server, clock } = await testServer();
  const socket = await secured(server.port);
  await once(socket, 'secureConnect');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = once(socket, 'end');
  socket.write(`POST / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(300_000)}\r\n\r\n`);
  await ended;
  expect(Buffer.concat(chunks).toString()).toMatch(/^HTTP\/1.1 431 [\s\S]*\r\n\r\n$/);
  const gone = closed(socket);
  socket.end();
  await gone;
  while (clock.pendingTimers > 0) await turn();
});
