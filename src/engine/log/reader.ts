/** Finds and reads entries: from memory, else by one search in the index and one read of the file. */

import { assert } from '../../base/assert.ts';
import { codeOf } from '../../base/errors.ts';
import { corrupt, type LogContext } from './context.ts';
import { addCopiedEntries, addEntries } from './decodeRun.ts';
import { isRunWhole } from './format.ts';
import type { LaneBounds, LogEntry, LogPage, ReadRequest } from './log.ts';
import { PageBuilder } from './page.ts';
import { planReads, type Span } from './readPlan.ts';
import type { RunEntry, RunList } from './runIndex.ts';
import type { SealedIndexes } from './sealedIndex.ts';
import type { Segment } from './segment.ts';

/** Reads of one file under way for one page. */
const READS_MAX = 8;

interface Search {
  readonly segment: Segment;
  readonly runs: RunList;
  readonly page: PageBuilder;
}

export class LogReader {
  private readonly context: LogContext;
  private readonly indexes: SealedIndexes;
  /** The log's own list, oldest first; it changes between calls. */
  private readonly segments: readonly Segment[];

  private readonly check: () => void;

  /** `check` throws once the log is closed. */
  constructor(
    context: LogContext,
    of: { indexes: SealedIndexes; segments: readonly Segment[]; check: () => void },
  ) {
    this.context = context;
    this.indexes = of.indexes;
    this.segments = of.segments;
    this.check = of.check;
  }

  bounds(lane: number): LaneBounds | undefined {
    const { segments } = this;
    let at = segments.length - 1;
    while (at >= 0 && !segments[at]!.lanes.has(lane)) at--;
    const newest = segments[at]?.lanes.get(lane);
    if (!newest) return undefined;
    const oldest = segments.find((segment) => segment.lanes.has(lane))!.lanes.get(lane)!;
    const { lastKey, lastTimeMs } = newest;
    return { firstKey: oldest.firstKey, lastKey, lastTimeMs };
  }

  async read(request: ReadRequest): Promise<LogPage> {
    const page = new PageBuilder(request, this.context.pageBuffers);
    const start = this.startOf(request);
    // Both are taken now: what becomes readable while we read belongs to the next page.
    const readableKey = this.bounds(request.lane)?.lastKey ?? -1;
    if (readableKey < request.fromKey) return page.finish(readableKey);
    for (const segment of this.segments.slice(start)) {
      if (page.isFull) break;
      await this.readSegment(segment, { request, page });
    }
    return page.finish(readableKey);
  }

  /** The first entry of a lane at or after `timeMs`. */
  async locate(
    lane: number,
    timeMs: number,
  ): Promise<Pick<LogEntry, 'key' | 'timeMs'> | undefined> {
    const first = this.segments.find(
      (segment) => (segment.lanes.get(lane)?.lastTimeMs ?? -1) >= timeMs,
    );
    const index = first?.lanes.get(lane);
    if (!index) return undefined;
    if (index.firstTimeMs >= timeMs) return { key: index.firstKey, timeMs: index.firstTimeMs };
    const request = { lane, fromKey: 0, horizonMs: timeMs, countMax: 1, bytesMax: 1 };
    const page = await this.read(request);
    page.release();
    const { lastTimeMs, nextKey } = page;
    return lastTimeMs === undefined ? undefined : { key: nextKey - 1, timeMs: lastTimeMs };
  }

  /** The newest segment whose lane begins at or below the key, else the oldest. */
  private startOf({ lane, fromKey }: ReadRequest): number {
    for (let at = this.segments.length - 1; at > 0; at--) {
      const index = this.segments[at]!.lanes.get(lane);
      if (index && index.firstKey <= fromKey) return at;
    }
    return 0;
  }

  private async readSegment(
    segment: Segment,
    { request, page }: { request: ReadRequest; page: PageBuilder },
  ): Promise<void> {
    this.check();
    const { lane, fromKey, horizonMs } = request;
    const index = segment.lanes.get(lane);
    if (!index || index.lastKey < fromKey || index.lastTimeMs < horizonMs) return;
    try {
      const runs = await this.indexes.runsOf(segment, lane);
      if (!runs) return;
      await this.readRuns({ segment, runs, page }, runs.find(fromKey, horizonMs));
    } catch (error) {
      if (segment.isRemoved) return;
      if (codeOf(error) === 'ENOENT') throw corrupt(segment.path, 0, 'the file is missing');
      throw error;
    }
  }

  private async readRuns(search: Search, from: number): Promise<void> {
    const { runs, page } = search;
    for (let run = from; run < runs.count && !page.isFull; ) {
      if (this.addKept(search, runs.at(run))) run += 1;
      else run = await this.readAhead(search, run);
    }
  }

  /** Adds a run that is in memory; false when it is not. */
  private addKept({ segment, page }: Search, run: RunEntry): boolean {
    const { recent, partRuns } = this.context;
    const kept = recent.get(segment, run) ?? partRuns.get(segment, run.position);
    const isWhole = kept && addCopiedEntries(page, kept);
    assert(isWhole !== false, 'a run in memory is whole');
    return isWhole === true;
  }

  private isKept(segment: Segment, position: number): boolean {
    const { recent, partRuns } = this.context;
    return recent.has(segment, position) || partRuns.has(segment, position);
  }

  /** Reads what the page wants of the file from a run on; returns the run to go on from. */
  private async readAhead({ segment, runs, page }: Search, from: number): Promise<number> {
    const isKept = (position: number): boolean => this.isKept(segment, position);
    const plan = planReads(runs, { from, isKept, bytes: page.bytesLeft, count: page.countLeft });
    this.check();
    const read = plan.map(({ length }) => page.takeMemory(length));
    await this.readSpans(segment, { plan, into: read });
    for (const [at, { position: start, runs: planned }] of plan.entries()) {
      for (const entry of planned) {
        if (page.isFull) return from;
        const offset = entry.position - start;
        this.takeRun(read[at]!.subarray(offset, offset + entry.length), { segment, entry, page });
        from += 1;
      }
    }
    return from;
  }

  /** Some at a time: one after the other costs a turn of the loop each, all at once holds back writes. */
  private async readSpans(
    segment: Segment,
    { plan, into }: { plan: readonly Span[]; into: readonly Uint8Array[] },
  ): Promise<void> {
    let next = 0;
    await this.context.readHandles.use(segment.path, async (file) => {
      const reader = async (): Promise<void> => {
        while (next < plan.length) {
          const at = next++;
          await file.read(into[at]!, plan[at]!.position);
        }
      };
      await Promise.all(Array.from({ length: Math.min(READS_MAX, plan.length) }, reader));
    });
  }

  private takeRun(
    run: Uint8Array,
    { segment, entry, page }: { segment: Segment; entry: RunEntry; page: PageBuilder },
  ): void {
    const { crc32, partRuns } = this.context;
    const { position, lastKey } = entry;
    if (!isRunWhole(run, { position, salt: segment.header.salt, crc32 })) {
      throw corrupt(segment.path, position, 'the checksum of a run is wrong');
    }
    if (!addEntries(page, run)) throw corrupt(segment.path, position, 'a run is malformed');
    const isPart = page.isFull && (page.lastKey ?? lastKey) < lastKey;
    if (isPart) partRuns.keep(segment, { run, position });
  }
}
