/**
 * The records of a put in one piece of memory, one behind the other as the engine stores them, so that no
 * object is made for each on its way. Nothing here checks a record.
 */

/**
 * A record: flags, two bytes of key length, key in UTF-8, explicit hash key of sixteen bytes, data. One that was
 * put without a key has an empty one, which nobody else may give.
 */
export const flagHashKey = 1;
/** Where the partition key begins. */
export const keyAt = 3;
export const hashKeyLength = 16;

const utf8 = new TextEncoder();

/** Bytes of a record's partition key. */
export const keyLengthAt = (bytes: Uint8Array, record: number): number =>
  bytes[record + 1]! | (bytes[record + 2]! << 8);

/** Bytes from the begin of a record to its data. */
export const headLengthAt = (bytes: Uint8Array, record: number): number =>
  keyAt + keyLengthAt(bytes, record) + ((bytes[record]! & flagHashKey) === 0 ? 0 : hashKeyLength);

/**
 * Writes a key's UTF-8 at `at`, where there is room for it; returns how many bytes that are. A surrogate
 * without its pair becomes U+FFFD.
 */
export function encodeKey(key: string, { into, at }: { into: Uint8Array; at: number }): number {
  for (let i = 0; i < key.length; i++) {
    const unit = key.charCodeAt(i);
    if (unit > 0x7f) return utf8.encodeInto(key, into.subarray(at)).written;
    into[at + i] = unit;
  }
  return key.length;
}

export interface RecordContent {
  readonly partitionKey: string;
  /** Sixteen bytes, big endian; absent when the partition key's MD5 decides. */
  readonly explicitHashKey?: Uint8Array | undefined;
  readonly data: Uint8Array;
}

export const packedLength = ({ explicitHashKey, data }: RecordContent, keyLength: number): number =>
  keyAt + keyLength + (explicitHashKey ? hashKeyLength : 0) + data.length;

/** Writes a record at `at`, where there is room for it; returns where it ends. */
export function packRecord(
  { partitionKey, explicitHashKey, data }: RecordContent,
  { into, at }: { into: Uint8Array; at: number },
): number {
  const keyLength = encodeKey(partitionKey, { into, at: at + keyAt });
  into[at] = explicitHashKey ? flagHashKey : 0;
  into[at + 1] = keyLength & 255;
  into[at + 2] = keyLength >>> 8;
  if (explicitHashKey) into.set(explicitHashKey, at + keyAt + keyLength);
  const dataAt = at + headLengthAt(into, at);
  into.set(data, dataAt);
  return dataAt + data.length;
}

/** Records one behind the other. What is said of one takes where it begins and ends. */
export class PackedRecords {
  readonly bytes: Uint8Array;
  /** Where each one ends; the first begins at 0, every other one where the one before ends. */
  readonly ends: readonly number[];

  constructor(bytes: Uint8Array, ends: readonly number[]) {
    this.bytes = bytes;
    this.ends = ends;
  }

  get count(): number {
    return this.ends.length;
  }

  /** Data and partition key, as limits count them. */
  countedBytes(start: number, end: number): number {
    return end - headLengthAt(this.bytes, start) + keyLengthAt(this.bytes, start) - start;
  }
}

/** Packs records; `bytes`: what they take together. */
export function packRecords(contents: readonly RecordContent[], bytes: number): PackedRecords {
  const into = new Uint8Array(bytes);
  const ends: number[] = [];
  let at = 0;
  for (const content of contents) {
    at = packRecord(content, { into, at });
    ends.push(at);
  }
  return new PackedRecords(into, ends);
}
