/** Finds the open shard that covers a hash key. Compares four u32 words, never BigInt: it runs per record. */
import { assert } from '../base/assert.ts';
import { openShards, type ShardEntry, type StreamEntry } from './streamEntry.ts';

export class HashRoutes {
  private readonly shards: readonly ShardEntry[];
  /** First words of each shard's StartingHashKey, four per shard. */
  private readonly starts: Uint32Array;

  constructor(stream: StreamEntry) {
    const open = openShards(stream);
    open.sort((a, b) => (a.range.start < b.range.start ? -1 : 1));
    this.shards = open;
    this.starts = new Uint32Array(open.length * 4);
    open.forEach((shard, place) => {
      this.starts.set(hashWords(hashKeyBytes(shard.range.start)), place * 4);
    });
  }

  /** `key`: sixteen bytes, big endian. */
  find(key: Uint8Array): ShardEntry {
    assert(this.shards.length > 0, 'a stream that takes records has open shards');
    const words = hashWords(key);
    let low = 0;
    let high = this.shards.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.startsAfter(middle, words)) high = middle - 1;
      else low = middle;
    }
    return this.shards[low]!;
  }

  private startsAfter(place: number, words: Uint32Array): boolean {
    for (let word = 0; word < 4; word++) {
      const start = this.starts[place * 4 + word]!;
      const wanted = words[word]!;
      if (start !== wanted) return start > wanted;
    }
    return false;
  }
}

function hashWords(key: Uint8Array): Uint32Array {
  const words = new Uint32Array(4);
  for (let word = 0; word < 4; word++) {
    const at = word * 4;
    words[word] =
      (key[at]! << 24) | (key[at + 1]! << 16) | (key[at + 2]! << 8) | (key[at + 3]! << 0);
  }
  return words;
}

/** 0 to 2^128 - 1 as sixteen bytes, big endian. */
export function hashKeyBytes(key: bigint): Uint8Array {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, key >> 64n);
  view.setBigUint64(8, BigInt.asUintN(64, key));
  return bytes;
}
