/**
 * Sequence numbers of many records at once. One number costs a microsecond through BigInt; here it is sums
 * of decimal limbs and a text cut into pieces. A test shows it equal to formatSequenceNumber.
 */
import { formatSequenceNumber } from './sequenceNumber.ts';

/** Digits of every number of version 2. */
const digits = 56;
/** A number is printed in limbs of seven digits; products of two limbs are exact. */
const limbDigits = 7;
const limbCount = digits / limbDigits;
const limb = 10_000_000;

/** Numbers cut from one text: whoever keeps one of them keeps that text. */
const blockCount = 64;

/** 2^80 and 2^36 in limbs, lowest first: what the index and the second are multiplied by. */
const indexUnit = limbsOf(2n ** 80n);
const secondUnit = limbsOf(2n ** 36n);

/** Four digits of every number below 10,000. */
const quads = new Uint8Array(40_000);
for (let number = 0; number < 10_000; number++) {
  let rest = number;
  for (let at = number * 4 + 3; at >= number * 4; at--, rest = (rest / 10) | 0) {
    quads[at] = 48 + (rest % 10);
  }
}

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

  /** In the order they were added; from then on it is empty again. */
  take(): string[] {
    const texts = new Array<string>(this.count);
    for (let first = 0; first < this.count; first += blockCount) {
      const end = Math.min(first + blockCount, this.count);
      const text = decoder.decode(this.bytes.subarray(first * digits, end * digits));
      for (let i = first, at = 0; i < end; i++, at += digits)
        texts[i] = text.slice(at, at + digits);
    }
    this.count = 0;
    return texts;
  }

  private print(): void {
    const { sums, bytes } = this;
    let at = (this.count + 1) * digits - limbDigits;
    let carry = 0;
    for (let i = 0; i < limbCount; i++, at -= limbDigits) {
      const sum = sums[i]! + carry;
      carry = overLimbs(sum);
      const rest = (sum - carry * limb) | 0;
      const high = (rest / 10_000) | 0;
      const low = (rest - high * 10_000) << 2;
      const first = high << 2;
      bytes[at] = quads[first + 1]!;
      bytes[at + 1] = quads[first + 2]!;
      bytes[at + 2] = quads[first + 3]!;
      bytes[at + 3] = quads[low]!;
      bytes[at + 4] = quads[low + 1]!;
      bytes[at + 5] = quads[low + 2]!;
      bytes[at + 6] = quads[low + 3]!;
    }
  }
}

const decoder = new TextDecoder();

/** Whole limbs in `sum`. A product with the inverse is a third of a division, and may be one off. */
function overLimbs(sum: number): number {
  const guess = Math.floor(sum * 1e-7);
  const rest = sum - guess * limb;
  if (rest < 0) return guess - 1;
  return rest < limb ? guess : guess + 1;
}

/** Adds `factor` times a unit; three limbs hold any factor up to 2^53 - 1, and a sum stays exact. */
function addProduct(sums: Float64Array, factor: number, unit: readonly number[]): void {
  let rest = factor;
  for (let i = 0; rest > 0; i++) {
    const next = overLimbs(rest);
    const part = rest - next * limb;
    for (let j = 0; j < unit.length; j++) sums[i + j]! += part * unit[j]!;
    rest = next;
  }
}
