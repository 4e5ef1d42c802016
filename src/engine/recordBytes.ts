/** What is read out of a record as it lies in the log; `packRecord` wrote it. See FORMAT.md. Never checks. */
import { headLengthAt, keyAt, keyLengthAt, type RecordContent } from '../kinesis/packedRecords.ts';

export { keyAt };
/** Of a partition key: 256 characters. */
export const keyBytesMax = 256 * 4;
/** A key may begin with what elsewhere is a byte order mark. */
export const keyDecoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Bytes of the partition key. */
export const keyLength = (packed: Uint8Array): number => keyLengthAt(packed, 0);

/** Data and partition key of a record in the log, as limits count them. */
export const countedBytes = (packed: Uint8Array): number =>
  packed.length - headLengthAt(packed, 0) + keyLength(packed);

/** A view of `packed`. */
export function dataOf(packed: Uint8Array): Uint8Array {
  const at = headLengthAt(packed, 0);
  return new Uint8Array(packed.buffer, packed.byteOffset + at, packed.length - at);
}

/** `data` is a view of `bytes`. */
export function unpackRecord(bytes: Uint8Array): RecordContent {
  const keyEnd = keyAt + keyLength(bytes);
  const dataStart = headLengthAt(bytes, 0);
  return {
    partitionKey: keyDecoder.decode(bytes.subarray(keyAt, keyEnd)),
    explicitHashKey: dataStart > keyEnd ? bytes.subarray(keyEnd, dataStart) : undefined,
    data: bytes.subarray(dataStart),
  };
}
