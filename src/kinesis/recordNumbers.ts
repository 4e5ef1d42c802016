/**
 * Sequence numbers of shards and of their records, many at once: one costs a microsecond through BigInt; here it is sums
 * of decimal limbs and a text cut into pieces. A test shows it equal to formatSequenceNumber.
 */
import { formatSequenceNumber, sequenceIndexMax } from './sequenceNumber.ts';
import type { Shard } from './shapes.ts';

/** Digits of every number of version 2. */
const digits = 56;
export const sequenceNumberDigits = digits;
/** A number is printed in limbs of seven digits; products of two limbs are exact. */
const limbDigits = 7;
const limbCount = digits / limbDigits;
const limb = 10_000_000;

/** Numbers cut from one text: whoever keeps one of them keeps that text. */
const blockCount = 64;

/** 2^80 and 2^36 in limbs, lowest first: what the index and the second are multiplied by. */
const indexUnit = limbsOf(2n ** 80n);
const secondUnit = limbsOf(2n ** 36n);

/** Four digits of every number below 10,000, in ASCII, the first in the lowest byte. */
const quads = new Int32Array(10_000);
for (let number = 0; number < 10_000; number++) {
  for (let rest = number, shift = 24; shift >= 0; shift -= 8, rest = (rest / 10) | 0) {
    quads[number]! |= (48 + (rest % 10)) << shift;
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

/**
 * The second in the number of a record that arrived at `timeMs`. A child's creation second may lie just
 * ahead of the clock; the record's is then the child's, so that no record seems older than its shard.
 */
export const recordSeconds = (
  { createdSeconds }: Pick<NumberedShard, 'createdSeconds'>,
  timeMs: number,
): number => Math.max(Math.floor(timeMs / 1000), createdSeconds);

/** The number of the record with `key` in `shard`. */
export function recordNumber(
  shard: NumberedShard,
  { key, timeMs }: { key: number; timeMs: number },
): string {
  return formatSequenceNumber({
    shardCreatedSeconds: shard.createdSeconds,
    shardIndex: shard.index,
    index: BigInt(key),
    seconds: recordSeconds(shard, timeMs),
  });
}

/** The numbers that a shard begins with and, once it is closed, ends with. */
export function shardNumbers({
  index: shardIndex,
  createdSeconds: shardCreatedSeconds,
  closedSeconds,
}: NumberedShard & { readonly closedSeconds?: number | undefined }): Shard['SequenceNumberRange'] {
  const of = { shardCreatedSeconds, shardIndex };
  const first = { ...of, index: 0n, seconds: shardCreatedSeconds };
  const StartingSequenceNumber = formatSequenceNumber(first);
  if (closedSeconds === undefined) return { StartingSequenceNumber };
  const last = { ...of, index: sequenceIndexMax, seconds: closedSeconds };
  return { StartingSequenceNumber, EndingSequenceNumber: formatSequenceNumber(last) };
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
  private readonly view: DataView;
  private readonly printer = new NumberPrinter();
  private count = 0;

  constructor(countMax: number) {
    this.bytes = new Uint8Array(countMax * digits);
    this.view = new DataView(this.bytes.buffer);
  }

  /** `key`: the index field, up to 2^53 - 1. `seconds`: of the record, up to 2^36 - 1. */
  add(part: readonly number[], { key, seconds }: { key: number; seconds: number }): void {
    const { printer } = this;
    printer.set(part, { key, seconds });
    printer.print(this.view, this.count * digits);
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
}

/** Steps from one key to the next for which a number is made of the one before; products stay exact. */
const stepMax = 1_000_000;

/** Prints one number after the other; one that follows another of its shard and second costs half. */
export class NumberPrinter {
  private readonly sums = new Float64Array(limbCount);
  /** Of the last number, lowest first, each below 10,000,000. */
  private readonly limbs = new Int32Array(limbCount);
  private part: readonly number[] | undefined;
  private seconds = 0;
  private key = 0;

  /** As RecordNumbers.add. */
  set(part: readonly number[], { key, seconds }: { key: number; seconds: number }): void {
    const step = key - this.key;
    const isNext = part === this.part && seconds === this.seconds && step >= 0 && step <= stepMax;
    this.key = key;
    if (isNext) this.advance(step);
    else this.compute(part, seconds);
  }

  /** All digits of the number that was set, in ASCII. */
  print(view: DataView, start: number): void {
    const { limbs } = this;
    let at = start + digits - limbDigits;
    // Eight digits for a limb of seven: the limb above comes after it, and over its first.
    for (let i = 0; i < limbCount - 1; i++, at -= limbDigits) {
      const rest = limbs[i]!;
      const high = (rest / 10_000) | 0;
      view.setInt32(at - 1, quads[high]!, true);
      view.setInt32(at + 3, quads[rest - high * 10_000]!, true);
    }
    const highest = limbs[limbCount - 1]!;
    const first = (highest / 10_000) | 0;
    const shown = quads[first]! >>> 8;
    view.setUint8(at, shown & 255);
    view.setUint16(at + 1, shown >>> 8, true);
    view.setInt32(at + 3, quads[highest - first * 10_000]!, true);
  }

  private compute(part: readonly number[], seconds: number): void {
    const { sums, limbs } = this;
    this.part = part;
    this.seconds = seconds;
    for (let i = 0; i < limbCount; i++) sums[i] = part[i]!;
    addProduct(sums, this.key, indexUnit);
    addProduct(sums, seconds, secondUnit);
    let carry = 0;
    for (let i = 0; i < limbCount; i++) {
      const sum = sums[i]! + carry;
      carry = overLimbs(sum);
      limbs[i] = sum - carry * limb;
    }
  }

  private advance(step: number): void {
    const { limbs } = this;
    let carry = 0;
    for (let i = 0; i < indexUnit.length || carry > 0; i++) {
      const sum = limbs[i]! + step * (indexUnit[i] ?? 0) + carry;
      carry = overLimbs(sum);
      limbs[i] = sum - carry * limb;
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
