// A plan becomes one change of the catalog: what closes, what is added, in which second.
import { describe, expect, it } from 'vitest';
import { reshape } from '../../src/engine/reshape.ts';
import type { ShardEntry, StreamEntry } from '../../src/engine/streamEntry.ts';

const range = { start: 0n, end: 9n };
const shard = (index: number, more: Partial<ShardEntry> = {}): ShardEntry => ({
  index,
  range,
  parents: [],
  createdSeconds: 100,
  startKey: 0,
  ...more,
});
const streamOf = (shards: readonly ShardEntry[], nextShardIndex: number): StreamEntry => ({
  id: 'a',
  account: '000000000000',
  region: 'us-east-1',
  name: 'a',
  createdMs: 0,
  status: 'UPDATING',
  mode: 'PROVISIONED',
  retentionHours: 24,
  recordBytesMax: 1,
  tags: [],
  nextShardIndex,
  scaledMs: [],
  shards,
});

describe('reshape()', () => {
  it('closes parents now, creates children a second later, and leaves the others alone', () => {
    const old = shard(0, { closedSeconds: 90 });
    const stream = streamOf([old, shard(1), shard(2)], 3);
    const round = [{ parents: [1], children: [3, 4].map((index) => ({ index, range })) }];
    expect(reshape(stream, { rounds: [round], nowSeconds: 200, startKey: 7 })).toEqual({
      close: [{ index: 1, seconds: 200 }],
      add: [3, 4].map((index) => shard(index, { parents: [1], createdSeconds: 201, startKey: 7 })),
      set: { nextShardIndex: 5 },
    });
  });

  it('closes the shards of a round between when the next begins', () => {
    const rounds = [
      [{ parents: [0], children: [1, 2].map((index) => ({ index, range })) }],
      [{ parents: [1, 2], children: [{ index: 3, range }] }],
    ];
    const { close, add } = reshape(streamOf([shard(0)], 1), {
      rounds,
      nowSeconds: 200,
      startKey: 7,
    });
    expect(close).toEqual([{ index: 0, seconds: 200 }]);
    const between = { parents: [0], createdSeconds: 201, startKey: 7, closedSeconds: 201 };
    expect(add).toEqual([
      shard(1, between),
      shard(2, between),
      shard(3, { parents: [1, 2], createdSeconds: 202, startKey: 7 }),
    ]);
  });

  it('closes no shard before it was created, and none that is not there', () => {
    const ahead = streamOf([shard(0, { createdSeconds: 300 })], 1);
    const split = (parent: number) => [
      [{ parents: [parent], children: [1, 2].map((index) => ({ index, range })) }],
    ];
    const { close } = reshape(ahead, { rounds: split(0), nowSeconds: 200, startKey: 7 });
    expect(close).toEqual([{ index: 0, seconds: 300 }]);
    const missing = { rounds: split(9), nowSeconds: 200, startKey: 7 };
    expect(() => reshape(ahead, missing)).toThrow('names shards that exist');
  });
});
