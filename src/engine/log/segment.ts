/** One file of a log as it is known in memory. No I/O. */

import type { SegmentHeader } from './format.ts';
import { SEGMENT_HEADER_BYTES, segmentName } from './format.ts';
import { LAST_KEY, LAST_TIME, LaneIndex, type RunEntry, RunList } from './runIndex.ts';
import { LANE, type RunTable, TABLE_FIELDS } from './runTable.ts';

export class Segment {
  readonly header: SegmentHeader;
  /** Relative to the root of the log's Files. */
  readonly path: string;
  /** Bytes of header and whole batches. */
  size = SEGMENT_HEADER_BYTES;
  /** Where the zeros end that were written ahead of its batches; 0 for none. */
  roomEnd = 0;
  batchCount = 0;
  /** Highest key and latest time up to the end of this segment. */
  lastKey: number;
  lastTimeMs: number;
  readonly lanes = new Map<number, LaneIndex>();
  /** Bytes of its `.idx` file; 0 while there is none. */
  indexFileBytes = 0;
  /** Set before its file goes away; readers skip what they cannot open then. */
  isRemoved = false;

  constructor(folder: string, header: SegmentHeader) {
    this.header = header;
    this.path = `${folder}/${segmentName(header.firstOrdinal)}`;
    this.lastKey = header.lastKey;
    this.lastTimeMs = header.lastTimeMs;
  }

  get indexPath(): string {
    return indexPathOf(this.path);
  }

  /** Bytes of its file. */
  get fileBytes(): number {
    return Math.max(this.size, this.roomEnd);
  }

  get nextOrdinal(): number {
    return this.header.firstOrdinal + this.batchCount;
  }

  get isEmpty(): boolean {
    return this.batchCount === 0;
  }

  /** Takes in a whole batch of `length` bytes. */
  addBatch(length: number, runs: readonly (RunEntry & { readonly lane: number })[]): void {
    for (const run of runs) this.addRun(run);
    this.size += length;
    this.batchCount += 1;
  }

  /** As addBatch. With a run for each entry this is a part of every entry's cost: no object is made. */
  addTable(length: number, runs: RunTable): void {
    const { fields } = runs;
    for (let run = 0, at = 0; run < runs.count; run++, at += TABLE_FIELDS) {
      const lane = this.lanes.get(fields[at + LANE]!) ?? this.newLane(runs.at(run));
      const lastKey = fields[at + LAST_KEY]!;
      const lastTimeMs = fields[at + LAST_TIME]!;
      lane.lastKey = lastKey;
      lane.lastTimeMs = lastTimeMs;
      lane.runs?.addFrom(fields, at);
      if (lastKey > this.lastKey) this.lastKey = lastKey;
      if (lastTimeMs > this.lastTimeMs) this.lastTimeMs = lastTimeMs;
    }
    this.size += length;
    this.batchCount += 1;
  }

  /** Takes over what an index file says of a sealed segment; its runs stay there. */
  restore(lanes: Map<number, LaneIndex>, of: { size: number; batchCount: number }): void {
    for (const [lane, index] of lanes) {
      this.lanes.set(lane, index);
      this.lastKey = Math.max(this.lastKey, index.lastKey);
      this.lastTimeMs = Math.max(this.lastTimeMs, index.lastTimeMs);
    }
    this.size = of.size;
    this.batchCount = of.batchCount;
  }

  private newLane(run: RunEntry & { readonly lane: number }): LaneIndex {
    const lane = new LaneIndex(run);
    lane.runs = new RunList();
    this.lanes.set(run.lane, lane);
    return lane;
  }

  private addRun(run: RunEntry & { readonly lane: number }): void {
    const lane = this.lanes.get(run.lane) ?? this.newLane(run);
    lane.lastKey = run.lastKey;
    lane.lastTimeMs = run.lastTimeMs;
    lane.runs?.add(run);
    this.lastKey = Math.max(this.lastKey, run.lastKey);
    this.lastTimeMs = Math.max(this.lastTimeMs, run.lastTimeMs);
  }
}

export function indexPathOf(segmentPath: string): string {
  return `${segmentPath.slice(0, -'.log'.length)}.idx`;
}
