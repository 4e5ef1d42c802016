/** Finds and reads entries: from memory, else by one search in the index and one read of the file. */

import { assert } from '../../base/assert.ts';
import { codeOf } from '../../base/errors.ts';
import { corrupt, type LogContext } from './context.ts';
import { addEntries } from './decodeRun.ts';
import { isRunWhole } from './format.ts';
import type { LaneBounds, LogEntry, LogPage, ReadRequest } from './log.ts';
import { PageBuilder } from './page.ts';
import type { RunEntry, RunList } from './runIndex.ts';
import type { SealedIndexes } from './sealedIndex.ts';
import type { Segment } from './segment.ts';

/** Foreign bytes between two runs that are read along rather than read apart. */
const GAP_BYTES_MAX = 16 * 1024;
/** Runs of one lane that are read at once, unless one is longer. */
const SPAN_BYTES_MAX = 1024 * 1024;

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
    const page = new PageBuilder(request);
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
    return (await this.read(request)).entries[0];
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
    const { segment, runs, page } = search;
    for (let run = from; run < runs.count && !page.isFull; ) {
      const recent = segment.recent.get(runs.at(run).position);
      if (!recent) run = await this.readGroup(search, run);
      else {
        assert(addEntries(page, recent), 'a run in memory is whole');
        run += 1;
      }
    }
  }

  /** Reads neighbouring runs in one go; returns the run after them. */
  private async readGroup(search: Search, from: number): Promise<number> {
    const group = groupFrom(search, from);
    const first = group[0]!;
    const last = group[group.length - 1]!;
    const bytes = new Uint8Array(last.position + last.length - first.position);
    const { segment, page } = search;
    this.check();
    await this.context.readHandles.use(segment.path, (file) => file.read(bytes, first.position));
    for (const { position, length } of group) {
      const start = position - first.position;
      this.takeRun(bytes.subarray(start, start + length), { segment, position, page });
      if (page.isFull) break;
    }
    return from + group.length;
  }

  private takeRun(
    run: Uint8Array,
    { segment, position, page }: { segment: Segment; position: number; page: PageBuilder },
  ): void {
    const { crc32 } = this.context;
    if (!isRunWhole(run, { position, salt: segment.header.salt, crc32 })) {
      throw corrupt(segment.path, position, 'the checksum of a run is wrong');
    }
    if (!addEntries(page, run)) throw corrupt(segment.path, position, 'a run is malformed');
  }
}

/** The run at `from` and those after it that one read should bring along. */
function groupFrom({ segment, runs, page }: Search, from: number): RunEntry[] {
  const first = runs.at(from);
  const group = [first];
  let { length: bytes, count } = first;
  let end = first.position + first.length;
  for (let next = from + 1; next < runs.count; next++) {
    if (bytes >= page.bytesLeft || count >= page.countLeft) break;
    const run = runs.at(next);
    const isNear = run.position - end <= GAP_BYTES_MAX;
    const spanEnd = run.position + run.length;
    if (!isNear || spanEnd - first.position > SPAN_BYTES_MAX) break;
    if (segment.recent.has(run.position)) break;
    group.push(run);
    bytes += run.length;
    count += run.count;
    end = spanEnd;
  }
  return group;
}
