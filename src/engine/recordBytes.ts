/** How a record lies in a log entry: flags, partition key, explicit hash key, data. See FORMAT.md. Never checks. */
import type { EntryBytes } from './log/log.ts';

const hasHashKey = 1;
/** Where the partition key begins. */
export const keyAt = 3;
/** Of a partition key: 256 characters. */
export const keyBytesMax = 256 * 4;
const utf8 = new TextEncoder();
/** A key may begin with what elsewhere is a byte order mark. */
export const keyDecoder = new TextDecoder('utf-8', { ignoreBOM: true });

export interface RecordContent {
  readonly partitionKey: string;
  /** Sixteen bytes, big endian; absent when the partition key's MD5 decides. */
  readonly explicitHashKey?: Uint8Array | undefined;
  readonly data: Uint8Array;
}

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

/** A record as it will lie in the log. It keeps what it was made of, which must stay as it is until then. */
export class RecordBytes implements EntryBytes {
  readonly length: number;
  /** Data and partition key, as limits count them. */
  readonly countedBytes: number;
  private readonly partitionKey: string;
  private readonly explicitHashKey: Uint8Array | undefined;
  private readonly data: Uint8Array;

  /** `keyLength`: of the partition key in UTF-8. */
  constructor({ partitionKey, explicitHashKey, data }: RecordContent, keyLength: number) {
    this.partitionKey = partitionKey;
    this.explicitHashKey = explicitHashKey;
    this.data = data;
    this.countedBytes = keyLength + data.length;
    this.length = keyAt + this.countedBytes + (explicitHashKey ? 16 : 0);
  }

  copyTo(target: Uint8Array, at: number): void {
    const { explicitHashKey, data } = this;
    const keyBytes = this.countedBytes - data.length;
    target[at] = explicitHashKey ? hasHashKey : 0;
    target[at + 1] = keyBytes & 255;
    target[at + 2] = keyBytes >>> 8;
    encodeKey(this.partitionKey, { into: target, at: at + keyAt });
    if (explicitHashKey) target.set(explicitHashKey, at + keyAt + keyBytes);
    target.set(data, at + this.length - data.length);
  }
}

/** Bytes of the partition key of the record that begins at `at`. */
export const keyLengthAt = (bytes: Uint8Array, at: number): number =>
  bytes[at + 1]! | (bytes[at + 2]! << 8);

/** Where the data begin of the record that begins at `at`. */
export const dataStart = (bytes: Uint8Array, at: number): number =>
  at + keyAt + keyLengthAt(bytes, at) + ((bytes[at]! & hasHashKey) === 0 ? 0 : 16);

/** Bytes of the partition key. */
export const keyLength = (packed: Uint8Array): number => keyLengthAt(packed, 0);

const dataAt = (packed: Uint8Array): number => dataStart(packed, 0);

/** A view of `packed`. */
export function dataOf(packed: Uint8Array): Uint8Array {
  const at = dataAt(packed);
  return new Uint8Array(packed.buffer, packed.byteOffset + at, packed.length - at);
}

/** `data` is a view of `bytes`. */
export function unpackRecord(bytes: Uint8Array): RecordContent {
  const keyEnd = keyAt + keyLength(bytes);
  const dataBegin = dataAt(bytes);
  return {
    partitionKey: keyDecoder.decode(bytes.subarray(keyAt, keyEnd)),
    explicitHashKey: dataBegin > keyEnd ? bytes.subarray(keyEnd, dataBegin) : undefined,
    data: bytes.subarray(dataBegin),
  };
}
