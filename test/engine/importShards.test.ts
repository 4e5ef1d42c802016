// A stream with the shards of another: the same listing, the same places for keys, and what does not fit is refused.
import { describe, expect, test } from 'vitest';
import type { ImportedShard } from '../../src/admin/controls.ts';
import type { Shard } from '../../src/kinesis/shapes.ts';
import { seededRandom } from '../support/seededRandom.ts';
import { ControlledBench, rejection } from './support/controlledBench.ts';

const end = (2n ** 128n - 1n).toString();
const shard = (
  index: number,
  range: readonly [string, string],
  more: object = {},
): ImportedShard => ({
  ShardId: `shardId-${String(index).padStart(12, '0')}`,
  HashKeyRange: { StartingHashKey: range[0], EndingHashKey: range[1] },
  ...more,
});

const closed = {
  SequenceNumberRange: { StartingSequenceNumber: '0', EndingSequenceNumber: '1' },
};

const listed = async (bench: ControlledBench, StreamName: string): Promise<Shard[]> =>
  (await bench.api.listShards({ StreamName })).Shards ?? [];

/** Splits and merges by chance, on a clock that goes on in between. */
async function reshaped(bench: ControlledBench, seed: number): Promise<Shard[]> {
  const random = seededRandom(seed);
  for (let turn = 0; turn < 8; turn++) {
    await bench.controls.stepClock(random.integer(2_000, 60_000));
    const open = (await listed(bench, 'orders'))
      .filter(({ SequenceNumberRange }) => SequenceNumberRange.EndingSequenceNumber === undefined)
      .sort((a, b) =>
        BigInt(a.HashKeyRange.StartingHashKey) < BigInt(b.HashKeyRange.StartingHashKey) ? -1 : 1,
      );
    const place = random.integer(0, open.length - 1);
    const { ShardId, HashKeyRange } = open[place]!;
    const next = open[place + 1];
    if (next && random.chance(0.4)) {
      const merge = { ShardToMerge: ShardId, AdjacentShardToMerge: next.ShardId };
      await bench.api.mergeShards({ StreamName: 'orders', ...merge });
    } else {
      const [low, high] = [
        BigInt(HashKeyRange.StartingHashKey),
        BigInt(HashKeyRange.EndingHashKey),
      ];
      const NewStartingHashKey = ((low * 3n + high) / 4n).toString();
      const split = { ShardToSplit: ShardId, NewStartingHashKey };
      await bench.api.splitShard({ StreamName: 'orders', ...split });
    }
    await bench.controls.stepClock(1000);
  }
  return listed(bench, 'orders');
}

describe('importShards()', () => {
  test('refuses ids so high that none are left for a split', async () => {
    const bench = await ControlledBench.open();
    for (const index of [2_000_000_001, 2_147_483_647]) {
      const error = await rejection(
        bench.controls.importShards({ stream: 'orders', shards: [shard(index, ['0', end])] }),
      );
      expect(error.message).toMatch(/^shardId-00\d+ has an id above shardId-002000000000/);
    }
    const shards = [shard(2_000_000_000, ['0', end])];
    await bench.controls.importShards({ stream: 'orders', shards });
    await bench.put('orders', 'a');
    expect(await bench.read('orders')).toEqual(['a']);
  });

  test.each([1, 2, 3, 4, 5])(
    'a reshaped stream is listed and routed alike (seed %i)',
    async (seed) => {
      const bench = await ControlledBench.open();
      await bench.streams('orders');
      const shards = await reshaped(bench, seed);
      expect(shards.length).toBeGreaterThan(8);
      await bench.controls.importShards({ stream: 'copied', shards });
      expect(await listed(bench, 'copied')).toEqual(shards);
      for (let key = 0; key < 50; key++) {
        const record = { PartitionKey: `key ${seed} ${key}`, Data: new Uint8Array(1) };
        const original = await bench.api.putRecord({ StreamName: 'orders', ...record });
        const copy = await bench.api.putRecord({ StreamName: 'copied', ...record });
        expect(copy.ShardId).toBe(original.ShardId);
      }
      const again = await bench.reopen();
      expect(await listed(again, 'copied')).toEqual(shards);
    },
  );

  test('without sequence numbers shards are open, and as old as the import', async () => {
    const bench = await ControlledBench.open();
    await bench.controls.importShards({ stream: 'copied', shards: [shard(7, ['0', end])] });
    const { ShardId } = await bench.put('copied', 'a');
    expect(ShardId).toBe('shardId-000000000007');
    expect(await bench.read('copied')).toEqual(['a']);
  });

  test('takes mode and retention', async () => {
    const bench = await ControlledBench.open();
    const spec = { stream: 'copied', shards: [shard(0, ['0', end])] };
    await bench.controls.importShards({ ...spec, mode: 'ON_DEMAND', retentionHours: 48 });
    const { StreamDescriptionSummary } = await bench.api.describeStreamSummary({
      StreamName: 'copied',
    });
    expect(StreamDescriptionSummary).toMatchObject({
      StreamModeDetails: { StreamMode: 'ON_DEMAND' },
      RetentionPeriodHours: 48,
      StreamStatus: 'ACTIVE',
    });
  });

  test('refuses a name that is taken', async () => {
    const bench = await ControlledBench.open();
    await bench.streams('orders');
    const spec = { stream: 'orders', shards: [shard(0, ['0', end])] };
    expect((await rejection(bench.controls.importShards(spec))).name).toBe(
      'ResourceInUseException',
    );
  });

  test.each<[string, ImportedShard[], string]>([
    [
      'a gap',
      [shard(0, ['0', '9']), shard(1, ['11', end])],
      'one should start at 10, the next is at 11',
    ],
    ['an overlap', [shard(0, ['0', '9']), shard(1, ['9', end])], 'start at 10, the next is at 9'],
    [
      'a missing end',
      [shard(0, ['0', '9'])],
      'start at 10, the next is at 340282366920938463463374607431768211456',
    ],
    ['no open shard', [shard(0, ['0', end], closed)], 'one should start at 0'],
    ['a range that ends before it starts', [shard(0, ['9', '0'])], 'ends before it starts'],
    ['a range above the keys', [shard(0, ['0', `${end}0`])], 'above 2^128 - 1'],
    [
      'an id twice',
      [shard(0, ['0', end]), shard(0, ['0', end])],
      'shardId-000000000000 is there twice',
    ],
    ['another id', [{ ...shard(0, ['0', end]), ShardId: '0' }], '"0" is no shard id'],
    [
      'a child before its parent',
      [shard(3, ['0', end], { ParentShardId: 'shardId-000000000005' })],
      'is older than its parent',
    ],
    [
      'an open parent',
      [shard(0, ['0', '9']), shard(1, ['10', end], { ParentShardId: 'shardId-000000000000' })],
      'is open (no EndingSequenceNumber), but has children',
    ],
    [
      'a closed shard without children',
      [shard(0, ['0', end], closed), shard(1, ['0', end])],
      'is closed, but none of the shards is its child',
    ],
  ])('refuses %s', async (_, shards, sentence) => {
    const bench = await ControlledBench.open();
    const error = await rejection(bench.controls.importShards({ stream: 'copied', shards }));
    expect([error.name, error.message]).toEqual([
      'InvalidArgumentException',
      expect.stringContaining(sentence),
    ]);
    expect(await bench.streamNames()).toEqual([]);
  });
});
