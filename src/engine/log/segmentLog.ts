/** The log itself: takes appends in order, has them written, makes them readable, lets old segments go. */
import { AssertionError } from '../../base/assert.ts';
import type { Disposable } from '../../base/disposable.ts';
import { messageOf } from '../../base/errors.ts';
import type { LaneEnd, PendingBatch } from './batch.ts';
import type { LogContext } from './context.ts';
import { Jobs } from './jobs.ts';
import { LaneListeners } from './laneListeners.ts';
import {
  type LaneBounds,
  type Log,
  type LogPage,
  type NewEntries,
  type NewEntry,
  PASSED_OVER,
  type ReadRequest,
} from './log.ts';
import { LogError } from './logError.ts';
import { LogReader } from './reader.ts';
import { SealedIndexes } from './sealedIndex.ts';
import type { Segment } from './segment.ts';
import { SegmentWriter } from './writer.ts';

/** What was found when the folder was opened. */
export interface FoundLog {
  /** Oldest first; the last one is active. */
  readonly segments: Segment[];
  /** Of this open; higher than any before. */
  readonly epoch: number;
  readonly lastKey: number;
  readonly lastTimeMs: number;
  /** Cut-off ends kept beside the segments: path to bytes. */
  readonly aside: Map<string, number>;
}

export class SegmentLog implements Log {
  private readonly context: LogContext;
  private readonly segments: Segment[];
  private readonly aside: Map<string, number>;
  private readonly indexes: SealedIndexes;
  private readonly reader: LogReader;
  private readonly writer: SegmentWriter;
  private readonly jobs: Jobs;
  private readonly listeners = new LaneListeners();
  /** By lane; with holes. */
  private readonly laneEnds: (LaneEnd | undefined)[] = [];
  private readonly endOf = (lane: number): LaneEnd => this.laneEnds[lane] ?? this.laneEnd(lane);
  private refusal: LogError | undefined;
  private closing: Promise<void> | undefined;
  lastKey: number;
  lastTimeMs: number;
  pendingBytes = 0;

  constructor(context: LogContext, found: FoundLog) {
    this.context = context;
    const { gather, isSynced: isDear } = context;
    this.jobs = new Jobs((batch) => this.writeBatch(batch), { gather, isDear });
    this.segments = found.segments;
    this.aside = found.aside;
    this.lastKey = found.lastKey;
    this.lastTimeMs = found.lastTimeMs;
    this.indexes = new SealedIndexes(context);
    const { segments, indexes } = this;
    this.reader = new LogReader(context, { segments, indexes, check: () => this.check() });
    const marks = () => ({ lastKey: this.lastKey, lastTimeMs: this.lastTimeMs });
    this.writer = new SegmentWriter(context, { segments, indexes, epoch: found.epoch, marks });
  }

  append({ lane, key, timeMs, bytes }: NewEntry): Promise<void> {
    const place = { lanes: [lane], firstKey: key, timeMs };
    return this.appendAll({ ...place, bytes, start: 0, ends: [bytes.length] });
  }

  appendAll(entries: NewEntries): Promise<void> {
    if (this.refusal) return Promise.reject(this.refusal);
    const { firstKey, timeMs } = entries;
    if (timeMs < this.lastTimeMs || !Number.isSafeInteger(timeMs)) {
      throw new AssertionError(`time ${timeMs} does not follow ${this.lastTimeMs}`);
    }
    const lastKey = firstKey + entries.lanes.length - 1;
    if (firstKey <= this.lastKey || !Number.isSafeInteger(lastKey)) this.checkKeys(entries);
    const batch = this.jobs.batch();
    const before = batch.bytes;
    const count = batch.add(entries, this.endOf);
    this.lastKey = Math.max(this.lastKey, firstKey + count - 1);
    this.lastTimeMs = timeMs;
    this.pendingBytes += batch.bytes - before;
    return batch.done;
  }

  async read(request: ReadRequest): Promise<LogPage> {
    this.check();
    return this.reader.read(request);
  }

  onReadable(lane: number, listener: () => void): Disposable {
    return this.listeners.add(lane, listener);
  }

  async keyAtTime(lane: number, timeMs: number): Promise<number | undefined> {
    this.check();
    return (await this.reader.locate(lane, timeMs))?.key;
  }

  bounds(lane: number): LaneBounds | undefined {
    return this.reader.bounds(lane);
  }

  async firstTimeMs(lane: number, horizonMs: number): Promise<number | undefined> {
    this.check();
    return (await this.reader.locate(lane, horizonMs))?.timeMs;
  }

  get bytes(): number {
    let bytes = 0;
    for (const segment of this.segments) bytes += segment.fileBytes + segment.indexFileBytes;
    for (const size of this.aside.values()) bytes += size;
    return bytes;
  }

  trim(horizonMs: number): Promise<number> {
    return this.task(async () => {
      const active = this.writer.active;
      if (this.writer.isOld || (active && active.lastTimeMs < horizonMs)) await this.tryRoll();
      let freed = 0;
      while (this.segments.length > 1 && this.segments[0]!.lastTimeMs < horizonMs) {
        freed += await this.removeOldest();
      }
      return freed;
    });
  }

