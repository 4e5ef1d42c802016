/** How a record lies in a log entry: flags, partition key, explicit hash key, data. See FORMAT.md. Never checks. */
import type { EntryBytes } from './log/log.ts';

const hasHashKey = 1;
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
  private readonly content: RecordContent;
  private readonly keyLength: number;

  /** `keyLength`: of the partition key in UTF-8. */
  constructor(content: RecordContent, keyLength: number) {
    this.content = content;
    this.keyLength = keyLength;
    this.length = 3 + keyLength + (content.explicitHashKey ? 16 : 0) + content.data.length;
  }

  /** Data and partition key, as limits count them. */
  get countedBytes(): number {
    return this.keyLength + this.content.data.length;
  }

  copyTo(target: Uint8Array, at: number): void {
    const { content, keyLength } = this;
    const { explicitHashKey } = content;
    target[at] = explicitHashKey ? hasHashKey : 0;
    target[at + 1] = keyLength & 255;
    target[at + 2] = keyLength >>> 8;
    encodeKey(content.partitionKey, { into: target, at: at + 3 });
    if (explicitHashKey) target.set(explicitHashKey, at + 3 + keyLength);
    target.set(content.data, at + this.length - content.data.length);
  }
}

/** Where the partition key begins. */
export const keyAt = 3;

/** Bytes of the partition key. */
export const keyLength = (packed: Uint8Array): number => packed[1]! | (packed[2]! << 8);

const dataAt = (packed: Uint8Array): number =>
  keyAt + keyLength(packed) + ((packed[0]! & hasHashKey) === 0 ? 0 : 16);

/** Data and partition key of a record in the log, as limits count them. */
export const countedBytes = (packed: Uint8Array): number =>
  packed.length - dataAt(packed) + keyLength(packed);

/** A view of `packed`. */
export function dataOf(packed: Uint8Array): Uint8Array {
  const at = dataAt(packed);
  return new Uint8Array(packed.buffer, packed.byteOffset + at, packed.length - at);
}

/** `data` is a view of `bytes`. */
export function unpackRecord(bytes: Uint8Array): RecordContent {
  const keyEnd = keyAt + keyLength(bytes);
  const dataStart = dataAt(bytes);
  return {
    partitionKey: keyDecoder.decode(bytes.subarray(keyAt, keyEnd)),
    explicitHashKey: dataStart > keyEnd ? bytes.subarray(keyEnd, dataStart) : undefined,
    data: bytes.subarray(dataStart),
  };
}
