// The port under requests of all kinds, and the fuzzer itself under planted bugs; the long run is `npm run test:fuzz`.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { fuzz, unreached } from './fuzzRun.ts';

test('3,000 requests of all kinds bring no crash, no hang and no 500', async () => {
  const totals = await fuzz({ seed: 1, count: 3000 });
  expect(totals.complaints).toEqual([]);
  expect(totals.reached / totals.requests).toBeGreaterThan(0.3);
  expect(unreached(totals)).toEqual([]);
  expect([...totals.byCodec.keys()].sort()).toEqual(['cbor', 'json']);
  expect([...totals.byTransport.keys()].sort()).toEqual(['plain', 'tls']);
  const { 'HTTP/2': overHttp2 = 0 } = Object.fromEntries(totals.byProtocol);
  expect(overHttp2 / totals.reached).toBeGreaterThan(0.15);
});

/** The product's sources with one place changed, which must be there. */
function planted(file: string, [from, to]: readonly [string, string]): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'shardscope-planted-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const sources = path.join(folder, 'src');
  cpSync(path.resolve(import.meta.dirname, '../../src'), sources, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}');
  const place = path.join(sources, file);
  const text = readFileSync(place, 'utf8');
  expect(text.split(from)).toHaveLength(2);
  writeFileSync(place, text.replace(from, to));
  return sources;
}

describe('the fuzzer finds', () => {
  test.each([
    [
      'a body without a limit',
      'server/server.ts',
      ['bodyBytesMax = 16 * 1024 ** 2', 'bodyBytesMax = 16 * 1024 ** 4'],
      /17 MiB/,
    ],
    [
      'memory taken for a length in CBOR that was only announced',
      'server/cbor/reader.ts',
      [
        'if (this.argument > this.bytes.length - this.at) throw malformed();',
        'Buffer.alloc(this.argument);',
      ],
      /500|GiB|bytes|server ended/,
    ],
    [
      'a header that is read for ever',
      'server/http1/requestHead.ts',
      [
        'while (start < end && isBlank(text.charCodeAt(start))) start++;',
        'while (start < end && isBlank(text.charCodeAt(start))) if (text[start] === " ") start++;',
      ],
      /not answered/,
    ],
    [
      'an answer over HTTP/2 that does not go on when its client takes more',
      'server/http2/sender.ts',
      [
        'outgoing.window += bytes;\n    if (outgoing.pieces.length > 0) this.ready.add(outgoing);',
        'outgoing.window += bytes;',
      ],
      /HTTP\/2 \(\w+\) was not answered/,
    ],
    [
      'a connection that is ended before its answer, and by whom',
      'server/port.ts',
      ['if (this.isFull()) {', 'if (this.isFull() || socket.remotePort! % 64 === 0) {'],
      /was not answered: closed, .*accepted; .* destroy after 0 bytes in, 0 out < .*Port\.connected/,
    ],
    [
      'a frame of HTTP/2 that nobody expects',
      'server/http2/connection.ts',
      [
        'if (!this.mayHaveBegun(stream)) throw misplaced(frameTypes.windowUpdate);',
        'if (!this.mayHaveBegun(stream)) throw stream;',
      ],
      /the server ended/,
    ],
  ] as const)(
    '%s',
    async (_, file, change, complaint) => {
      const totals = await fuzz({ seed: 1, count: 10_000, sources: planted(file, change) });
      expect(totals.complaints.join('\n')).toMatch(complaint);
    },
    300_000,
  );
});
