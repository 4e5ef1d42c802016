/**
 * The bytes of a catalog file: a header, then frames, each one change in JSON with a checksum. See
 * FORMAT.md. It reads and builds bytes; it opens no file.
 */

import type { Crc32 } from './log/files.ts';
import { LogError } from './log/logError.ts';
import type { CatalogChange } from './streamEntry.ts';

/** Since 2 there are tags and settings that change, which 1 would drop or not carry out. */
export const catalogFormat = 2;
export const headerBytes = 16;
const frameHeaderBytes = 12;

const utf8 = new TextEncoder();
const text = new TextDecoder();
const magic = utf8.encode('SHSCATLG');
/** Members that hold a hash key: text in JSON, BigInt inside. */
const bigMembers = new Set(['start', 'end', 'at']);

/** Magic, format, checksum. */
export function catalogHeader(crc32: Crc32): Uint8Array {
  const bytes = new Uint8Array(headerBytes);
  const view = new DataView(bytes.buffer);
  bytes.set(magic);
  view.setUint32(8, catalogFormat);
  view.setUint32(12, crc32(bytes.subarray(0, 12)) >>> 0);
  return bytes;
}

/** Length, checksum of the payload, checksum of these eight bytes, payload. */
export function catalogFrame(change: CatalogChange, crc32: Crc32): Uint8Array {
  const payload = utf8.encode(
    JSON.stringify(change, (_, value: unknown) =>
      typeof value === 'bigint' ? value.toString() : value,
    ),
  );
  const bytes = new Uint8Array(frameHeaderBytes + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, payload.length);
  view.setUint32(4, crc32(payload) >>> 0);
  view.setUint32(8, crc32(bytes.subarray(0, 8)) >>> 0);
  bytes.set(payload, frameHeaderBytes);
  return bytes;
}

export interface CatalogContent {
  /** The file's own, which may be an older one. */
  readonly format: number;
  readonly changes: readonly CatalogChange[];
  /** Bytes of the header and of whole frames; what follows was torn off by a crash. */
  readonly goodBytes: number;
}

/**
 * Reads a whole file. Throws LogError FORMAT for a newer format and CORRUPT for damage that is not a
 * torn tail: a broken frame with a whole frame anywhere behind it.
 */
export function readCatalog(file: {
  bytes: Uint8Array;
  path: string;
  crc32: Crc32;
}): CatalogContent {
  const format = formatOf(file);
  const { bytes, crc32 } = file;
  const changes: CatalogChange[] = [];
  let position = headerBytes;
  while (position < bytes.length) {
    const payload = frameAt({ bytes, crc32 }, position);
    if (!payload) break;
    changes.push(parseChange(payload));
    position += frameHeaderBytes + payload.length;
  }
  for (let later = position + 1; later < bytes.length; later++) {
    if (frameAt({ bytes, crc32 }, later)) throw corrupt(file.path, position);
  }
  return { format, changes, goodBytes: position };
}

type CatalogBytes = Parameters<typeof readCatalog>[0];

function formatOf({ bytes, path, crc32 }: CatalogBytes): number {
  if (bytes.length < headerBytes || magic.some((byte, at) => bytes[at] !== byte)) {
    throw corrupt(path, 0);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, headerBytes);
  const format = view.getUint32(8);
  if (view.getUint32(12) !== crc32(bytes.subarray(0, 12)) >>> 0) throw corrupt(path, 8);
  if (format <= catalogFormat) return format;
  throw new LogError(
    'FORMAT',
    `${path} was written by a newer Shardscope (catalog format ${format}; this version reads ` +
      `${catalogFormat}). Update Shardscope, or use another data folder.`,
    { path, position: 8 },
  );
}

const corrupt = (path: string, position: number): LogError =>
  new LogError(
    'CORRUPT',
    `The catalog ${path} is damaged at byte ${position}, so the streams of this data folder cannot be ` +
      'opened. Restore the file from a copy, or use another data folder.',
    { path, position },
  );

/** The payload of the whole, undamaged frame at `position`. */
function frameAt(
  { bytes, crc32 }: { bytes: Uint8Array; crc32: Crc32 },
  position: number,
): Uint8Array | undefined {
  const start = position + frameHeaderBytes;
  if (start > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + position, frameHeaderBytes);
  const length = view.getUint32(0);
  if (length === 0 || start + length > bytes.length) return undefined;
  if (view.getUint32(8) !== crc32(bytes.subarray(position, position + 8)) >>> 0) return undefined;
  const payload = bytes.subarray(start, start + length);
  return view.getUint32(4) === crc32(payload) >>> 0 ? payload : undefined;
}

function parseChange(payload: Uint8Array): CatalogChange {
  return JSON.parse(text.decode(payload), (key, value: unknown) =>
    bigMembers.has(key) && typeof value === 'string' ? BigInt(value) : value,
  ) as CatalogChange;
}
