/**
 * Sequence numbers of one second whose keys follow each other, as the records of a put have them: each is the one
 * before and a unit more, printed straight to where it is wanted. A test shows it equal to
 * formatSequenceNumber.
 */
import type { NumberedShard } from './recordNumbers.ts';
import { formatSequenceNumber } from './sequenceNumber.ts';

/** Digits of every number of version 2. */
export const numberLength = 56;
/** A number is printed in limbs of eight digits, each of them two stores of four. */
const limbDigits = 8;
const limbCount = numberLength / limbDigits;
const limb = 100_000_000;

/** The four digits of every number below 10,000, as a little-endian word has them. */
const quads = new Uint32Array(10_000);
for (let number = 0; number < quads.length; number++) {
  let rest = number;
  for (let place = 3; place >= 0; place--, rest = (rest / 10) | 0) {
    quads[number]! |= (48 + (rest % 10)) << (place * 8);
  }
}

/** Lowest first. */
function limbsOf(value: bigint): Int32Array {
  const limbs = new Int32Array(limbCount);
  let rest = value;
  for (let i = 0; i < limbCount; i++, rest /= BigInt(limb)) limbs[i] = Number(rest % BigInt(limb));
  return limbs;
}

/** What a number grows by with its key. */
const unit = limbsOf(2n ** 80n);

/** A shard's part of its numbers. */
export const seriesPart = ({ index, createdSeconds }: NumberedShard): Int32Array =>
  limbsOf(
    BigInt(
      formatSequenceNumber({
        shardCreatedSeconds: createdSeconds,
        shardIndex: index,
        index: 0n,
        seconds: 0,
      }),
    ),
  );

/** Digits of a shard's number in its id. */
export const shardDigits = 12;

/** Writes the digits of a shard's number, of up to 2^31, as its id has them. */
export function printShardDigits(
  index: number,
  { into, at }: { into: DataView; at: number },
): void {
  const high = (index / limb) | 0;
  const low = index - high * limb;
  const middle = (low / 10_000) | 0;
  into.setUint32(at, quads[high]!, true);
  into.setUint32(at + 4, quads[middle]!, true);
  into.setUint32(at + 8, quads[low - middle * 10_000]!, true);
}

export class NumberSeries {
  /** What the number of the current key has beside its shard's part. */
  private readonly limbs: Int32Array;

  /** `key`: the index field, up to 2^53 - 1. `seconds`: of all records. */
  constructor({ key, seconds }: { key: number; seconds: number }) {
    this.limbs = limbsOf((BigInt(key) << 80n) + (BigInt(seconds) << 36n));
  }

  /** Goes on to the next key. */
  next(): void {
    const { limbs } = this;
    let carry = 0;
    for (let i = 0; i < limbCount; i++) {
      const sum = limbs[i]! + unit[i]! + carry;
      carry = sum >= limb ? 1 : 0;
      limbs[i] = sum - carry * limb;
    }
  }

  /** Writes the current key's number in a shard, `numberLength` digits from `at`. */
  print(part: Int32Array, { into, at }: { into: DataView; at: number }): void {
    const { limbs } = this;
    let end = at + numberLength - limbDigits;
    let carry = 0;
    for (let i = 0; i < limbCount; i++, end -= limbDigits) {
      let sum = limbs[i]! + part[i]! + carry;
      carry = sum >= limb ? 1 : 0;
      sum -= carry * limb;
      const high = (sum / 10_000) | 0;
      into.setUint32(end, quads[high]!, true);
      into.setUint32(end + 4, quads[sum - high * 10_000]!, true);
    }
  }
}
