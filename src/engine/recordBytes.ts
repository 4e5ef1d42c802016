/** How a record lies in a log entry: flags, partition key, explicit hash key, data. See FORMAT.md. Never checks. */

const hasHashKey = 1;
const utf8 = new TextEncoder();
const text = new TextDecoder();

export interface RecordContent {
  readonly partitionKey: string;
  /** Sixteen bytes, big endian; absent when the partition key's MD5 decides. */
  readonly explicitHashKey?: Uint8Array | undefined;
  readonly data: Uint8Array;
}

/** Bytes of a partition key in UTF-8; a surrogate without its pair counts as U+FFFD, as it is encoded. */
export function utf8Length(key: string): number {
  let length = key.length;
  for (let i = 0; i < key.length; i++) {
    const unit = key.charCodeAt(i);
    if (unit < 0x80) continue;
    if (unit < 0x800) length += 1;
    else if (unit < 0xd800 || unit >= 0xe000) length += 2;
    else if (unit < 0xdc00 && (key.charCodeAt(i + 1) & 0xfc00) === 0xdc00) {
      length += 2;
      i += 1;
    } else length += 2;
  }
  return length;
}

/** A copy of everything: the caller may use its buffers again. */
export function packRecord({ partitionKey, explicitHashKey, data }: RecordContent): Uint8Array {
  const keyLength = utf8Length(partitionKey);
  const dataAt = 3 + keyLength + (explicitHashKey ? 16 : 0);
  const bytes = new Uint8Array(dataAt + data.length);
  bytes[0] = explicitHashKey ? hasHashKey : 0;
  bytes[1] = keyLength & 255;
  bytes[2] = keyLength >>> 8;
  if (keyLength === partitionKey.length) {
    for (let i = 0; i < keyLength; i++) bytes[3 + i] = partitionKey.charCodeAt(i);
  } else {
    utf8.encodeInto(partitionKey, bytes.subarray(3, 3 + keyLength));
  }
  if (explicitHashKey) bytes.set(explicitHashKey, 3 + keyLength);
  bytes.set(data, dataAt);
  return bytes;
}

/** The partition key's UTF-8 inside what packRecord made. */
export function partitionKeyBytes(packed: Uint8Array): Uint8Array {
  return packed.subarray(3, 3 + packed[1]! + (packed[2]! << 8));
}

/** Data and partition key of what packRecord made, as limits count them. */
export const countedBytes = (packed: Uint8Array): number =>
  packed.length - 3 - ((packed[0]! & hasHashKey) === 0 ? 0 : 16);

/** `data` is a view of `bytes`. */
export function unpackRecord(bytes: Uint8Array): RecordContent {
  const keyEnd = 3 + bytes[1]! + (bytes[2]! << 8);
  const dataAt = keyEnd + ((bytes[0]! & hasHashKey) === 0 ? 0 : 16);
  return {
    partitionKey: text.decode(bytes.subarray(3, keyEnd)),
    explicitHashKey: dataAt > keyEnd ? bytes.subarray(keyEnd, dataAt) : undefined,
    data: bytes.subarray(dataAt),
  };
}
