/** Finds the open shard that covers a hash key. Compares four u32 words, never BigInt: it runs per record. */
import { assert } from '../base/assert.ts';
import { hashKeyBytes } from '../kinesis/hashKey.ts';
import { seriesPart } from '../kinesis/numberSeries.ts';
import type { PlacedShard } from '../kinesis/placedRecords.ts';
import { recordSeconds, shardPart } from '../kinesis/recordNumbers.ts';
import { formatShardId } from '../kinesis/shardId.ts';
import { openShards, type ShardEntry, type StreamEntry } from './streamEntry.ts';

/** An open shard, with what every answer about it repeats; that is made when first asked for. */
export class RoutedShard implements PlacedShard {
  readonly shard: ShardEntry;
  private name: string | undefined;
  private part: readonly number[] | undefined;
  private limbs: Int32Array | undefined;

  constructor(shard: ShardEntry) {
    this.shard = shard;
  }

  get id(): string {
    this.name ??= formatShardId(this.shard.index);
    return this.name;
  }

  get index(): number {
    return this.shard.index;
  }

  get seriesPart(): Int32Array {
    this.limbs ??= seriesPart(this.shard);
    return this.limbs;
  }

  secondsAt(timeMs: number): number {
    return recordSeconds(this.shard, timeMs);
  }

  /** For RecordNumbers. */
  get numberPart(): readonly number[] {
    this.part ??= shardPart(this.shard);
    return this.part;
  }
}

export class HashRoutes {
  private readonly shards: readonly RoutedShard[];
  /** First words of each shard's StartingHashKey, four per shard. */
  private readonly starts: Uint32Array;

  constructor(stream: StreamEntry) {
    const open = openShards(stream);
    open.sort((a, b) => (a.range.start < b.range.start ? -1 : 1));
    this.shards = open.map((shard) => new RoutedShard(shard));
    this.starts = new Uint32Array(open.length * 4);
    open.forEach((shard, place) => {
      this.starts.set(hashKeyWords(hashKeyBytes(shard.range.start)), place * 4);
    });
  }

  /** `key`: sixteen bytes, big endian. */
  find(key: Uint8Array): ShardEntry {
    return this.routeOf(hashKeyWords(key), 0).shard;
  }

  /** `words`: the key's four from `at` on, the highest first. */
  routeOf(words: Uint32Array, at: number): RoutedShard {
    assert(this.shards.length > 0, 'a stream that takes records has open shards');
    let low = 0;
    let high = this.shards.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.startsAfter(middle, { words, at })) high = middle - 1;
      else low = middle;
    }
    return this.shards[low]!;
  }

  private startsAfter(place: number, { words, at }: { words: Uint32Array; at: number }): boolean {
    for (let word = 0; word < 4; word++) {
      const start = this.starts[place * 4 + word]!;
      const wanted = words[at + word]!;
      if (start !== wanted) return start > wanted;
    }
    return false;
  }
}

/** The four words of sixteen bytes, the highest first. */
export function hashKeyWords(key: Uint8Array): Uint32Array {
  const words = new Uint32Array(4);
  for (let word = 0; word < 4; word++) {
    const at = word * 4;
    words[word] =
      (key[at]! << 24) | (key[at + 1]! << 16) | (key[at + 2]! << 8) | (key[at + 3]! << 0);
  }
  return words;
}
