/** Warm throughput of on-demand streams: what it may be and how a stream gets it. One MiB a second is one shard. */
import { warmThroughputMiBpsMax } from '../kinesis/limits.ts';
import { streamIsProvisioned, warmThroughputTooHigh } from '../kinesis/modeErrors.ts';
import { type CatalogChange, openShards, type StreamEntry } from './streamEntry.ts';

/** Throws Validation for a provisioned stream and InvalidArgument above 10 GiB a second. */
export function checkWarm(
  stream: Pick<StreamEntry, 'account' | 'mode' | 'name'>,
  miBps: number | undefined,
): void {
  if (miBps === undefined) return;
  if (stream.mode !== 'ON_DEMAND') throw streamIsProvisioned(stream);
  if (miBps > warmThroughputMiBpsMax) throw warmThroughputTooHigh(miBps, warmThroughputMiBpsMax);
}

/** The target holds at once, the shards for it appear after the delay. */
export const warmChange = ({ id }: StreamEntry, warmMiBps: number): CatalogChange => ({
  type: 'change',
  id,
  set: { status: 'UPDATING', warmMiBps },
  pending: { kind: 'warm' },
});

/** What a stream shall take and what its shards take by now. */
export const warmThroughputOf = (
  stream: StreamEntry,
): { TargetMiBps: number; CurrentMiBps: number } => ({
  TargetMiBps: stream.warmMiBps ?? 0,
  CurrentMiBps: Math.min(stream.warmMiBps ?? 0, openShards(stream).length),
});
