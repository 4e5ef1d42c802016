/**
 * Sequence numbers of many records at once. One number costs a microsecond through BigInt; here it is sums
 * of decimal limbs and a text cut into pieces. A test shows it equal to formatSequenceNumber.
 */
import { formatSequenceNumber } from './sequenceNumber.ts';

/** Digits of every number of version 2. */
const digits = 56;
const limbDigits = 7;
const limbCount = digits / limbDigits;
const limb = 10_000_000;

/** 2^80 and 2^36 in limbs, lowest first: what the index and the second are multiplied by. */
const indexUnit = limbsOf(2n ** 80n);
const secondUnit = limbsOf(2n ** 36n);

function limbsOf(value: bigint): number[] {
  const limbs: number[] = [];
  for (let rest = value; rest > 0n; rest /= BigInt(limb)) limbs.push(Number(rest % BigInt(limb)));
  return limbs;
}

/** What all numbers of one shard share. */
export interface NumberedShard {
  readonly index: number;
  readonly createdSeconds: number;
}

/** The shard's part of its numbers, in limbs. */
export function shardPart({ index, createdSeconds }: NumberedShard): readonly number[] {
  const number = formatSequenceNumber({
    shardCreatedSeconds: createdSeconds,
    shardIndex: index,
    index: 0n,
    seconds: 0,
  });
  return limbsOf(BigInt(number));
}

/** Collects numbers and gives their texts. Holds `countMax` at most. */
export class RecordNumbers {
  private readonly bytes: Uint8Array;
  private readonly sums = new Float64Array(limbCount);
  private count = 0;

  constructor(countMax: number) {
    this.bytes = new Uint8Array(countMax * digits);
  }

  /** `key`: the index field, up to 2^53 - 1. `seconds`: of the record, up to 2^36 - 1. */
  add(part: readonly number[], { key, seconds }: { key: number; seconds: number }): void {
    const { sums } = this;
    for (let i = 0; i < limbCount; i++) sums[i] = part[i]!;
    addProduct(sums, key, indexUnit);
    addProduct(sums, seconds, secondUnit);
    this.print();
    this.count += 1;
  }

  /** In the order they were added. */
  texts(): string[] {
    const text = decoder.decode(this.bytes.subarray(0, this.count * digits));
    const texts = new Array<string>(this.count);
    for (let i = 0; i < this.count; i++) texts[i] = text.slice(i * digits, (i + 1) * digits);
    return texts;
  }

  private print(): void {
    const { sums, bytes } = this;
    let at = (this.count + 1) * digits;
    let carry = 0;
    for (let i = 0; i < limbCount; i++) {
      const sum = sums[i]! + carry;
      carry = Math.floor(sum / limb);
      let rest = sum - carry * limb;
      for (let digit = 0; digit < limbDigits; digit++) {
        const next = (rest / 10) | 0;
        at -= 1;
        bytes[at] = 48 + rest - next * 10;
        rest = next;
      }
    }
  }
}

const decoder = new TextDecoder();

/** Adds `factor` times a unit; three limbs hold any factor up to 2^53 - 1, and a sum stays exact. */
function addProduct(sums: Float64Array, factor: number, unit: readonly number[]): void {
  let rest = factor;
  for (let i = 0; rest > 0; i++) {
    const next = Math.floor(rest / limb);
    const part = rest - next * limb;
    for (let j = 0; j < unit.length; j++) sums[i + j]! += part * unit[j]!;
    rest = next;
  }
}
