/**
 * Sequence numbers in AWS's layout (version 2), a 186-bit integer printed in decimal (56 digits):
 *
 *   bits 184-187  value 2                     bits  80-143  index, the counter (top bit 0)
 *   bits 148-183  shard creation, epoch s     bits  72-79   0
 *   bits 144-147  low nibble of the shard     bits  36-71   record time, epoch s
 *                                             bits   4-35   shard index (signed)
 *                                             bits   0-3    version, 2
 *
 * Inside one shard the numbers rise with the index alone.
 * @source measured
 */

export interface SequenceNumberParts {
  /** Epoch seconds at which the shard was created. */
  readonly shardCreatedSeconds: number;
  readonly shardIndex: number;
  /** 0 for a shard's start, `sequenceIndexMax` for its end, else the record's counter. */
  readonly index: bigint;
  /** Epoch seconds of the record. */
  readonly seconds: number;
}

/** The index of every EndingSequenceNumber. */
export const sequenceIndexMax = 2n ** 63n - 1n;

const version = 2n;
const leading = 2n << 184n;

/** Decimal text of a version 2 number. */
export function formatSequenceNumber(parts: SequenceNumberParts): string {
  const { shardCreatedSeconds, shardIndex, index, seconds } = parts;
  const value =
    leading |
    (BigInt(shardCreatedSeconds) << 148n) |
    (BigInt(shardIndex & 15) << 144n) |
    (index << 80n) |
    (BigInt(seconds) << 36n) |
    (BigInt.asUintN(32, BigInt(shardIndex)) << 4n) |
    version;
  return value.toString();
}

/** The parts of a version 2 number; undefined for anything else. */
export function parseSequenceNumber(text: string): SequenceNumberParts | undefined {
  if (!/^(0|[1-9]\d{0,128})$/.test(text)) return undefined;
  const value = BigInt(text);
  if (value >> 184n !== 2n || (value & 15n) !== version) return undefined;
  const field = (shift: bigint, bits: number): bigint => BigInt.asUintN(bits, value >> shift);
  const parts = {
    shardCreatedSeconds: Number(field(148n, 36)),
    shardIndex: Number(BigInt.asIntN(32, value >> 4n)),
    index: field(80n, 64),
    seconds: Number(field(36n, 36)),
  };
  return parts.index > sequenceIndexMax ? undefined : parts;
}

/** A number in a format that Kinesis reads and no longer gives out. */
export interface OldSequenceNumber {
  readonly version: 0 | 1;
  readonly shardIndex: number;
  /** Epoch seconds of the record; version 0 has none. */
  readonly seconds: number;
}

/** Creation seconds of version 0 from here on are refused. @source measured */
const oldSecondsMax = 16_025_175_000;

/** The parts of a number of version 0 (less than 2^129) or 1; undefined for anything else. @source measured */
export function parseOldSequenceNumber(text: string): OldSequenceNumber | undefined {
  if (!/^(0|[1-9]\d{0,128})$/.test(text)) return undefined;
  const value = BigInt(text);
  if (value < 1n << 129n) {
    const createdSeconds = Number(BigInt.asUintN(36, value >> 88n));
    if (createdSeconds >= oldSecondsMax) return undefined;
    return { version: 0, shardIndex: Number(value & 0xffffn), seconds: 0 };
  }
  if (value >> 184n !== 2n || (value & 15n) !== 1n) return undefined;
  const shardIndex = Number(BigInt.asIntN(32, value >> 4n));
  return { version: 1, shardIndex, seconds: Number(BigInt.asUintN(36, value >> 100n)) };
}

/** A number of version 3, which Kinesis answers by an internal failure. @source measured */
export function isFailingSequenceNumber(text: string): boolean {
  const value = BigInt(text);
  return value >> 184n === 2n && (value & 15n) === 3n;
}

/** `49674…223254594` -> `…4594`: the telling end, for people. */
export function shortSequenceNumber(text: string): string {
  return text.length > 6 ? `…${text.slice(-4)}` : text;
}
