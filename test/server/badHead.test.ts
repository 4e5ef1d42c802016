// What a client reads whose request Node's reader gives up: one answer that is its own, or none.
import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { badHeads } from '../../src/server/badHead.ts';
import { TestClock } from '../support/testClock.ts';
import { signal } from './support/signal.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A client that may end its half before the server does. */
async function client(handler: Handler): Promise<{ socket: Socket; server: http.Server }> {
  const server = http.createServer(handler);
  server.on('clientError', badHeads(new TestClock()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => undefined);
  onTestFinished(() => {
    socket.destroy();
    server.close();
  });
  return { socket, server };
}

function readOf(socket: Socket): { text: string; gone: Promise<void> } {
  const gone = new Promise<void>((resolve) => void socket.once('close', () => resolve()));
  const read = { text: '', gone };
  socket.on('data', (chunk: Buffer) => {
    read.text += chunk.toString();
  });
  return read;
}

const whole = 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}';
const garbage = 'no request\r\n\r\n';

test('a request that took too long is refused, and is not heard to its end after that', async () => {
  const arrived = signal();
  let request!: IncomingMessage;
  const { socket, server } = await client((asked) => {
    request = asked;
    arrived.fire();
  });
  const read = readOf(socket);
  socket.write(whole.slice(0, -1));
  await arrived.done;
  let heard = '';
  request.on('data', (chunk: Buffer) => {
    heard += chunk.toString();
  });
  const over = new Promise<void>((resolve) => void request.once('close', () => resolve()));
  request.on('error', () => undefined);
  while (heard === '') await once(request, 'data');
  // As Node does when `requestTimeout` is over.
  const late = Object.assign(new Error('Request timeout'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
  server.emit('clientError', late, request.socket);
  await once(socket, 'end');
  socket.write('}');
  await over;
  expect(heard).toBe('{');
  expect(read.text).toBe('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n');
});

test('a bad request after a good one says nothing into the answer of the good one', async () => {
  const { socket } = await client((_, response) => {
    response.writeHead(200).write('piece');
  });
  const read = readOf(socket);
  socket.write(whole);
  while (!read.text.includes('piece')) await once(socket, 'data');
  socket.once('end', () => socket.end()).write(garbage);
  await read.gone;
  expect(read.text).toMatch(/^HTTP\/1.1 200 OK\r\n[\s\S]*piece\r\n$/);
});

test('a bad request is not answered in place of a good one whose answer is being made', async () => {
  let asked = 0;
  const { socket } = await client(() => void asked++);
  const read = readOf(socket);
  socket.once('end', () => socket.end()).write(whole + garbage);
  await read.gone;
  expect([asked, read.text]).toEqual([1, '']);
});

test.each([
  ['no request', garbage],
  ['a body that is none', 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nHost: a\r\n\r\nx\r\n'],
])('%s is answered', async (_, bytes) => {
  const { socket } = await client(() => undefined);
  const read = readOf(socket);
  socket.write(bytes);
  await once(socket, 'end');
  expect(read.text).toBe('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
});
