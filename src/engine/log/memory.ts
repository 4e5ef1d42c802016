/** What logs keep in memory and may drop at any time: newest runs and loaded indexes, within limits. */
import type { BatchBuffers } from './batchBuffers.ts';
import { PageBuffers } from './pageBuffers.ts';
import type { LaneIndex } from './runIndex.ts';
import type { Segment } from './segment.ts';

/** What a run or a batch takes beside its bytes, roughly. */
const OVERHEAD_BYTES = 256;

interface KeptBatch {
  readonly segment: Segment;
  /** Where in the segment it begins. */
  readonly position: number;
  readonly length: number;
  readonly buffer: Uint8Array;
  /** What it counts. */
  readonly bytes: number;
}

/** A batch as it was written. */
interface WrittenBatch {
  readonly position: number;
  /** As it lies in the file; the begin of `buffer`. */
  readonly bytes: Uint8Array;
  readonly buffer: Uint8Array;
}

/**
 * The newest batches of one log, by a limit in bytes; the oldest go first. They are kept as they were
 * written: objects for each entry would live as long, and cost more time in the collector than decoding.
 * Their buffers are used again: who reads a run copies what it keeps before anything else can happen.
 */
export class RecentRuns {
  private readonly limit: number;
  private readonly pool: RecentPool | undefined;
  private readonly buffers: BatchBuffers;
  /** Cut now and then; what was given up before that leaves no trace. */
  private readonly kept: (KeptBatch | undefined)[] = [];
  /** Index in `kept` of the oldest. */
  private first = 0;
  private used = 0;

  constructor(of: { limit: number; pool: RecentPool | undefined; buffers: BatchBuffers }) {
    this.limit = of.limit;
    this.pool = of.pool;
    this.buffers = of.buffers;
  }

  get bytes(): number {
    return this.used;
  }

  /** Takes over the batch's buffer; batches come in the order in which they lie in the log. */
  add(segment: Segment, { position, bytes: { length }, buffer }: WrittenBatch): void {
    const bytes = buffer.length + OVERHEAD_BYTES;
    if (bytes > this.limit) {
      this.buffers.give(buffer);
      return;
    }
    this.kept.push({ segment, position, length, buffer, bytes });
    this.used += bytes;
    while (this.used > this.limit) this.dropOldest();
    this.pool?.grew(this, bytes);
  }

  /** The bytes of a run, to be read at once; undefined when its batch is not kept. */
  get(segment: Segment, run: { position: number; length: number }): Uint8Array | undefined {
    const batch = this.batchAt(segment, run.position);
    if (!batch) return undefined;
    const start = run.position - batch.position;
    return batch.buffer.subarray(start, start + run.length);
  }

  has(segment: Segment, position: number): boolean {
    return this.batchAt(segment, position) !== undefined;
  }

  private batchAt(segment: Segment, position: number): KeptBatch | undefined {
    let low = this.first;
    let high = this.kept.length - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const batch = this.kept[middle]!;
      const side = sideOf(batch, segment, position);
      if (side === 0) return batch;
      if (side < 0) low = middle + 1;
      else high = middle - 1;
    }
    return undefined;
  }

  /** Returns the bytes given up; 0 when there is nothing. */
  dropOldest(): number {
    const oldest = this.kept[this.first];
    if (!oldest) return 0;
    this.kept[this.first] = undefined;
    this.first += 1;
    if (this.first >= 1024 && this.first * 2 > this.kept.length) {
      this.kept.splice(0, this.first);
      this.first = 0;
    }
    this.buffers.give(oldest.buffer);
    this.used -= oldest.bytes;
    this.pool?.shrank(this, oldest.bytes);
    return oldest.bytes;
  }

  clear(): void {
    while (this.dropOldest() > 0);
  }
}

/** Negative when the batch lies before the place, positive when behind it, 0 when the place is in it. */
function sideOf(batch: KeptBatch, segment: Segment, position: number): number {
  const ordinals = batch.segment.header.firstOrdinal - segment.header.firstOrdinal;
  if (ordinals !== 0) return ordinals;
  if (batch.position + batch.length <= position) return -1;
  return batch.position > position ? 1 : 0;
}

/** One limit for the newest runs of all logs; the log that was quiet longest gives up first. */
export class RecentPool {
  private readonly limit: number;
  private used = 0;
  /** Least recently grown first. */
  private readonly members = new Set<RecentRuns>();

