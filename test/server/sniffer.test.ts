// What tells the protocols of a connection apart leaves it safe for whoever takes it over.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { sniff } from '../../src/server/sniffer.ts';

/** The socket that is handed on for what a client says, and by which name. */
async function handedOn(says: string): Promise<{ socket: Socket; as: string }> {
  const handed = new Promise<{ socket: Socket; as: string }>((resolve) => {
    const server = createServer((socket) =>
      sniff(socket, {
        http1: () => resolve({ socket, as: 'http1' }),
        http2: () => resolve({ socket, as: 'http2' }),
        tls: () => resolve({ socket, as: 'tls' }),
      }),
    ).listen(0, '127.0.0.1', () => {
      const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
      client.on('error', () => undefined).write(says);
      onTestFinished(() => {
        client.destroy();
        server.close();
      });
    });
  });
  return handed;
}

test.each([
  ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'http2'],
  ['POST / HTTP/1.1\r\n', 'http1'],
  ['P', undefined],
  ['\x16\x03\x01', 'tls'],
])('sniff() knows %j as %s', async (says, as) => {
  const waited = new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  const found = await Promise.race([handedOn(says), ...(as ? [] : [waited])]);
  expect((found as { as: string } | undefined)?.as).toBe(as);
});

test('sniff() hands on a socket whose reset is no uncaught error', async () => {
  for (const says of ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'POST / HTTP/1.1\r\n']) {
    const { socket } = await handedOn(says);
    expect(socket.listenerCount('data')).toBe(0);
    expect(() => socket.emit('error', new Error('read ECONNRESET'))).not.toThrow();
    socket.destroy();
    await once(socket, 'close');
  }
});
