/**
 * A stream with the shards of another one, as ListShards told them: ids, ranges, parents and times, so that
 * keys go to the same shards and numbers begin alike. It makes a catalog entry and brings no records.
 */
import type { ImportedShard, ShardImport } from '../admin/controls.ts';
import { invalidArgument, type KinesisError } from '../kinesis/errors.ts';
import { type HashRange, hashKeyMax } from '../kinesis/hashKey.ts';
import { retentionHoursDefault, shardsPerStreamMax } from '../kinesis/limits.ts';
import { parseSequenceNumber } from '../kinesis/sequenceNumber.ts';
import { formatShardId, parseShardId } from '../kinesis/shardId.ts';
import { isOpen, openShards, type ShardEntry, type StreamEntry } from './streamEntry.ts';

/** Kinesis' ids end at 2^31 - 1: the rest is for shards to come. */
const indexMax = 2_000_000_000;

/** `blank`, a stream in CREATING, as it is with these shards. Throws InvalidArgument. */
export function withShards(
  blank: StreamEntry,
  { shards, mode, retentionHours }: ShardImport,
): StreamEntry {
  const entries = entriesOf(shards, Math.floor(blank.createdMs / 1000));
  const stream: StreamEntry = {
    ...blank,
    status: 'ACTIVE',
    mode: mode ?? 'PROVISIONED',
    retentionHours: retentionHours ?? retentionHoursDefault,
    shards: entries,
    nextShardIndex: (entries.at(-1)?.index ?? -1) + 1,
    pending: undefined,
  };
  checkCover(openShards(stream));
  checkLineage(entries);
  return stream;
}

/** By rising index, as a catalog has them. */
function entriesOf(shards: readonly ImportedShard[], nowSeconds: number): ShardEntry[] {
  const byIndex = new Map<number, ShardEntry>();
  const inOrder = shards
    .map((shard) => ({ shard, index: indexOf(shard.ShardId) }))
    .sort((a, b) => a.index - b.index);
  for (const { shard, index } of inOrder) {
    if (byIndex.has(index)) throw wrong(shard, 'is there twice');
    if (index > indexMax) throw wrong(shard, `has an id above ${formatShardId(indexMax)}`);
    byIndex.set(index, entryOf(shard, { index, byIndex, nowSeconds }));
  }
  return [...byIndex.values()];
}

function entryOf(
  shard: ImportedShard,
  among: { index: number; byIndex: ReadonlyMap<number, ShardEntry>; nowSeconds: number },
): ShardEntry {
  const { index, byIndex, nowSeconds } = among;
  const parents = [shard.ParentShardId, shard.AdjacentParentShardId]
    .filter((id) => id !== undefined)
    .map(indexOf);
  if (parents.some((parent) => parent >= index)) throw wrong(shard, 'is older than its parent');
  const closings = parents.map((parent) => byIndex.get(parent)?.closedSeconds);
  const afterParents = Math.max(...closings.map((seconds = -1) => seconds + 1), 0);
  const { StartingSequenceNumber: first, EndingSequenceNumber: last } =
    shard.SequenceNumberRange ?? {};
  const numbered = first === undefined ? undefined : parseSequenceNumber(first);
  const createdSeconds = numbered?.shardCreatedSeconds ?? (afterParents || nowSeconds);
  const entry = { index, range: rangeOf(shard), parents, createdSeconds, startKey: 0 };
  if (last === undefined) return entry;
  return { ...entry, closedSeconds: parseSequenceNumber(last)?.seconds ?? nowSeconds };
}

function indexOf(shardId: string): number {
  const index = parseShardId(shardId);
  if (index !== undefined && formatShardId(index) === shardId) return index;
  throw invalidArgument(`"${shardId}" is no shard id, like shardId-000000000000.`);
}

function rangeOf(shard: ImportedShard): HashRange {
  const { StartingHashKey, EndingHashKey } = shard.HashKeyRange;
  const [start, end] = [BigInt(StartingHashKey), BigInt(EndingHashKey)];
  if (start <= end && end <= hashKeyMax) return { start, end };
  throw wrong(shard, 'has a hash key range that ends before it starts, or above 2^128 - 1');
}

/** Open shards follow each other from 0 to 2^128 - 1. */
function checkCover(open: readonly ShardEntry[]): void {
  if (open.length > shardsPerStreamMax) {
    throw invalidArgument(`A stream has ${shardsPerStreamMax} open shards at most.`);
  }
  let expected = 0n;
  for (const { range } of [...open].sort((a, b) => (a.range.start < b.range.start ? -1 : 1))) {
    if (range.start !== expected) throw gap(expected, range.start);
    expected = range.end + 1n;
  }
  if (expected !== hashKeyMax + 1n) throw gap(expected, hashKeyMax + 1n);
}

/** A reader at the end of a closed shard needs children to go on to. */
function checkLineage(entries: readonly ShardEntry[]): void {
  const parents = new Set(entries.flatMap((entry) => entry.parents));
  for (const entry of entries) {
    const ShardId = formatShardId(entry.index);
    if (isOpen(entry) && parents.has(entry.index)) {
      throw invalidArgument(`${ShardId} is open (no EndingSequenceNumber), but has children.`);
    }
    if (!isOpen(entry) && !parents.has(entry.index)) {
      throw invalidArgument(`${ShardId} is closed, but none of the shards is its child.`);
    }
  }
}

const gap = (expected: bigint, found: bigint): KinesisError =>
  invalidArgument(
    'The open shards must cover the hash keys from 0 to 2^128 - 1 without gap and overlap: ' +
      `one should start at ${expected}, the next is at ${found}.`,
  );

const wrong = (shard: ImportedShard, what: string): KinesisError =>
  invalidArgument(`${shard.ShardId} ${what}.`);