  /** `limit` in bytes. */
  constructor(limit = 64 * 1024 * 1024) {
    this.limit = limit;
  }

  get bytes(): number {
    return this.used;
  }

  grew(member: RecentRuns, bytes: number): void {
    this.members.delete(member);
    this.members.add(member);
    this.used += bytes;
    for (const oldest of this.members) {
      while (this.used > this.limit && oldest.dropOldest() > 0);
      if (this.used <= this.limit) return;
      this.members.delete(oldest);
    }
  }

  /** A log that has nothing any more may be closed: it must not be held here. */
  shrank(member: RecentRuns, bytes: number): void {
    this.used -= bytes;
    if (member.bytes === 0) this.members.delete(member);
  }
}

interface KeptRun {
  readonly buffer: Uint8Array;
  readonly length: number;
}

/**
 * The runs that pages read from files ended in, over all logs that share it: the next page begins in them,
 * and small pages would read a long run again and again. The least recently kept go first. Their buffers are
 * used again, as those of RecentRuns.
 */
export class PartRuns {
  private readonly limit: number;
  private readonly buffers: PageBuffers;
  private readonly kept = new Map<string, KeptRun>();
  private total = 0;

  /** `limit` in bytes. */
  constructor(limit = 4 * 1024 * 1024, buffers = new PageBuffers()) {
    this.limit = limit;
    this.buffers = buffers;
  }

  get bytes(): number {
    return this.total;
  }

  /** The bytes of a run, to be read at once. */
  get(segment: Segment, position: number): Uint8Array | undefined {
    const kept = this.kept.get(`${segment.path}:${position}`);
    return kept?.buffer.subarray(0, kept.length);
  }

  has(segment: Segment, position: number): boolean {
    return this.kept.has(`${segment.path}:${position}`);
  }

  /** Copies `run`, which is whole; its place in `segment` is `position`. */
  keep(segment: Segment, { run, position }: { run: Uint8Array; position: number }): void {
    const key = `${segment.path}:${position}`;
    this.drop(key);
    const buffer = this.buffers.take(run.length);
    buffer.set(run);
    this.kept.set(key, { buffer, length: run.length });
    this.total += buffer.length + OVERHEAD_BYTES;
    for (const oldest of this.kept.keys()) {
      if (this.total <= this.limit) return;
      this.drop(oldest);
    }
  }

  private drop(key: string): void {
    const kept = this.kept.get(key);
    if (!kept) return;
    this.kept.delete(key);
    this.total -= kept.buffer.length + OVERHEAD_BYTES;
    this.buffers.give(kept.buffer);
  }
}

/** What a lane's runs take beside their numbers, roughly. */
const LANE_OVERHEAD_BYTES = 200;

/**
 * Lanes of sealed segments whose runs are in memory, over all logs that share it; the least recently used
 * go first. By lane, so that reading one of many does not bring in the others.
 */
export class IndexCache {
  private readonly limit: number;
  private readonly loaded = new Map<LaneIndex, number>();
  private total = 0;

  /** `limit` in bytes. */
  constructor(limit = 16 * 1024 * 1024) {
    this.limit = limit;
  }

  get bytes(): number {
    return this.total;
  }

  /** Says that a lane is read; one that is not kept here, as in the active segment, stays as it is. */
  used(lane: LaneIndex): void {
    const bytes = this.loaded.get(lane);
    if (bytes === undefined) return;
    this.loaded.delete(lane);
    this.loaded.set(lane, bytes);
  }

  /** Takes in a lane whose runs are in memory; others are unloaded to make room. */
  add(lane: LaneIndex): void {
    this.forget(lane);
    const bytes = LANE_OVERHEAD_BYTES + (lane.runs?.memoryBytes ?? 0);
    this.loaded.set(lane, bytes);
    this.total += bytes;
    for (const oldest of this.loaded.keys()) {
      if (this.total <= this.limit || oldest === lane) return;
      this.forget(oldest);
      oldest.runs = undefined;
    }
  }

  forget(lane: LaneIndex): void {
    this.total -= this.loaded.get(lane) ?? 0;
    this.loaded.delete(lane);
  }

  /** Forgets every lane of a segment that is closed or gone. */
  forgetAll({ lanes }: Segment): void {
    for (const lane of lanes.values()) this.forget(lane);
  }
}
