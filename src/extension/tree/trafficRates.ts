/** The rates that open tails report, for the tree to show beside their streams and shards. */
import { Emitter } from '../../base/emitter.ts';
import type { TailTick } from '../../protocol/tail.ts';
import type { ShardRate } from './labels.ts';
import type { StreamPlace } from './streamDirectory.ts';

/** @source documented: what one shard takes in a second. */
const shardRecordsMax = 1000;
const shardBytesMax = 1024 * 1024;
const hotShare = 0.7;

const keyOf = ({ connection, stream }: StreamPlace): string => `${connection}/${stream}`;

interface Seen {
  readonly recordsPerSecond: number;
  readonly shards: ReadonlyMap<string, ShardRate>;
}

export class TrafficRates {
  private readonly seen = new Map<string, Seen>();
  private readonly changed = new Emitter<StreamPlace>();

  readonly onChange = this.changed.event;

  /** Takes what a tick says; ignores ticks of a tail that is not live. */
  note(place: StreamPlace, tick: TailTick): void {
    if (tick.state !== 'live') {
      this.forget(place);
      return;
    }
    const shards = new Map(tick.shards.map((shard) => [shard.id, rateOf(shard)]));
    const seen = { recordsPerSecond: tick.recordsPerSecond, shards };
    const before = this.seen.get(keyOf(place));
    this.seen.set(keyOf(place), seen);
    if (!isSame(before, seen)) this.changed.fire(place);
  }

  /** The tail was closed, hidden or stopped. */
  forget(place: StreamPlace): void {
    if (this.seen.delete(keyOf(place))) this.changed.fire(place);
  }

  ofStream(place: StreamPlace): number | undefined {
    return this.seen.get(keyOf(place))?.recordsPerSecond;
  }

  ofShard(place: StreamPlace, shardId: string): ShardRate | undefined {
    return this.seen.get(keyOf(place))?.shards.get(shardId);
  }
}

function rateOf(shard: { recordsPerSecond: number; bytesPerSecond: number }): ShardRate {
  const { recordsPerSecond, bytesPerSecond } = shard;
  const share = Math.max(recordsPerSecond / shardRecordsMax, bytesPerSecond / shardBytesMax);
  return { recordsPerSecond: Math.round(recordsPerSecond), isHot: share >= hotShare };
}

function isSame(a: Seen | undefined, b: Seen): boolean {
  if (!a || a.shards.size !== b.shards.size) return false;
  if (Math.round(a.recordsPerSecond) !== Math.round(b.recordsPerSecond)) return false;
  return [...b.shards].every(([id, rate]) => {
    const before = a.shards.get(id);
    return before?.recordsPerSecond === rate.recordsPerSecond && before.isHot === rate.isHot;
  });
}
