/** The `.idx` file of a sealed segment: a checksummed cache, rebuilt by a scan when missing or bad. */
import { getU64, putU64, viewOf } from './bytes.ts';
import type { Crc32, OpenFile } from './files.ts';
import {
  decodeSegmentHeader,
  encodeSegmentHeader,
  SEGMENT_HEADER_BYTES,
  type SegmentHeader,
} from './format.ts';
import { LaneIndex, RUN_FIELDS, RunList } from './runIndex.ts';
import type { Segment } from './segment.ts';

const INDEX_MAGIC = Uint8Array.of(0x89, 0x49, 0x44, 0x58, 0x0d, 0x0a, 0x1a, 0x0a);
const INDEX_VERSION = 1;
const HEAD_BYTES = 128;
const LANE_FIELDS = 6;
const F64_BYTES = 8;

/** The fixed start of an index file. */
export interface IndexHead {
  readonly header: SegmentHeader;
  readonly segmentSize: number;
  readonly batchCount: number;
  readonly laneCount: number;
  readonly runCount: number;
  readonly lanesCrc: number;
  readonly runsCrc: number;
}

export function encodeIndexFile(segment: Segment, crc32: Crc32): Uint8Array {
  const lanes = [...segment.lanes].map(([lane, index]) => ({ lane, index, runs: index.runs! }));
  const runCount = lanes.reduce((sum, { runs }) => sum + runs.count, 0);
  const fields = new Float64Array(lanes.length * LANE_FIELDS + runCount * RUN_FIELDS);
  let at = 0;
  for (const { lane, index, runs } of lanes) {
    const { firstKey, lastKey, firstTimeMs, lastTimeMs } = index;
    fields.set([lane, runs.count, firstKey, lastKey, firstTimeMs, lastTimeMs], at);
    at += LANE_FIELDS;
  }
  for (const { runs } of lanes) {
    fields.set(runs.used, at);
    at += runs.used.length;
  }
  return withHead(segment, { fields, laneCount: lanes.length, runCount, crc32 });
}

interface IndexBody {
  readonly fields: Float64Array;
  readonly laneCount: number;
  readonly runCount: number;
  readonly crc32: Crc32;
}

function withHead(segment: Segment, { fields, laneCount, runCount, crc32 }: IndexBody): Uint8Array {
  const body = new Uint8Array(fields.buffer);
  const lanesLength = laneCount * LANE_FIELDS * F64_BYTES;
  const bytes = new Uint8Array(HEAD_BYTES + body.length);
  const view = viewOf(bytes);
  bytes.set(INDEX_MAGIC);
  view.setUint16(8, INDEX_VERSION, true);
  // In the machine's own byte order, as the numbers are: the other order reads as a bad index.
  new Uint16Array(bytes.buffer, 10, 1)[0] = 0x0102;
  view.setUint32(12, laneCount, true);
  view.setUint32(16, runCount, true);
  view.setUint32(20, segment.batchCount, true);
  putU64(view, { offset: 24, value: segment.size });
  view.setUint32(32, crc32(body.subarray(0, lanesLength)), true);
  view.setUint32(36, crc32(body.subarray(lanesLength)), true);
  bytes.set(encodeSegmentHeader(segment.header, crc32), 40);
  view.setUint32(124, crc32(bytes.subarray(0, 124)), true);
  bytes.set(body, HEAD_BYTES);
  return bytes;
}

function decodeHead(bytes: Uint8Array, crc32: Crc32): IndexHead | undefined {
  if (bytes.length < HEAD_BYTES) return undefined;
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
    runCount: view.getUint32(16, true),
    batchCount: view.getUint32(20, true),
    segmentSize: getU64(view, 24),
    lanesCrc: view.getUint32(32, true),
    runsCrc: view.getUint32(36, true),
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
  for (let at = 0; at < fields.length; at += LANE_FIELDS) {
    const [firstKey, lastKey] = [fields[at + 2]!, fields[at + 3]!];
    const [firstTimeMs, lastTimeMs] = [fields[at + 4]!, fields[at + 5]!];
    lanes.set(fields[at]!, new LaneIndex({ firstKey, lastKey, firstTimeMs, lastTimeMs }));
  }
  return lanes;
}

/** The runs of every lane by lane number; undefined when anything is wrong. */
export async function readIndexRuns(
  file: OpenFile,
  crc32: Crc32,
): Promise<Map<number, RunList> | undefined> {
  const start = new Uint8Array(HEAD_BYTES);
  await file.read(start, 0);
  const head = decodeHead(start, crc32);
  if (!head) return undefined;
  const { laneCount, runCount } = head;
  const lanesLength = laneCount * LANE_FIELDS;
  const lanes = await readFields(file, {
    position: HEAD_BYTES,
    count: lanesLength,
    crc: head.lanesCrc,
    crc32,
  });
  const runs = await readFields(file, {
    position: HEAD_BYTES + lanesLength * F64_BYTES,
    count: runCount * RUN_FIELDS,
    crc: head.runsCrc,
    crc32,
  });
  return lanes && runs && splitRuns(lanes, runs);
}

function splitRuns(lanes: Float64Array, runs: Float64Array): Map<number, RunList> {
  const lists = new Map<number, RunList>();
  let at = 0;
  for (let lane = 0; lane < lanes.length; lane += LANE_FIELDS) {
    const count = lanes[lane + 1]!;
    const end = at + count * RUN_FIELDS;
    lists.set(lanes[lane]!, new RunList(runs.subarray(at, end), count));
    at = end;
  }
  return lists;
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
