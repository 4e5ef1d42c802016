/** The bytes of segment, batch and run headers, as FORMAT.md describes them. No I/O. */
import { getU64, putU64, viewOf } from './bytes.ts';
import type { Crc32 } from './files.ts';

/** Raised when an older program could misread a segment. */
export const FORMAT_VERSION = 1;
export const SEGMENT_HEADER_BYTES = 64;
export const BATCH_HEADER_BYTES = 32;
export const RUN_HEADER_BYTES = 32;

const SEGMENT_MAGIC = Uint8Array.of(0x89, 0x4c, 0x4f, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
/** `BTCH` when read as bytes. */
export const BATCH_MAGIC = 0x48435442;
export const BATCH_MAGIC_FIRST_BYTE = 0x42;

/** What a segment knows of everything before it. */
export interface SegmentHeader {
  /** Ordinal of its first batch; also its name. */
  readonly firstOrdinal: number;
  /** The open that created it. */
  readonly epoch: number;
  /** Random; seeds every checksum in the segment, so that bytes from elsewhere are never taken for ours. */
  readonly salt: number;
  /** Highest key in any earlier segment, removed or not; -1 for none. */
  readonly lastKey: number;
  /** Latest time in any earlier segment; 0 for none. */
  readonly lastTimeMs: number;
  /** When it was created, on the log's clock. */
  readonly createdMs: number;
  /** Batches were written without waiting for the disk; else each was on it before the next was written. */
  readonly mayHaveGaps: boolean;
}

export interface BatchHeader {
  /** Of the whole batch, this header included. */
  readonly length: number;
  readonly ordinal: number;
  readonly epoch: number;
  readonly runCount: number;
  /** Where in the file the batch begins. */
  readonly position: number;
}

export interface RunHeader {
  /** Of the whole run, this header included. */
  readonly length: number;
  readonly lane: number;
  readonly count: number;
  readonly firstKey: number;
  readonly firstTimeMs: number;
}

/** Sixteen digits, so that names sort as numbers do. */
export function segmentName(firstOrdinal: number): string {
  return `${String(firstOrdinal).padStart(16, '0')}.log`;
}

/** The ordinal that a segment's name states; undefined for other names. */
export function ordinalOfName(name: string): number | undefined {
  return /^\d{16}\.log$/.test(name) ? Number(name.slice(0, 16)) : undefined;
}

export function encodeSegmentHeader(header: SegmentHeader, crc32: Crc32): Uint8Array {
  const bytes = new Uint8Array(SEGMENT_HEADER_BYTES);
  const view = viewOf(bytes);
  bytes.set(SEGMENT_MAGIC);
  view.setUint16(8, FORMAT_VERSION, true);
  view.setUint16(10, SEGMENT_HEADER_BYTES, true);
  view.setUint32(12, header.epoch, true);
  putU64(view, { offset: 16, value: header.firstOrdinal });
  putU64(view, { offset: 24, value: header.lastKey + 1 });
  putU64(view, { offset: 32, value: header.lastTimeMs });
  putU64(view, { offset: 40, value: header.createdMs });
  view.setUint32(48, header.salt, true);
  view.setUint8(52, header.mayHaveGaps ? 1 : 0);
  view.setUint32(60, crc32(bytes.subarray(0, 60)), true);
  return bytes;
}

/** `newer` when another program's version wrote it; `bad` when it is no header at all. */
export function decodeSegmentHeader(
  bytes: Uint8Array,
  crc32: Crc32,
): SegmentHeader | 'newer' | 'bad' {
  if (bytes.length < SEGMENT_HEADER_BYTES) return 'bad';
  const view = viewOf(bytes);
  if (SEGMENT_MAGIC.some((byte, index) => bytes[index] !== byte)) return 'bad';
  if (view.getUint16(8, true) > FORMAT_VERSION) return 'newer';
  if (view.getUint32(60, true) !== crc32(bytes.subarray(0, 60))) return 'bad';
  return {
    epoch: view.getUint32(12, true),
    firstOrdinal: getU64(view, 16),
    lastKey: getU64(view, 24) - 1,
    lastTimeMs: getU64(view, 32),
    createdMs: getU64(view, 40),
    salt: view.getUint32(48, true),
    mayHaveGaps: view.getUint8(52) === 1,
  };
}

/** Writes the header at the start of `bytes`. */
export function putBatchHeader(
  bytes: Uint8Array,
  { header, salt, crc32 }: { header: BatchHeader; salt: number; crc32: Crc32 },
): void {
  const view = viewOf(bytes);
  view.setUint32(0, BATCH_MAGIC, true);
  view.setUint32(8, header.length, true);
  view.setUint32(12, header.position, true);
  putU64(view, { offset: 16, value: header.ordinal });
  view.setUint32(24, header.epoch, true);
  view.setUint32(28, header.runCount, true);
  view.setUint32(4, crc32(bytes.subarray(8, BATCH_HEADER_BYTES), salt), true);
}

/** The batch header at the start of `bytes`, or undefined when its magic, checksum or position is wrong. */
export function getBatchHeader(
  bytes: Uint8Array,
  { position, salt, crc32 }: { position: number; salt: number; crc32: Crc32 },
): BatchHeader | undefined {
  if (bytes.length < BATCH_HEADER_BYTES) return undefined;
  const view = viewOf(bytes);
  if (view.getUint32(0, true) !== BATCH_MAGIC) return undefined;
  if (view.getUint32(12, true) !== position) return undefined;
  const crc = crc32(bytes.subarray(8, BATCH_HEADER_BYTES), salt);
  if (view.getUint32(4, true) !== crc) return undefined;
  return {
    length: view.getUint32(8, true),
    position,
    ordinal: getU64(view, 16),
    epoch: view.getUint32(24, true),
    runCount: view.getUint32(28, true),
  };
}

/** A batch without runs: when it was written, everything before it was on the disk. */
export function isMark({ runCount }: BatchHeader): boolean {
  return runCount === 0;
}

/** Writes all of a run's header at `at` but the checksum, which is known last. */
export function putRunHeader(
  view: DataView,
  { at, header }: { at: number; header: RunHeader },
): void {
  view.setUint32(at + 4, header.length, true);
  view.setUint32(at + 8, header.lane, true);
  view.setUint32(at + 12, header.count, true);
  putU64(view, { offset: at + 16, value: header.firstKey });
  putU64(view, { offset: at + 24, value: header.firstTimeMs });
}

/** What the checksum of a run at `position` starts from: the same bytes elsewhere are not the same run. */
export function runSeed(salt: number, position: number): number {
  return (salt ^ position) >>> 0;
}

/** The header of the run that starts at `bytes`; its checksum is not looked at. */
export function getRunHeader(bytes: Uint8Array): RunHeader | undefined {
  if (bytes.length < RUN_HEADER_BYTES) return undefined;
  const view = viewOf(bytes);
  return {
    length: view.getUint32(4, true),
    lane: view.getUint32(8, true),
    count: view.getUint32(12, true),
    firstKey: getU64(view, 16),
    firstTimeMs: getU64(view, 24),
  };
}

/** Whether the checksum of a whole run at `position` is right. */
export function isRunWhole(
  run: Uint8Array,
  { position, salt, crc32 }: { position: number; salt: number; crc32: Crc32 },
): boolean {
  if (run.length < RUN_HEADER_BYTES) return false;
  return viewOf(run).getUint32(0, true) === crc32(run.subarray(4), runSeed(salt, position));
}
