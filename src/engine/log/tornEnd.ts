/** Tells a write that never reached the disk from damage, by what stands behind the last whole batch. Never writes. */
import type { Crc32, OpenFile } from './files.ts';
import { BATCH_HEADER_BYTES, BATCH_MAGIC_FIRST_BYTE, getBatchHeader, isMark } from './format.ts';
import type { Segment } from './segment.ts';

const WINDOW_BYTES = 1024 * 1024;
/** A disk writes that many bytes whole or not at all. */
const SECTOR_BYTES = 512;

export interface ScanSource {
  readonly file: OpenFile;
  readonly fileSize: number;
  readonly crc32: Crc32;
}

/** What follows the place in a file where no whole batch begins. */
export interface Following {
  /** Where a batch header stands that says: what is missing before it was on the disk. Then it is damage. */
  readonly laterBatch: number | undefined;
  /** Whether there are batches that were written later and reached the disk all the same. */
  readonly hasGap: boolean;
}

/**
 * Looks behind `segment.size`. Where batches were written without waiting for the disk, one that is
 * missing among others was lost with the power: it shows as a sector of zeros, and no mark follows it.
 */
export async function whatFollows(segment: Segment, source: ScanSource): Promise<Following> {
  let first: number | undefined;
  for await (const found of headersBehind(segment, source)) {
    const { position } = found;
    if (!segment.header.mayHaveGaps || found.isMark) return { laterBatch: position, hasGap: false };
    first ??= position;
  }
  if (first === undefined) return { laterBatch: undefined, hasGap: false };
  const hasGap = await hasZeroSector(source, { start: segment.size, end: first });
  return { laterBatch: hasGap ? undefined : first, hasGap };
}

/** Whether nothing but zeros follows up to the end of the file. */
export async function isZeroFrom(position: number, source: ScanSource): Promise<boolean> {
  const { file, fileSize } = source;
  const buffer = new Uint8Array(Math.min(WINDOW_BYTES, fileSize - position));
  for (let at = position; at < fileSize; ) {
    const length = await file.read(buffer, at);
    if (length === 0 || buffer.subarray(0, length).some((byte) => byte !== 0)) return false;
    at += length;
  }
  return true;
}

interface FoundHeader {
  readonly position: number;
  readonly isMark: boolean;
}

/** The places behind the segment's end where a batch header with a right checksum stands. */
async function* headersBehind(segment: Segment, source: ScanSource): AsyncGenerator<FoundHeader> {
  const { salt } = segment.header;
  const buffer = new Uint8Array(Math.min(WINDOW_BYTES, source.fileSize - segment.size));
  for (let start = segment.size + 1; start + BATCH_HEADER_BYTES <= source.fileSize; ) {
    const length = await source.file.read(buffer, start);
    const bytes = buffer.subarray(0, length);
    for (let at = next(bytes, 0); at >= 0; at = next(bytes, at + 1)) {
      const position = start + at;
      const place = { position, salt, crc32: source.crc32 };
      const header = getBatchHeader(bytes.subarray(at, at + BATCH_HEADER_BYTES), place);
      if (header) yield { position, isMark: isMark(header) };
    }
    if (length < BATCH_HEADER_BYTES) return;
    // Windows overlap so that a header across their border is seen whole.
    start += length - BATCH_HEADER_BYTES + 1;
  }
}

function next(bytes: Uint8Array, from: number): number {
  return bytes.indexOf(BATCH_MAGIC_FIRST_BYTE, from);
}

/**
 * Whether a sector that ends in the range has nothing but zeros in it: none of the batches there reached it.
 * Of the first sector only what lies in the range counts.
 */
async function hasZeroSector(
  { file }: ScanSource,
  { start, end }: { start: number; end: number },
): Promise<boolean> {
  const buffer = new Uint8Array(WINDOW_BYTES);
  let sector = start;
  for (let at = start; at < end; ) {
    // Windows end with a sector.
    const wanted = Math.min(end - at, WINDOW_BYTES - (at % SECTOR_BYTES));
    const length = await file.read(buffer.subarray(0, wanted), at);
    if (length === 0) return false;
    for (let stop = endOfSector(sector); stop <= at + length; stop += SECTOR_BYTES) {
      if (buffer.subarray(sector - at, stop - at).every((byte) => byte === 0)) return true;
      sector = stop;
    }
    at += length;
  }
  return false;
}

function endOfSector(position: number): number {
  return position - (position % SECTOR_BYTES) + SECTOR_BYTES;
}
