/** What clients say first, taken from Node's own: for tests that send the same, or nearly the same, by hand. */
import { once } from 'node:events';
import http2 from 'node:http2';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { connect } from 'node:tls';
import { preface } from '../../src/server/http2/frames.ts';
import { eachFrame } from './http2Frames.ts';

/** The first message of a client of TLS 1.2, or of 1.3 too. */
export function tlsClientHello(maxVersion: 'TLSv1.2' | 'TLSv1.3'): Promise<Buffer> {
  return firstBytes((port) => {
    const ALPNProtocols = ['h2', 'http/1.1'];
    const client = connect({ port, host: '127.0.0.1', maxVersion, ALPNProtocols });
    client.on('error', () => undefined);
    return () => client.destroy();
  });
}

/** Preface, settings and a POST to `/` of a client of HTTP/2 that waits for nothing. */
export function http2Request(headers: Record<string, string>, body: string): Promise<Buffer> {
  return firstBytes((port) => {
    const session = http2.connect(`http://127.0.0.1:${port}`);
    session.on('error', () => undefined);
    const stream = session.request({ ':method': 'POST', ':path': '/', ...headers });
    stream.on('error', () => undefined).end(body);
    return () => session.destroy();
  }, body);
}

const HEADERS = 1;
const CONTINUATION = 9;

/** The header blocks of requests that follow each other on a connection, as a client of HTTP/2 compresses them. */
export async function http2HeaderBlocks(
  requests: readonly http2.OutgoingHttpHeaders[],
): Promise<Buffer[]> {
  const sent: Buffer[] = [];
  const wire = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _encoding, done) => {
      sent.push(chunk);
      done();
      wire.emit('sent');
    },
  });
  const session = http2.connect('http://localhost', { createConnection: () => wire });
  session.on('error', () => undefined);
  for (const headers of requests) {
    session.request(headers, { endStream: false }).on('error', () => undefined);
  }
  while (blocksIn(Buffer.concat(sent)).length < requests.length) await once(wire, 'sent');
  session.destroy();
  return blocksIn(Buffer.concat(sent));
}

function blocksIn(sent: Buffer): Buffer[] {
  const blocks: Buffer[] = [];
  eachFrame(sent.subarray(preface.length), ({ type, payload }) => {
    if (type === HEADERS) blocks.push(payload);
    if (type === CONTINUATION) blocks.push(Buffer.concat([blocks.pop()!, payload]));
  });
  return blocks;
}

/** What `begin`'s client sends, up to and with `until`; it is ended then. */
async function firstBytes(begin: (port: number) => () => void, until = ''): Promise<Buffer> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const end = begin((listener.address() as AddressInfo).port);
  const [socket] = (await once(listener, 'connection')) as [Socket];
  let bytes: Buffer = Buffer.alloc(0);
  do {
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    bytes = Buffer.concat([bytes, chunk]);
  } while (!bytes.includes(until));
  end();
  socket.destroy();
  listener.close();
  return bytes;
}
