/** The open shards in order of their hash ranges, and how much of its limit each one uses. Pure. */
import { shareOf } from '../../src/kinesis/hashKey.ts';
import { MIB } from '../../src/kinesis/limits.ts';
import type { TailShard } from '../../src/protocol/tail.ts';

/** What one shard takes a second. @source documented */
const recordsPerSecondMax = 1000;
const bytesPerSecondMax = MIB;
/** From this part of a limit on a shard is called hot. */
export const hotLoad = 0.7;

/** One open shard, or a hole in the hash range that no known shard covers. */
export interface Segment {
  readonly shard: TailShard | undefined;
  /** Part of the hash space, 0 to 1. */
  readonly share: number;
  /** Part of the nearer limit that is used; may be above 1. */
  readonly load: number;
  readonly isHot: boolean;
  /** The open shard whose range follows without a hole: what it could be merged with. */
  readonly next: TailShard | undefined;
}

/** The nearer of both limits counts. */
export function loadOf({ recordsPerSecond, bytesPerSecond }: TailShard): number {
  return Math.max(recordsPerSecond / recordsPerSecondMax, bytesPerSecond / bytesPerSecondMax);
}

interface Ranged {
  readonly shard: TailShard;
  readonly start: bigint;
  readonly end: bigint;
}

function hole(start: bigint, end: bigint): Segment {
  return {
    shard: undefined,
    share: shareOf({ start, end }),
    load: 0,
    isHot: false,
    next: undefined,
  };
}

function segment({ shard, start, end }: Ranged, following: Ranged | undefined): Segment {
  const load = loadOf(shard);
  const isNext = following?.start === end + 1n;
  const next = isNext ? following?.shard : undefined;
  return { shard, share: shareOf({ start, end }), load, isHot: load >= hotLoad, next };
}

/** From the lowest hash key to the highest; closed shards are left out. */
export function segmentsOf(shards: readonly TailShard[]): Segment[] {
  const open = shards
    .filter((shard) => shard.isOpen)
    .map((shard) => ({
      shard,
      start: BigInt(shard.startingHashKey),
      end: BigInt(shard.endingHashKey),
    }))
    .sort((left, right) => (left.start < right.start ? -1 : 1));
  let at = 0n;
  return open.flatMap((ranged, index) => {
    const before = ranged.start > at ? [hole(at, ranged.start - 1n)] : [];
    at = ranged.end + 1n;
    return [...before, segment(ranged, open[index + 1])];
  });
}
