// Routing by words equals routing by BigInt.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HashRoutes, hashKeyBytes } from '../../src/engine/hashRoutes.ts';
import type { StreamEntry } from '../../src/engine/streamEntry.ts';
import { evenRanges, hashKeyMax } from '../../src/kinesis/hashKey.ts';

const streamOf = (starts: bigint[]): StreamEntry => ({
  id: 'a',
  account: '000000000000',
  region: 'us-east-1',
  name: 'a',
  createdMs: 0,
  status: 'ACTIVE',
  mode: 'PROVISIONED',
  retentionHours: 24,
  recordBytesMax: 1,
  tags: [],
  nextShardIndex: 0,
  scaledMs: [],
  shards: starts.map((start, index) => ({
    index,
    range: { start, end: (starts[index + 1] ?? hashKeyMax + 1n) - 1n },
    parents: [],
    createdSeconds: 0,
    startKey: 0,
  })),
});
const anyKey = fc.bigInt({ min: 0n, max: hashKeyMax });

describe('HashRoutes', () => {
  it('find() agrees with a search by BigInt for any ranges and keys', () => {
    const starts = fc.uniqueArray(fc.bigInt({ min: 1n, max: hashKeyMax }), { maxLength: 40 });
    fc.assert(
      fc.property(starts, fc.array(anyKey, { minLength: 1 }), (more, keys) => {
        const stream = streamOf([0n, ...more.sort((a, b) => (a < b ? -1 : 1))]);
        const routes = new HashRoutes(stream);
        const edges = stream.shards.flatMap(({ range }) => [range.start, range.end]);
        for (const key of [...keys, ...edges]) {
          const { range } = routes.find(hashKeyBytes(key));
          expect(range.start <= key && key <= range.end).toBe(true);
        }
      }),
    );
  });

  it('find() leaves closed shards out', () => {
    const [range] = evenRanges(1);
    const stream = streamOf([0n]);
    const closed = { ...stream.shards[0]!, closedSeconds: 5 };
    const open = { ...stream.shards[0]!, index: 1, range: range! };
    const routes = new HashRoutes({ ...stream, shards: [closed, open] });
    expect(routes.find(hashKeyBytes(0n)).index).toBe(1);
  });
});
