/** What logs keep in memory and may drop at any time: newest runs and loaded indexes, within limits. */
import type { Segment } from './segment.ts';

/** What a run takes beside its bytes, roughly. */
const RUN_OVERHEAD_BYTES = 256;

interface KeptRun {
  readonly segment: Segment;
  readonly position: number;
  readonly bytes: number;
}

/**
 * The newest runs of one log, by a limit in bytes; the oldest go first. They are kept as they were
 * written: objects for each entry would live as long, and cost more time in the collector than decoding.
 */
export class RecentRuns {
  private readonly limit: number;
  private readonly pool: RecentPool | undefined;
  private readonly kept: KeptRun[] = [];
  /** Index in `kept` of the oldest; the array is cut now and then. */
  private first = 0;
  private used = 0;

  constructor(limit: number, pool?: RecentPool) {
    this.limit = limit;
    this.pool = pool;
  }

  get bytes(): number {
    return this.used;
  }

  add(segment: Segment, run: { position: number; bytes: Uint8Array }): void {
    const bytes = run.bytes.length + RUN_OVERHEAD_BYTES;
    if (bytes > this.limit) return;
    segment.recent.set(run.position, run.bytes);
    this.kept.push({ segment, position: run.position, bytes });
    this.used += bytes;
    while (this.used > this.limit) this.dropOldest();
    this.pool?.grew(this, bytes);
  }

  /** Returns the bytes given up; 0 when there is nothing. */
  dropOldest(): number {
    const oldest = this.kept[this.first];
    if (!oldest) return 0;
    this.first += 1;
    if (this.first >= 1024 && this.first * 2 > this.kept.length) {
      this.kept.splice(0, this.first);
      this.first = 0;
    }
    oldest.segment.recent.delete(oldest.position);
    this.used -= oldest.bytes;
    this.pool?.shrank(oldest.bytes);
    return oldest.bytes;
  }

  clear(): void {
    while (this.dropOldest() > 0);
  }
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

  shrank(bytes: number): void {
    this.used -= bytes;
  }
}

/** Sealed segments whose runs are in memory, over all logs that share it; the least recently used go first. */
export class IndexCache {
  private readonly limit: number;
  private readonly loaded = new Map<Segment, number>();
  private total = 0;

  /** `limit` in bytes. */
  constructor(limit = 16 * 1024 * 1024) {
    this.limit = limit;
  }

  get bytes(): number {
    return this.total;
  }

  /** Says that a segment is read; one that is not kept here, as the active one, stays as it is. */
  used(segment: Segment): void {
    const bytes = this.loaded.get(segment);
    if (bytes === undefined) return;
    this.loaded.delete(segment);
    this.loaded.set(segment, bytes);
  }

  /** Takes in a sealed segment whose runs are in memory; others are unloaded to make room. */
  add(segment: Segment): void {
    const bytes = segment.indexMemoryBytes;
    this.forget(segment);
    this.loaded.set(segment, bytes);
    this.total += bytes;
    for (const oldest of this.loaded.keys()) {
      if (this.total <= this.limit || oldest === segment) return;
      this.forget(oldest);
      unload(oldest);
    }
  }

  forget(segment: Segment): void {
    this.total -= this.loaded.get(segment) ?? 0;
    this.loaded.delete(segment);
  }
}

function unload(segment: Segment): void {
  for (const lane of segment.lanes.values()) lane.runs = undefined;
}
