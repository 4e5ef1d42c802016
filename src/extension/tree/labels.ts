/** How streams and shards are worded in the tree and in prompts. Pure text; knows no editor. */
import { type HashRange, hashKeyMax } from '../../kinesis/hashKey.ts';
import type { Shard } from '../../kinesis/shapes.ts';
import { shortShardId } from '../../kinesis/shardId.ts';

/** `1 shard`, `4 shards`, `1,000 records`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}

/** The part of the hash space below `key` in percent, with at most two decimals: `37.5`. */
function percentBelow(key: bigint): string {
  const hundredths = (key * 1_000_000n) / (hashKeyMax + 1n);
  return String(Math.round(Number(hundredths) / 100) / 100);
}

/** `25-37.5 %`: where a range lies in the hash space. */
export function percentRange({ start, end }: HashRange): string {
  return `${percentBelow(start)}-${percentBelow(end + 1n)} %`;
}

export function hashRangeOf(shard: Pick<Shard, 'HashKeyRange'>): HashRange {
  const { StartingHashKey, EndingHashKey } = shard.HashKeyRange;
  return { start: BigInt(StartingHashKey), end: BigInt(EndingHashKey) };
}

export function isOpenShard(shard: Shard): boolean {
  return shard.SequenceNumberRange.EndingSequenceNumber === undefined;
}

/** By place in the hash space, then by id, so that parents come before their children. */
export function byHashRange(a: Shard, b: Shard): number {
  const [left, right] = [hashRangeOf(a).start, hashRangeOf(b).start];
  if (left !== right) return left < right ? -1 : 1;
  return a.ShardId < b.ShardId ? -1 : 1;
}

/** `child of 1`, `child of 1 and 2`, or an empty text for a shard of the stream's beginning. */
export function parentsText(shard: Shard): string {
  const parents = [shard.ParentShardId, shard.AdjacentParentShardId]
    .filter((id) => id !== undefined)
    .map(shortShardId);
  return parents.length === 0 ? '' : `child of ${parents.join(' and ')}`;
}

/** What was last seen of a shard's traffic. */
export interface ShardRate {
  readonly recordsPerSecond: number;
  /** True from 70 % of the shard's write limit on. */
  readonly isHot: boolean;
}

/** `25-37.5 %, 704/s, hot (child of 1)` */
export function shardDescription(shard: Shard, rate?: ShardRate): string {
  const facts = [percentRange(hashRangeOf(shard))];
  if (rate) facts.push(rateText(rate.recordsPerSecond));
  if (rate?.isHot) facts.push('hot');
  const parents = parentsText(shard);
  return facts.join(', ') + (parents ? ` (${parents})` : '');
}

/** `704/s`: records a second. */
export function rateText(recordsPerSecond: number): string {
  return `${Math.round(recordsPerSecond).toLocaleString('en-US')}/s`;
}

/** The same for a screen reader. */
export function shardLabel(shard: Shard, rate?: ShardRate): string {
  const { start, end } = hashRangeOf(shard);
  const words = [
    `Shard ${shortShardId(shard.ShardId)}`,
    `${percentBelow(start)} to ${percentBelow(end + 1n)} percent of the hash keys`,
  ];
  if (rate) words.push(`${Math.round(rate.recordsPerSecond)} records a second`);
  if (rate?.isHot) words.push('near its limit');
  const parents = parentsText(shard);
  if (parents) words.push(parents);
  if (!isOpenShard(shard)) words.push('closed');
  return words.join(', ');
}

/** `…4321`: enough of an account's number to tell it from others. */
export function shortAccount(account: string): string {
  return `…${account.slice(-4)}`;
}

/** What is said of the engine is in UTC, and says so: this machine's zone may not be the user's. */
const clockTime = (ms: number): string => `${new Date(ms).toISOString().slice(11, 19)} UTC`;

/** `restarted 16:20:31 UTC`, `restarted 3 times, last 16:20:31 UTC` */
export function restartText({ count, atMs }: { count: number; atMs: number }): string {
  return count === 1
    ? `restarted ${clockTime(atMs)}`
    : `restarted ${count} times, last ${clockTime(atMs)}`;
}

/** What a restart meant, in sentences. */
export function restartSentence(restarted: { count: number; atMs: number }): string {
  const times = restarted.count === 1 ? 'once' : `${restarted.count} times`;
  return (
    `The engine ended unexpectedly ${times}, last at ${clockTime(restarted.atMs)}, and was started again. ` +
    'Every record it had acknowledged is kept; the log says more.'
  );
}