  dropOldest({ mayRoll = false } = {}): Promise<number> {
    return this.task(async () => {
      if (mayRoll && this.segments.length === 1) await this.writer.roll();
      return this.segments.length > 1 ? this.removeOldest() : 0;
    });
  }

  clear(): Promise<void> {
    return this.task(async () => {
      await this.writer.roll();
      this.context.recent.clear();
      while (this.segments.length > 1) await this.removeOldest();
    });
  }

  flush(): Promise<void> {
    return this.task(() => this.writer.sync());
  }

  close(): Promise<void> {
    this.closing ??= this.jobs.add(() => this.release(), { isLast: true });
    this.refusal ??= new LogError('CLOSED', `${this.context.folder} is closed.`);
    return this.closing;
  }

  private check(): void {
    if (this.refusal) throw this.refusal;
  }

  private laneEnd(lane: number): LaneEnd {
    const lastKey = this.reader.bounds(lane)?.lastKey ?? -1;
    const end = { lastKey, batch: 0, run: 0 };
    this.laneEnds[lane] = end;
    return end;
  }

  /** Keys that are not above all keys of the log may still be above those of their lanes. */
  private checkKeys({ lanes, firstKey }: NewEntries): void {
    let key = firstKey;
    for (const lane of lanes) {
      if (lane === PASSED_OVER) continue;
      const { lastKey } = this.endOf(lane);
      if (key <= lastKey || !Number.isSafeInteger(key)) {
        throw new AssertionError(`key ${key} of lane ${lane} does not follow ${lastKey}`);
      }
      key += 1;
    }
  }

  /** Writes a batch, then makes its entries readable and says so, in one turn. */
  private async writeBatch(batch: PendingBatch): Promise<void> {
    try {
      const encoded = await this.writer.write(batch);
      const segment = this.writer.active!;
      segment.addTable(encoded.bytes.length, encoded.runs);
      this.context.recent.add(segment, encoded);
      this.pendingBytes -= batch.bytes;
      batch.resolve();
      this.listeners.tell(encoded.runs);
      batch.release();
    } catch (error) {
      batch.reject(this.failed(error));
    }
  }

  /** What is told to those who wait; anything but a full disk ends the log until it is opened again. */
  private failed(error: unknown): LogError {
    const isKnown = error instanceof LogError;
    const reason = isKnown ? error : new LogError('POISONED', messageOf(error));
    this.pendingBytes = 0;
    if (reason.code === 'FULL') this.jobs.rejectWaiting(reason, 'batches');
    else {
      this.refusal ??= reason;
      this.jobs.rejectWaiting(reason, 'all');
    }
    this.context.logger.error(reason.message);
    return reason;
  }

  private task<T>(action: () => Promise<T>): Promise<T> {
    if (this.refusal) return Promise.reject(this.refusal);
    return this.jobs.add(async () => {
      try {
        return await action();
      } catch (error) {
        if (error instanceof LogError && error.code !== 'FULL') throw this.failed(error);
        throw error;
      }
    });
  }

  /** Without room for a new segment the old ones still go, which makes room. */
  private async tryRoll(): Promise<void> {
    try {
      await this.writer.roll();
    } catch (error) {
      if (!(error instanceof LogError) || error.code !== 'FULL') throw error;
      this.context.logger.warn(error.message);
    }
  }

  /** Resolves to the bytes freed. When the file cannot be removed it stays part of the log. */
  private async removeOldest(): Promise<number> {
    const segment = this.segments.shift()!;
    segment.isRemoved = true;
    try {
      await this.removeFile(segment);
    } catch (error) {
      segment.isRemoved = false;
      this.segments.unshift(segment);
      throw error;
    }
    const { files, folder, indexCache } = this.context;
    indexCache.forgetAll(segment);
    await files.remove(segment.indexPath);
    // Gone for good before the next may go: a power cut must not leave an older one and a gap.
    await files.syncFolder(folder);
    return segment.size + segment.indexFileBytes + (await this.removeAside(segment));
  }

  private async removeFile(segment: Segment): Promise<void> {
    const { readHandles, files } = this.context;
    await readHandles.drop(segment.path);
    await readHandles.drop(segment.indexPath);
    await files.remove(segment.path);
  }

  private async removeAside(segment: Segment): Promise<number> {
    let freed = 0;
    for (const [path, bytes] of this.aside) {
      if (!path.startsWith(`${segment.path}.`)) continue;
      await this.context.files.remove(path);
      this.aside.delete(path);
      freed += bytes;
    }
    return freed;
  }

  private async release(): Promise<void> {
    const { readHandles, indexCache, recent } = this.context;
    recent.clear();
    await this.writer.close();
    for (const segment of this.segments) {
      indexCache.forgetAll(segment);
      await readHandles.drop(segment.path);
      await readHandles.drop(segment.indexPath);
    }
  }
}
