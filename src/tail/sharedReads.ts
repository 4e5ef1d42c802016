/** What a window takes of shards that other consumers read, too: said of the shard of a tail that is read most. */
import type { TailReads } from '../protocol/tail.ts';
import type { TailPace } from './pace.ts';
import type { ShardEntry } from './shardTable.ts';

const toTenths = (value: number): number => Math.round(value * 10) / 10;

export function readsOf(
  reading: readonly ShardEntry[],
  shared: NonNullable<TailPace['shared']>,
): TailReads | undefined {
  let most: TailReads | undefined;
  const heldBackCount = reading.filter(({ reader }) => reader?.isHoldingBack).length;
  for (const { id: shardId, reader } of reading) {
    const rate = reader?.readRate;
    if (!rate) continue;
    const calls = rate.callsPerSecond / shared.callsPerSecond;
    const share = Math.max(calls, rate.bytesPerSecond / shared.bytesPerSecond);
    if (most && most.share >= share) continue;
    const callsPerSecond = toTenths(rate.callsPerSecond);
    const bytesPerSecond = Math.round(rate.bytesPerSecond);
    most = { shardId, callsPerSecond, bytesPerSecond, share, heldBackCount };
  }
  return most;
}
