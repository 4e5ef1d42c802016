/** What a split, a merge or a scaling would make of a stream, before it is done. Pure. */
import { type HashRange, hashKeyMax, middleOf } from '../../kinesis/hashKey.ts';
import type { Shard } from '../../kinesis/shapes.ts';
import { shortShardId } from '../../kinesis/shardId.ts';
import { counted, hashRangeOf, percentRange } from '../tree/labels.ts';

/** `key` begins the second child. */
export function rangesOfSplit(range: HashRange, key: bigint): [HashRange, HashRange] {
  return [
    { start: range.start, end: key - 1n },
    { start: key, end: range.end },
  ];
}

/** `0-12.5 % and 12.5-25 %` */
export function splitText(range: HashRange, key: bigint): string {
  return rangesOfSplit(range, key).map(percentRange).join(' and ');
}

/** The key that halves a shard; undefined when its range holds one key only. */
export function evenKey(shard: Shard): bigint | undefined {
  const range = hashRangeOf(shard);
  const key = middleOf(range);
  if (key > range.start) return key;
  return range.end > range.start ? range.end : undefined;
}

/** A hash key as a person writes it: decimal, or hexadecimal with `0x`. */
export function parseHashKey(text: string): bigint | undefined {
  const trimmed = text.trim().replaceAll(/[,_ ]/g, '');
  if (!/^(\d+|0x[0-9a-f]+)$/i.test(trimmed)) return undefined;
  const key = BigInt(trimmed);
  return key <= hashKeyMax ? key : undefined;
}

/** Why a shard cannot be split at what was written; undefined when it can. */
export function splitProblem(shard: Shard, text: string): string | undefined {
  const key = parseHashKey(text);
  if (key === undefined) return 'A hash key is a decimal number, or hexadecimal with 0x';
  const { start, end } = hashRangeOf(shard);
  if (key > start && key <= end) return undefined;
  return `Shard ${shortShardId(shard.ShardId)} can be split at ${start + 1n} to ${end}`;
}

export interface Neighbour {
  readonly shard: Shard;
  /** Where the merged shard will lie. */
  readonly merged: HashRange;
}

/** The open shards that `shard` can be merged with: those whose ranges touch its own. */
export function neighboursOf(shard: Shard, openShards: readonly Shard[]): Neighbour[] {
  const own = hashRangeOf(shard);
  return openShards.flatMap((other): Neighbour[] => {
    const { start, end } = hashRangeOf(other);
    if (end + 1n === own.start) return [{ shard: other, merged: { start, end: own.end } }];
    if (own.end + 1n === start) return [{ shard: other, merged: { start: own.start, end } }];
    return [];
  });
}

/** Numbers of shards that UpdateShardCount accepts from `count`: half to double. @source documented */
export function scaleBounds(count: number): { min: number; max: number } {
  return { min: Math.ceil(count / 2), max: count * 2 };
}

/** Why a stream of `count` shards cannot be scaled to what was written; undefined when it can. */
export function scaleProblem(count: number, text: string): string | undefined {
  const target = Number(text);
  const { min, max } = scaleBounds(count);
  if (!Number.isInteger(target)) return 'A whole number of shards';
  if (target === count) return `It has ${counted(count, 'shard')} already`;
  if (target >= min && target <= max) return undefined;
  return `From ${counted(count, 'shard')} to ${min} at least and ${max} at most: half to double in one step`;
}

/** What a scaling does, in a sentence. Shares are promised only where every policy makes them equal. */
export function scaleText(count: number, target: number): string {
  const share = Math.round(10_000 / target) / 100;
  const limits = `${target.toLocaleString('en-US')} MiB and ${(target * 1000).toLocaleString('en-US')} records a second`;
  const isEven = target === 2 * count || 2 * target === count;
  const each = isEven ? ` of ${share} % each` : '';
  return `${count} to ${counted(target, 'shard')}${each}: up to ${limits} in`;
}
