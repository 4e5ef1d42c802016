/** Walks a segment from its first batch, checks every byte and builds the index. Never writes. */

import { spanOf } from './decodeRun.ts';
import type { Crc32, OpenFile } from './files.ts';
import {
  BATCH_HEADER_BYTES,
  BATCH_MAGIC_FIRST_BYTE,
  type BatchHeader,
  getBatchHeader,
  getRunHeader,
  isRunWhole,
  RUN_HEADER_BYTES,
} from './format.ts';
import type { RunEntry } from './runIndex.ts';
import type { Segment } from './segment.ts';

const WINDOW_BYTES = 1024 * 1024;

export interface ScanResult {
  /** Byte behind the last whole batch. */
  readonly end: number;
  /** More than `end` with no problem: the rest is zeros, as a synced log writes them ahead. */
  readonly fileSize: number;
  /** The highest epoch seen. */
  readonly epoch: number;
  /** What is wrong at `end`; undefined when nothing is. */
  readonly problem: string | undefined;
  /** Where the header of a whole batch header begins behind `end`: then it is damage, not a torn tail. */
  readonly laterBatch: number | undefined;
}

export interface ScanSource {
  readonly file: OpenFile;
  readonly fileSize: number;
  readonly crc32: Crc32;
}

/** Fills `segment` (fresh, with its header only) from its file. */
export async function scanSegment(segment: Segment, source: ScanSource): Promise<ScanResult> {
  const { fileSize } = source;
  const window = new Window(source);
  let { epoch } = segment.header;
  let problem: string | undefined;
  while (segment.size < fileSize) {
    const batch = await readBatch(segment, { window, source, epoch });
    if (typeof batch === 'string') {
      problem = (await isZeroFrom(segment.size, source)) ? undefined : batch;
      break;
    }
    segment.addBatch(batch.header.length, batch.runs);
    epoch = batch.header.epoch;
  }
  const laterBatch = problem === undefined ? undefined : await findBatch(segment, source);
  return { end: segment.size, fileSize, epoch, problem, laterBatch };
}

interface WholeBatch {
  readonly header: BatchHeader;
  readonly runs: (RunEntry & { lane: number })[];
}

/** The batch at the segment's end, or what is wrong with it. */
async function readBatch(
  segment: Segment,
  { window, source, epoch }: { window: Window; source: ScanSource; epoch: number },
): Promise<WholeBatch | string> {
  const position = segment.size;
  const { salt } = segment.header;
  const head = await window.bytes(position, BATCH_HEADER_BYTES);
  const header = getBatchHeader(head, { position, salt, crc32: source.crc32 });
  if (!header) return 'no batch begins here';
  if (header.ordinal !== segment.nextOrdinal) return `batch ${header.ordinal} is out of order`;
  if (header.epoch < epoch) return `batch ${header.ordinal} is of an earlier open`;
  if (position + header.length > source.fileSize) return 'the batch is longer than the file';
  const bytes = await window.bytes(position, header.length);
  const runs = readRuns(bytes, { header, salt, crc32: source.crc32 });
  return typeof runs === 'string' ? runs : { header, runs };
}

/** The runs of a batch, or what is wrong with the first bad one. */
function readRuns(
  batch: Uint8Array,
  { header, salt, crc32 }: { header: BatchHeader; salt: number; crc32: Crc32 },
): WholeBatch['runs'] | string {
  const runs: WholeBatch['runs'] = [];
  let offset = BATCH_HEADER_BYTES;
  for (let left = header.runCount; left > 0; left--) {
    const length = getRunHeader(batch.subarray(offset))?.length ?? 0;
    const run = batch.subarray(offset, offset + length);
    const position = header.position + offset;
    if (length < RUN_HEADER_BYTES || !isRunWhole(run, { position, salt, crc32 })) {
      return `the checksum of the run at byte ${position} is wrong`;
    }
    const span = spanOf(run);
    if (!span) return `the run at byte ${position} is malformed`;
    runs.push({ ...span, position });
    offset += length;
  }
  return offset === batch.length ? runs : 'the batch is longer than its runs';
}

/** The first place behind the segment's end where a batch header with a right checksum stands. */
async function findBatch(segment: Segment, source: ScanSource): Promise<number | undefined> {
  const { salt } = segment.header;
  const buffer = new Uint8Array(WINDOW_BYTES);
  for (let start = segment.size + 1; start < source.fileSize; ) {
    const length = await source.file.read(buffer, start);
    const bytes = buffer.subarray(0, length);
    for (let at = next(bytes, 0); at >= 0; at = next(bytes, at + 1)) {
      const place = { position: start + at, salt, crc32: source.crc32 };
      if (getBatchHeader(bytes.subarray(at, at + BATCH_HEADER_BYTES), place)) return start + at;
    }
    // Windows overlap so that a header across their border is seen whole.
    start += Math.max(1, length - BATCH_HEADER_BYTES + 1);
  }
  return undefined;
}

/** Whether nothing but zeros follows up to the end of the file. */
async function isZeroFrom(position: number, { file, fileSize }: ScanSource): Promise<boolean> {
  const buffer = new Uint8Array(Math.min(WINDOW_BYTES, fileSize - position));
  for (let at = position; at < fileSize; ) {
    const length = await file.read(buffer, at);
    if (length === 0 || buffer.subarray(0, length).some((byte) => byte !== 0)) return false;
    at += length;
  }
  return true;
}

function next(bytes: Uint8Array, from: number): number {
  return bytes.indexOf(BATCH_MAGIC_FIRST_BYTE, from);
}

/** Bytes of the file from a buffer that moves forward. */
class Window {
  private readonly source: ScanSource;
  private buffer = new Uint8Array(0);
  private start = 0;

  constructor(source: ScanSource) {
    this.source = source;
  }

  /** `length` bytes from `position`, fewer at the end of the file; valid until the next call. */
  async bytes(position: number, length: number): Promise<Uint8Array> {
    const offset = position - this.start;
    if (offset + length > this.buffer.length) {
      await this.fill(position, length);
      return this.buffer.subarray(0, length);
    }
    return this.buffer.subarray(offset, offset + length);
  }

  private async fill(position: number, length: number): Promise<void> {
    const left = Math.max(0, this.source.fileSize - position);
    const buffer = new Uint8Array(Math.min(left, Math.max(length, WINDOW_BYTES)));
    this.buffer = buffer.subarray(0, await this.source.file.read(buffer, position));
    this.start = position;
  }
}
