// Routing by words equals routing by BigInt.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HashRoutes, hashKeyWords } from '../../src/engine/hashRoutes.ts';
import type { StreamEntry } from '../../src/engine/streamEntry.ts';
import { evenRanges, hashKeyBytes, hashKeyMax } from '../../src/kinesis/hashKey.ts';
import { shardPart } from '../../src/kinesis/recordNumbers.ts';

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

it('hashKeyWords() takes four bytes a word, the highest first', () => {
  const bytes = Uint8Array.from({ length: 16 }, (_, at) => 0xf0 + at);
  expect([...hashKeyWords(bytes)]).toEqual([0xf0f1f2f3, 0xf4f5f6f7, 0xf8f9fafb, 0xfcfdfeff]);
  const key = 0xf0f1f2f3_f4f5f6f7_f8f9fafb_fcfdfeffn;
  expect(hashKeyBytes(key)).toEqual(bytes);
});

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

  it('routeOf() looks at the four words of its key alone', () => {
    const starts = [0n, 5n * 2n ** 96n, 9n * 2n ** 96n];
    const routes = new HashRoutes(streamOf(starts));
    const others = [0n, hashKeyMax];
    for (const [index, key] of starts.entries()) {
      for (const other of others) {
        const words = [other, key, other].flatMap((each) => [...hashKeyWords(hashKeyBytes(each))]);
        expect(routes.routeOf(Uint32Array.from(words), 4).shard.index).toBe(index);
      }
    }
  });

  it('takes the open shards in any order', () => {
    const stream = streamOf(evenRanges(7).map(({ start }) => start));
    const mixed = [3, 0, 6, 2, 5, 1, 4].map((index) => stream.shards[index]!);
    const routes = new HashRoutes({ ...stream, shards: mixed });
    const found = stream.shards.map(({ range }) => routes.find(hashKeyBytes(range.end)).index);
    expect(found).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('routeOf() names the shard and gives its part of the numbers, made once', () => {
    const routes = new HashRoutes(streamOf([0n, 2n ** 127n]));
    const route = routes.routeOf(hashKeyWords(hashKeyBytes(hashKeyMax)), 0);
    expect([route.id, route.id]).toEqual(['shardId-000000000001', 'shardId-000000000001']);
    expect(route.numberPart).toEqual(shardPart(route.shard));
    expect(route.numberPart).toBe(route.numberPart);
  });

  it('find() needs an open shard', () => {
    expect(() => new HashRoutes(streamOf([])).find(hashKeyBytes(0n))).toThrow('has open shards');
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
