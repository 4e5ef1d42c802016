/** What is read out of a record as it lies in the log; `packRecord` wrote it. See FORMAT.md. Never checks. */
import { headLengthAt, keyAt, keyLengthAt, type RecordContent } from '../kinesis/packedRecords.ts';

export { keyAt, keyLengthAt };
/** Of a partition key: 256 characters. */
export const keyBytesMax = 256 * 4;
/** A key may begin with what elsewhere is a byte order mark. */
export const keyDecoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Where the data begin of the record that begins at `at`. */
export const dataStart = (bytes: Uint8Array, at: number): number => at + headLengthAt(bytes, at);

/** Bytes of the partition key. */
export const keyLength = (packed: Uint8Array): number => keyLengthAt(packed, 0);

/** A view of `packed`. */
export function dataOf(packed: Uint8Array): Uint8Array {
  const at = dataStart(packed, 0);
  return new Uint8Array(packed.buffer, packed.byteOffset + at, packed.length - at);
}

/** `data` is a view of `bytes`. */
export function unpackRecord(bytes: Uint8Array): RecordContent {
  const keyEnd = keyAt + keyLength(bytes);
  const dataAt = dataStart(bytes, 0);
  return {
    partitionKey: keyDecoder.decode(bytes.subarray(keyAt, keyEnd)),
    explicitHashKey: dataAt > keyEnd ? bytes.subarray(keyEnd, dataAt) : undefined,
    data: bytes.subarray(dataAt),
  };
}
