/** The `.idx` file of a sealed segment: a checksummed cache, rebuilt by a scan when missing or bad. */
import { getU64, putU64, viewOf } from './bytes.ts';
import type { Crc32, OpenFile } from './files.ts';
import {
  decodeSegmentHeader,
  encodeSegmentHeader,
  SEGMENT_HEADER_BYTES,
  type SegmentHeader,
} from './format.ts';
import { LaneIndex, RUN_FIELDS, RunList, type StoredRuns } from './runIndex.ts';
import type { Segment } from './segment.ts';

const INDEX_MAGIC = Uint8Array.of(0x89, 0x49, 0x44, 0x58, 0x0d, 0x0a, 0x1a, 0x0a);
const INDEX_VERSION = 2;
const HEAD_BYTES = 128;
const LANE_FIELDS = 7;
const F64_BYTES = 8;

/** The fixed start of an index file. */
export interface IndexHead {
  readonly header: SegmentHeader;
  readonly segmentSize: number;
  readonly batchCount: number;
  readonly laneCount: number;
  readonly lanesCrc: number;
}

const RUN_BYTES = RUN_FIELDS * F64_BYTES;

/** The bytes of the file, and where each lane's runs lie in it, in the order of `segment.lanes`. */
export interface EncodedIndex {
  readonly bytes: Uint8Array;
  readonly stored: readonly StoredRuns[];
}

/** All runs of `segment` must be in memory. */
export function encodeIndexFile(segment: Segment, crc32: Crc32): EncodedIndex {
  const lists = [...segment.lanes.values()].map(({ runs }) => runs!);
  const lanesLength = lists.length * LANE_FIELDS * F64_BYTES;
  const runCount = lists.reduce((sum, { count }) => sum + count, 0);
  const bytes = new Uint8Array(HEAD_BYTES + lanesLength + runCount * RUN_BYTES);
  const stored: StoredRuns[] = [];
  let position = HEAD_BYTES + lanesLength;
  for (const { used, count } of lists) {
    const runs = new Uint8Array(used.buffer, used.byteOffset, used.byteLength);
    bytes.set(runs, position);
    stored.push({ position, count, crc: crc32(runs) });
    position += runs.length;
  }
  const lanes = encodeLanes(segment, stored);
  bytes.set(lanes, HEAD_BYTES);
  const head = { laneCount: lists.length, lanesCrc: crc32(lanes) };
  bytes.set(encodeHead(segment, { ...head, crc32 }));
  return { bytes, stored };
}

function encodeLanes({ lanes }: Segment, stored: readonly StoredRuns[]): Uint8Array {
  const fields = new Float64Array(lanes.size * LANE_FIELDS);
  let at = 0;
  for (const [lane, { firstKey, lastKey, firstTimeMs, lastTimeMs }] of lanes) {
    const { count, crc } = stored[at / LANE_FIELDS]!;
    fields.set([lane, count, firstKey, lastKey, firstTimeMs, lastTimeMs, crc], at);
    at += LANE_FIELDS;
  }
  return new Uint8Array(fields.buffer);
}

function encodeHead(
  segment: Segment,
  { laneCount, lanesCrc, crc32 }: { laneCount: number; lanesCrc: number; crc32: Crc32 },
): Uint8Array {
  const bytes = new Uint8Array(HEAD_BYTES);
  const view = viewOf(bytes);
  bytes.set(INDEX_MAGIC);
  view.setUint16(8, INDEX_VERSION, true);
  // In the machine's own byte order, as the numbers are: the other order reads as a bad index.
  new Uint16Array(bytes.buffer, 10, 1)[0] = 0x0102;
  view.setUint32(12, laneCount, true);
  view.setUint32(20, segment.batchCount, true);
  putU64(view, { offset: 24, value: segment.size });
  view.setUint32(32, lanesCrc, true);
  bytes.set(encodeSegmentHeader(segment.header, crc32), 40);
  view.setUint32(124, crc32(bytes.subarray(0, 124)), true);
  return bytes;
}

/** `bytes`: HEAD_BYTES, zeros where the file ends before. */
function decodeHead(bytes: Uint8Array, crc32: Crc32): IndexHead | undefined {
  const view = viewOf(bytes);
  const isOurs =
    INDEX_MAGIC.every((byte, index) => bytes[index] === byte) &&
    view.getUint16(8, true) === INDEX_VERSION &&
    new Uint16Array(bytes.slice(10, 12).buffer)[0] === 0x0102 &&
    view.getUint32(124, true) === crc32(bytes.subarray(0, 124));
  const header = decodeSegmentHeader(bytes.subarray(40, 40 + SEGMENT_HEADER_BYTES), crc32);
  if (!isOurs || typeof header === 'string') return undefined;
  return {
    header,
    laneCount: view.getUint32(12, true),
    batchCount: view.getUint32(20, true),
    segmentSize: getU64(view, 24),
    lanesCrc: view.getUint32(32, true),
  };
}

/** Head and lane bounds of an index file, without its runs; undefined when anything is wrong. */
export async function readIndexBounds(
  file: OpenFile,
  crc32: Crc32,
): Promise<{ head: IndexHead; lanes: Map<number, LaneIndex> } | undefined> {
  const start = new Uint8Array(HEAD_BYTES);
  await file.read(start, 0);
  const head = decodeHead(start, crc32);
  if (!head) return undefined;
  const fields = await readFields(file, {
    position: HEAD_BYTES,
    count: head.laneCount * LANE_FIELDS,
    crc: head.lanesCrc,
    crc32,
  });
  return fields && { head, lanes: lanesOf(fields) };
}

function lanesOf(fields: Float64Array): Map<number, LaneIndex> {
  const lanes = new Map<number, LaneIndex>();
  let position = HEAD_BYTES + fields.length * F64_BYTES;
  for (let at = 0; at < fields.length; at += LANE_FIELDS) {
    const [firstKey, lastKey] = [fields[at + 2]!, fields[at + 3]!];
    const [firstTimeMs, lastTimeMs] = [fields[at + 4]!, fields[at + 5]!];
    const lane = new LaneIndex({ firstKey, lastKey, firstTimeMs, lastTimeMs });
    lane.stored = { position, count: fields[at + 1]!, crc: fields[at + 6]! };
    lanes.set(fields[at]!, lane);
    position += lane.stored.count * RUN_BYTES;
  }
  return lanes;
}

/** The runs of one lane; undefined when anything is wrong. */
export async function readIndexRuns(
  file: OpenFile,
  { stored, crc32 }: { stored: StoredRuns; crc32: Crc32 },
): Promise<RunList | undefined> {
  const { position, count, crc } = stored;
  const fields = await readFields(file, { position, count: count * RUN_FIELDS, crc, crc32 });
  return fields && new RunList(fields, count);
}

async function readFields(
  file: OpenFile,
  part: { position: number; count: number; crc: number; crc32: Crc32 },
): Promise<Float64Array | undefined> {
  const bytes = new Uint8Array(part.count * F64_BYTES);
  const length = await file.read(bytes, part.position);
  if (length < bytes.length || part.crc32(bytes) !== part.crc) return undefined;
  return new Float64Array(bytes.buffer);
}
