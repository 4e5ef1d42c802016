// The quick reader of request heads against Node's: whatever it takes, both must read alike.
import http, { type IncomingMessage } from 'node:http';
import { Duplex } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readHead } from '../../../src/server/http1/requestHead.ts';

const head = (...lines: string[]): string =>
  `${['POST / HTTP/1.1', 'Host: localhost', ...lines].join('\r\n')}\r\n\r\n`;

const usual = head('Content-Type: application/x-amz-json-1.1', 'Content-Length: 2');

/** One side of a connection: what the server writes is dropped. */
class Wire extends Duplex {
  override _read(): void {}
  override _write(_: unknown, __: unknown, done: () => void): void {
    done();
  }
}

/** How Node reads a head; undefined when it refuses it or waits for more. */
async function byNode(text: string): Promise<IncomingMessage | undefined> {
  const server = http.createServer({ maxHeaderSize: 32 * 1024 });
  const wire = new Wire();
  const request = new Promise<IncomingMessage | undefined>((resolve) => {
    server.on('request', resolve);
    server.on('clientError', () => resolve(undefined));
    server.on('checkExpectation', resolve);
    setImmediate(() => setImmediate(resolve, undefined));
  });
  server.emit('connection', wire);
  wire.push(Buffer.from(text, 'latin1'));
  const found = await request;
  wire.destroy();
  return found;
}

/** Names in lower case and values. */
const pairsOf = (raw: readonly string[]): [string, string][] =>
  raw.flatMap((text, at) => (at % 2 === 0 ? [[text.toLowerCase(), raw[at + 1]!]] : []));

describe('readHead()', () => {
  test('reads what an SDK sends', () => {
    const text = head(
      'content-type: application/x-amz-json-1.1',
      'X-Amz-Target: Kinesis_20131202.PutRecord',
      'content-length: 17',
      'Accept:',
      'User-Agent:  \t aws-sdk-js/3 (é) \t ',
    );
    const read = readHead(`${text}{"StreamName":"a"`);
    expect(read).toMatchObject({ contentLength: 17, isLast: false, end: text.length });
    expect(typeof read === 'object' && Object.fromEntries(read.headers)).toEqual({
      host: 'localhost',
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'Kinesis_20131202.PutRecord',
      'content-length': '17',
      accept: '',
      'user-agent': 'aws-sdk-js/3 (é)',
    });
  });

  test.each([
    ['another method', usual.replace('POST', 'GET')],
    ['another path', usual.replace(' / ', ' /_shardscope/hello ')],
    ['another version', usual.replace('1.1', '1.0')],
    ['no host', usual.replace('Host: localhost\r\n', '')],
    ['no length', head('Content-Type: text/plain')],
    ['a length that is no number', head('Content-Length: +2')],
    ['a header twice', head('Content-Length: 2', 'Content-Length: 2')],
    ['a chunked body', head('Content-Length: 2', 'Transfer-Encoding: chunked')],
    ['an expectation', head('Content-Length: 2', 'Expect: 100-continue')],
    ['an upgrade', head('Content-Length: 2', 'Upgrade: h2c')],
    ['another connection option', head('Content-Length: 2', 'Connection: upgrade')],
    ['a folded line', head('Content-Length: 2', 'X-A: b\r\n c')],
    ['a name with a blank', head('Content-Length: 2', 'X A: b')],
    ['no name', head('Content-Length: 2', ': b')],
    ['no colon', head('Content-Length: 2', 'X-A')],
    ['a bare line feed', head('Content-Length: 2', 'X-A: b\nX-B: c')],
    ['a bare carriage return', head('Content-Length: 2', 'X-A: b\rc')],
    ['a zero byte', head('Content-Length: 2', 'X-A: b\0c')],
  ])('leaves %s to Node', (_, text) => {
    expect(readHead(text)).toBe('foreign');
  });

  test('says of every part of a head that it is one', () => {
    for (let end = 0; end < usual.length; end++) {
      expect([end, readHead(usual.slice(0, end))]).toEqual([end, 'partial']);
    }
    expect(readHead(usual)).toMatchObject({ end: usual.length });
  });

  test.each([
    ['Connection: close', true],
    ['Connection: Keep-Alive', false],
  ])('knows by "%s" whether the request is the last', (line, isLast) => {
    expect(readHead(head('Content-Length: 0', line))).toMatchObject({ isLast });
  });

  const sign = fc.constantFrom(...'\r\n\t\0\x7f :;,"é/aZ0-_{}'.split(''), '\r\n', '\r\n ', ': ');
  const name = fc.oneof(
    fc.constantFrom('Host', 'content-length', 'Transfer-Encoding', 'x-amz-target', 'Expect'),
    fc.constantFrom('Connection', 'Upgrade', 'X-A', 'Trailer', 'cookie', '__proto__'),
    fc.string({ unit: sign, maxLength: 4 }),
  );
  const value = fc.oneof(
    fc.constantFrom('2', '0', 'chunked', 'close', 'keep-alive', 'a, b', ' \t x \t'),
    fc.string({ unit: sign, maxLength: 8 }),
  );
  const line = fc.tuple(name, fc.constantFrom(':', ': ', ' :', ''), value).map((it) => it.join(''));
  const bytes = fc.tuple(
    fc.array(line, { maxLength: 5 }),
    fc.nat(),
    fc.option(sign, { nil: undefined }),
  );

  test('reads every head that it takes as Node does', async () => {
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(bytes, async ([lines, place, put]) => {
        const whole = head('Content-Length: 2', ...lines);
        const at = place % whole.length;
        const text = put === undefined ? whole : whole.slice(0, at) + put + whole.slice(at + 1);
        const read = readHead(text);
        if (typeof read === 'string') return;
        taken++;
        const node = await byNode(`${text}{}`);
        expect(node && pairsOf(node.rawHeaders)).toEqual([...read.headers]);
        expect([node!.method, node!.url, node!.httpVersion]).toEqual(['POST', '/', '1.1']);
        expect(node!.headers.connection === 'close').toBe(read.isLast);
      }),
      { numRuns: Number(process.env.PROPERTY_RUNS ?? 400) },
    );
    expect(taken).toBeGreaterThan(5);
  });
});
