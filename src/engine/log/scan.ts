/** Walks a segment from its first batch, checks every byte and builds the index. Never writes. */

import { spanOf } from './decodeRun.ts';
import type { Crc32 } from './files.ts';
import {
  BATCH_HEADER_BYTES,
  type BatchHeader,
  getBatchHeader,
  getRunHeader,
  isRunWhole,
} from './format.ts';
import type { RunEntry } from './runIndex.ts';
import type { Segment } from './segment.ts';
import { type Following, isZeroFrom, type ScanSource, whatFollows } from './tornEnd.ts';

const WINDOW_BYTES = 1024 * 1024;

export interface ScanResult extends Following {
  /** Byte behind the last whole batch. */
  readonly end: number;
  /** More than `end` with no problem: the rest is zeros, as a synced log writes them ahead. */
  readonly fileSize: number;
  /** The highest epoch seen. */
  readonly epoch: number;
  /** What is wrong at `end`; undefined when nothing is. */
  readonly problem: string | undefined;
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
      problem = (await isRoom(segment, source)) ? undefined : batch;
      break;
    }
    segment.addBatch(batch.header.length, batch.runs);
    epoch = batch.header.epoch;
  }
  const following = problem === undefined ? nothing : await whatFollows(segment, source);
  return { end: segment.size, fileSize, epoch, problem, ...following };
}

const nothing: Following = { laterBatch: undefined, hasGap: false };

/** Zeros that were written ahead; where nobody does that, they are batches that were lost. */
async function isRoom(segment: Segment, source: ScanSource): Promise<boolean> {
  return !segment.header.mayHaveGaps && isZeroFrom(segment.size, source);
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
    if (!isRunWhole(run, { position, salt, crc32 })) {
      return `the checksum of the run at byte ${position} is wrong`;
    }
    const span = spanOf(run);
    if (!span) return `the run at byte ${position} is malformed`;
    runs.push({ ...span, position });
    offset += length;
  }
  return offset === batch.length ? runs : 'the batch is longer than its runs';
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
