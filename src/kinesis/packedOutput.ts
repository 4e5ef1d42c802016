/**
 * Records of an answer that are not objects yet: who sends them on writes them from where they lie, and for ten
 * thousand of them objects cost more than the answer. Everyone else finds `Records` as ever, made when asked for.
 */
import type { GetRecordsOutput } from './operations/getRecords.ts';
import type { NumberedShard } from './recordNumbers.ts';
import type { KinesisRecord } from './shapes.ts';

/** Where one record lies. The object is used again for the next one. */
export interface PackedRecord {
  bytes: Uint8Array;
  /** The partition key, in UTF-8; empty when the record has none. */
  keyStart: number;
  keyEnd: number;
  dataStart: number;
  dataEnd: number;
  arrivalMs: number;
  /** Index and seconds of the sequence number. */
  index: number;
  seconds: number;
  /** Its EncryptionType is KMS; here it lies plain. */
  isEncrypted: boolean;
}

export interface OutputRecords {
  readonly shard: NumberedShard;
  readonly count: number;
  /** Of all records: bytes of data, and of partition keys in UTF-8. */
  readonly dataBytes: number;
  readonly keyBytes: number;
  /** In their order. */
  visit(visitor: (record: PackedRecord) => void): void;
  /** The same as objects. */
  unpack(): KinesisRecord[];
  /** Nobody visits or unpacks any more: the memory is used again, unless it was unpacked. */
  release(): void;
}

const packed = new WeakMap<object, OutputRecords>();

/** An answer whose records are unpacked when first looked at. */
export function packedOutput(
  records: OutputRecords,
  rest: Omit<GetRecordsOutput, 'Records'>,
): GetRecordsOutput {
  let made: KinesisRecord[] | undefined;
  const output = {
    get Records() {
      made ??= records.unpack();
      return made;
    },
    ...rest,
  };
  packed.set(output, records);
  return output;
}

/** The records of an answer, if nobody changed it into another. */
export const packedOf = (output: object): OutputRecords | undefined => packed.get(output);
