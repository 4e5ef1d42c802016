/** How the tests of the log open one and fill it. */
import { nullLogger } from '../../../src/base/logger.ts';
import type { LaneEnd, PendingBatch } from '../../../src/engine/log/batch.ts';
import type { Log, LogEntry, NewEntry } from '../../../src/engine/log/log.ts';
import { nodeCrc32 } from '../../../src/engine/log/nodeFiles.ts';
import { type LogOptions, openLog } from '../../../src/engine/log/openLog.ts';
import { type MemoryFiles, memoryFiles } from '../../support/memoryFiles.ts';
import { seededRandom } from '../../support/seededRandom.ts';
import { TestClock } from '../../support/testClock.ts';

export const FOLDER = 'streams/a';

export interface Opened {
  readonly log: Log;
  readonly notices: readonly string[];
  readonly epoch: number;
  readonly clock: TestClock;
}

/** A log in memory with a clock that stands still, but for what `options` say. */
export async function open(options: Partial<LogOptions> = {}): Promise<Opened> {
  const clock = (options.clock as TestClock | undefined) ?? new TestClock();
  const { log, report } = await openLog({
    files: memoryFiles(),
    folder: FOLDER,
    random: seededRandom(1),
    logger: nullLogger,
    crc32: nodeCrc32,
    durability: 'written',
    ...options,
    clock,
  });
  return { log, notices: report.notices, epoch: report.epoch, clock };
}

/** Adds an entry to a batch that is not in any log: each lane goes on where `ends` says. */
export function addTo(batch: PendingBatch, { lane, key, timeMs, bytes }: NewEntry, ends: LaneEnds) {
  const endOf = (wanted: number): LaneEnd => {
    const end = ends.get(wanted) ?? { lastKey: -1, batch: 0, run: 0 };
    ends.set(wanted, end);
    return end;
  };
  const place = { lanes: [lane], firstKey: key, timeMs };
  batch.add({ ...place, bytes, start: 0, ends: [bytes.length] }, endOf);
}

type LaneEnds = Map<number, LaneEnd>;

export const textBytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** `length` bytes that differ from entry to entry. */
export function filler(length: number, seed = 0): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 31 + seed * 17) & 255);
}

export interface FillOptions {
  readonly lane?: number;
  readonly from?: number;
  readonly count: number;
  readonly length?: number;
}

/** Appends `count` entries with keys from `from` on, one by one, each its own batch; time = key. */
export async function fill(log: Log, options: FillOptions): Promise<LogEntry[]> {
  const { lane = 0, from = 0, count, length = 10 } = options;
  const entries: LogEntry[] = [];
  for (let key = from; key < from + count; key++) {
    const entry = { key, timeMs: key, bytes: filler(length, key) };
    entries.push(entry);
    await log.append({ lane, ...entry });
  }
  return entries;
}

/** Every entry of a lane, page by page. */
export async function readAll(log: Log, lane = 0, countMax = 1000): Promise<LogEntry[]> {
  const entries: LogEntry[] = [];
  let fromKey = 0;
  for (;;) {
    const request = { lane, fromKey, horizonMs: 0, countMax, bytesMax: 2 ** 30 };
    const page = await log.read(request);
    if (page.entries.length === 0) return entries;
    entries.push(...page.entries);
    fromKey = page.nextKey;
  }
}

/** Segment files of a log in memory, oldest first. */
export function segmentPaths(files: MemoryFiles): string[] {
  return files.paths.filter((path) => path.endsWith('.log'));
}

/** Entries with a checksum for their bytes, where comparing the bytes themselves would be slow. */
export function summary(entries: readonly LogEntry[]): [number, number, number, number][] {
  return entries.map(({ key, timeMs, bytes }) => [key, timeMs, bytes.length, nodeCrc32(bytes)]);
}
