// Shards and numbers as Kinesis shows them, field by field.
import { describe, expect, it } from 'vitest';
import { Ages } from '../../src/engine/ages.ts';
import {
  childShardsOf,
  endMs,
  horizonMs,
  isListed,
  listedShards,
  shardOf,
  startMs,
} from '../../src/engine/shardView.ts';
import type { ShardEntry, StreamEntry } from '../../src/engine/streamEntry.ts';
import { recordNumber, recordSeconds } from '../../src/kinesis/recordNumbers.ts';
import { formatSequenceNumber, sequenceIndexMax } from '../../src/kinesis/sequenceNumber.ts';
import { TEST_EPOCH_MS, TestClock } from '../support/testClock.ts';

const hourMs = 3_600_000;
const ages = (): Ages => new Ages(new TestClock());

const shard = (more: Partial<ShardEntry> = {}): ShardEntry => ({
  index: 21,
  range: { start: 5n, end: 2n ** 127n },
  parents: [],
  createdSeconds: 1_700_000_000,
  startKey: 77,
  ...more,
});

const streamOf = (shards: ShardEntry[], more: Partial<StreamEntry> = {}): StreamEntry => ({
  id: 'a',
  account: '000000000000',
  region: 'us-east-1',
  name: 'orders',
  createdMs: 0,
  status: 'ACTIVE',
  mode: 'PROVISIONED',
  retentionHours: 24,
  recordBytesMax: 1,
  tags: [],
  nextShardIndex: 0,
  scaledMs: [],
  shards,
  ...more,
});

const numberOf = (index: bigint, seconds: number): string =>
  formatSequenceNumber({ shardCreatedSeconds: 1_700_000_000, shardIndex: 21, index, seconds });

describe('horizonMs()', () => {
  it('is the retention ago, and never before what expired already', () => {
    const day = TEST_EPOCH_MS - 24 * hourMs;
    expect(horizonMs(streamOf([]), ages())).toBe(day);
    expect(horizonMs(streamOf([], { retentionHours: 48 }), ages())).toBe(day - 24 * hourMs);
    expect(horizonMs(streamOf([], { expiredBeforeMs: day + 1 }), ages())).toBe(day + 1);
    expect(horizonMs(streamOf([], { expiredBeforeMs: day - 1 }), ages())).toBe(day);
    expect(horizonMs(streamOf([], { expiredBeforeMs: undefined }), ages())).toBe(day);
  });
});

describe('listedShards()', () => {
  it('are open, or were closed in a second that has not expired as a whole', () => {
    const closed = shard({ closedSeconds: 9 });
    expect([startMs(closed), endMs(closed), endMs(shard())]).toEqual([
      ...[1_700_000_000_000, 10_000, Number.POSITIVE_INFINITY],
    ]);
    expect([9999, 10_000, 10_001].map((horizon) => isListed(closed, horizon))).toEqual([
      ...[true, false, false],
    ]);
    expect(isListed(shard(), Number.MAX_SAFE_INTEGER)).toBe(true);
  });

  it('leaves out those that expired, in their order', () => {
    const horizonSeconds = (TEST_EPOCH_MS - 24 * hourMs) / 1000;
    const closedAt = [undefined, horizonSeconds - 1, horizonSeconds, undefined];
    const shards = closedAt.map((closedSeconds, index) => shard({ index, closedSeconds }));
    const listed = listedShards(streamOf(shards), ages());
    expect(listed.map(({ index }) => index)).toEqual([0, 2, 3]);
  });
});

describe('shardOf()', () => {
  const open = {
    ShardId: 'shardId-000000000021',
    HashKeyRange: { StartingHashKey: '5', EndingHashKey: (2n ** 127n).toString() },
    SequenceNumberRange: { StartingSequenceNumber: numberOf(0n, 1_700_000_000) },
  };

  it('shows an open shard without parents and without an end', () => {
    expect(shardOf(shard())).toStrictEqual(open);
  });

  it('shows one parent of a split`s child, two of a merge`s', () => {
    const parent = { ParentShardId: 'shardId-000000000000' };
    expect(shardOf(shard({ parents: [0] }))).toStrictEqual({ ...open, ...parent });
    const adjacent = { AdjacentParentShardId: 'shardId-000000000003' };
    const merged = shardOf(shard({ parents: [0, 3] }));
    expect(merged).toStrictEqual({ ...open, ...parent, ...adjacent });
  });

  it('ends a closed shard with the highest number of its closing second', () => {
    const { SequenceNumberRange } = shardOf(shard({ closedSeconds: 1_700_000_500 }));
    expect(SequenceNumberRange).toStrictEqual({
      ...open.SequenceNumberRange,
      EndingSequenceNumber: numberOf(sequenceIndexMax, 1_700_000_500),
    });
  });
});

describe('recordNumber()', () => {
  it('has the second of arrival, but none before its shard`s', () => {
    const at = (timeMs: number) => recordSeconds(shard(), timeMs);
    expect([at(1_699_999_999_999), at(1_700_000_000_999), at(1_700_000_001_000)]).toEqual([
      ...[1_700_000_000, 1_700_000_000, 1_700_000_001],
    ]);
    expect(recordNumber(shard(), { key: 2 ** 40, timeMs: 1_700_000_007_500 })).toBe(
      numberOf(2n ** 40n, 1_700_000_007),
    );
  });
});

describe('childShardsOf()', () => {
  it('are those that name the shard as one of their parents', () => {
    const range = { start: 0n, end: 9n };
    const shards = [
      shard({ index: 1, parents: [] }),
      shard({ index: 2, parents: [1], range }),
      shard({ index: 3, parents: [0, 1], range }),
      shard({ index: 4, parents: [0, 2], range }),
    ];
    const HashKeyRange = { StartingHashKey: '0', EndingHashKey: '9' };
    const id = (index: number) => `shardId-00000000000${index}`;
    expect(childShardsOf(streamOf(shards), 1)).toStrictEqual([
      { ShardId: id(2), ParentShards: [id(1)], HashKeyRange },
      { ShardId: id(3), ParentShards: [id(0), id(1)], HashKeyRange },
    ]);
    expect(childShardsOf(streamOf(shards), 4)).toEqual([]);
  });
});
