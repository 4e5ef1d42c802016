/** A seeded workload on a log over files that record every change, and what it was promised along the way. */
import { isDeepStrictEqual } from 'node:util';
import { nullLogger } from '../../src/base/logger.ts';
import type { Log, LogEntry } from '../../src/engine/log/log.ts';
import { nodeCrc32 } from '../../src/engine/log/nodeFiles.ts';
import { openLog } from '../../src/engine/log/openLog.ts';
import { FaultyFiles } from '../support/faultyFiles.ts';
import type { MemoryFiles } from '../support/memoryFiles.ts';
import { type SeededRandom, seededRandom } from '../support/seededRandom.ts';
import { TestClock } from '../support/testClock.ts';

export type Durability = 'written' | 'synced';

const LANES = 4;
const FOLDER = 'streams/a';

/** An entry that was handed to `append`. Points in time are counts of changes on disk. */
export interface Appended extends LogEntry {
  readonly lane: number;
  readonly startedAt: number;
  /** When its append resolved; infinite when it never did. */
  acknowledgedAt: number;
  /** When a flush that came after it resolved. */
  flushedAt: number;
  /** From here on a trim or clear may have taken it. */
  removableAt: number;
  /** From here on it must be gone. */
  goneAt: number;
}

export interface History {
  readonly files: FaultyFiles;
  readonly appended: readonly Appended[];
}

/** `segmentBytesMax`: so small by default that a workload begins many. */
export function openOn(files: MemoryFiles, durability: Durability, segmentBytesMax = 3000) {
  return openLog({
    files,
    folder: FOLDER,
    clock: new TestClock(),
    random: seededRandom(files.paths.length),
    logger: nullLogger,
    crc32: nodeCrc32,
    durability,
    segmentBytesMax,
    cacheBytesMax: 2000,
  });
}

export interface WorkloadOptions {
  readonly durability: Durability;
  readonly steps: number;
  readonly segmentBytesMax?: number;
  /** What a bug is planted in. */
  readonly files?: FaultyFiles;
}

/** Runs `steps` random steps to their end. */
export async function runWorkload(
  seed: number,
  { steps, ...options }: WorkloadOptions,
): Promise<History> {
  const run = new Workload(seed, options);
  await run.open();
  for (let step = 0; step < steps; step++) await run.step();
  await run.finish();
  return run;
}

class Workload implements History {
  readonly files: FaultyFiles;
  readonly appended: Appended[] = [];
  private readonly random: SeededRandom;
  private readonly durability: Durability;
  private readonly segmentBytesMax: number | undefined;
  private log!: Log;
  private key = 0;
  private timeMs = 1000;
  private waiting: Promise<void>[] = [];

  constructor(seed: number, options: Omit<WorkloadOptions, 'steps'>) {
    this.random = seededRandom(seed);
    this.files = options.files ?? new FaultyFiles();
    this.durability = options.durability;
    this.segmentBytesMax = options.segmentBytesMax;
  }

  async open(): Promise<void> {
    this.log = (await openOn(this.files, this.durability, this.segmentBytesMax)).log;
  }

  async step(): Promise<void> {
    const dice = this.random.fraction();
    if (dice < 0.75) return this.appendSome();
    if (dice < 0.8) return this.flush();
    if (dice < 0.88) return this.trim();
    if (dice < 0.91) return this.clear();
    if (dice < 0.95) return this.reopen();
    await this.settle();
  }

  async finish(): Promise<void> {
    await this.settle();
    await this.log.close();
  }

  private get now(): number {
    return this.files.operations.length;
  }

  /** A few entries at once; most of the time nobody waits for them before the next step. */
  private async appendSome(): Promise<void> {
    for (let left = this.random.integer(1, 6); left > 0; left--) this.appendOne();
    if (this.random.chance(0.4)) await this.waiting.at(-1);
  }

  private appendOne(): void {
    this.key += this.random.integer(1, 3);
    this.timeMs += this.random.integer(0, 2);
    const length = this.random.chance(0.05) ? 9000 : this.random.integer(0, 300);
    const entry: Appended = {
      lane: this.random.integer(0, LANES - 1),
      key: this.key,
      timeMs: this.timeMs,
      bytes: this.random.bytes(length),
      startedAt: this.now,
      acknowledgedAt: Number.POSITIVE_INFINITY,
      flushedAt: Number.POSITIVE_INFINITY,
      removableAt: Number.POSITIVE_INFINITY,
      goneAt: Number.POSITIVE_INFINITY,
    };
    this.appended.push(entry);
    const acknowledge = (): void => {
      entry.acknowledgedAt = this.now;
    };
    this.waiting.push(this.log.append(entry).then(acknowledge));
  }

  private async flush(): Promise<void> {
    const before = this.appended.slice();
    await this.log.flush();
    for (const entry of before) entry.flushedAt = Math.min(entry.flushedAt, this.now);
  }

  private async trim(): Promise<void> {
    const horizonMs = this.timeMs - this.random.integer(0, 20);
    this.mark((entry) => entry.timeMs < horizonMs);
    await this.log.trim(horizonMs);
  }

  private async clear(): Promise<void> {
    const before = this.appended.slice();
    this.mark(() => true);
    await this.log.clear();
    for (const entry of before) entry.goneAt = Math.min(entry.goneAt, this.now);
  }

  private mark(isRemovable: (entry: Appended) => boolean): void {
    for (const entry of this.appended.filter(isRemovable)) {
      entry.removableAt = Math.min(entry.removableAt, this.now);
    }
  }

  private async reopen(): Promise<void> {
    await this.finish();
    await this.open();
  }

  private async settle(): Promise<void> {
    await Promise.all(this.waiting);
    this.waiting = [];
  }
}

/** What a crash after `at` changes left behind. */
export interface Leftover {
  readonly files: MemoryFiles;
  readonly at: number;
  readonly durability: Durability;
  /** Which entries must be there still: those that were acknowledged, or only those that were flushed. */
  readonly promised: 'acknowledgedAt' | 'flushedAt';
}

/** What is wrong with the log that is opened on a leftover; empty when nothing is. */
export async function complaintsAfter(
  { appended }: History,
  { files, at, durability, promised }: Leftover,
): Promise<string[]> {
  const { log } = await openOn(files, durability);
  const found = await everything(log);
  const kept = appended.filter((entry) => entry[promised] <= at);
  const complaints = [
    ...kept.filter((entry) => entry.removableAt > at).flatMap((entry) => lost(entry, found)),
    ...[...found.values()].flatMap((entry) => invented(entry, { appended, at })),
    ...holes(appended, { found, at }),
    ...marksBehind(log, kept),
  ];
  await log.append({
    lane: 0,
    key: log.lastKey + 1,
    timeMs: log.lastTimeMs,
    bytes: new Uint8Array(3),
  });
  await log.close();
  const again = await openOn(files, durability);
  const now = await everything(again.log);
  if (now.size !== found.size + 1) complaints.push(`${found.size} entries became ${now.size}`);
  complaints.push(...again.report.notices.map((notice) => `repaired twice: ${notice}`));
  await again.log.close();
  if (files.openCount > 0) complaints.push(`${files.openCount} files were left open`);
  return complaints;
}

type Found = ReadonlyMap<string, LogEntry & { lane: number }>;

const nameOf = ({ lane, key }: { lane: number; key: number }): string => `${lane}/${key}`;

async function everything(log: Log): Promise<Found> {
  const found = new Map<string, LogEntry & { lane: number }>();
  for (let lane = 0; lane < LANES; lane++) {
    const request = { lane, fromKey: 0, horizonMs: 0, countMax: 1e9, bytesMax: 1e9 };
    const { entries } = await log.read(request);
    for (const entry of entries) found.set(nameOf({ lane, ...entry }), { lane, ...entry });
  }
  return found;
}

function lost(entry: Appended, found: Found): string[] {
  return found.has(nameOf(entry)) ? [] : [`${nameOf(entry)} was promised and is lost`];
}

function invented(
  entry: LogEntry & { lane: number },
  { appended, at }: { appended: readonly Appended[]; at: number },
): string[] {
  const source = appended.find(({ key }) => key === entry.key);
  const { lane, key, timeMs } = source ?? {};
  const isSame =
    isDeepStrictEqual([lane, key, timeMs], [entry.lane, entry.key, entry.timeMs]) &&
    Buffer.compare(source!.bytes, entry.bytes) === 0;
  if (!isSame || source!.startedAt > at) return [`${nameOf(entry)} was never appended like this`];
  return source!.goneAt <= at ? [`${nameOf(entry)} was cleared and is back`] : [];
}

/** Of what nothing may have removed, a beginning in the order of the calls survives. */
function holes(
  appended: readonly Appended[],
  { found, at }: { found: Found; at: number },
): string[] {
  const kept = appended.filter((entry) => entry.removableAt > at);
  const firstMissing = kept.findIndex((entry) => !found.has(nameOf(entry)));
  if (firstMissing < 0) return [];
  return kept
    .slice(firstMissing)
    .filter((entry) => found.has(nameOf(entry)))
    .map((entry) => `${nameOf(entry)} is there, but ${nameOf(kept[firstMissing]!)} is not`);
}

/** Keys and times must not fall, not even below those of entries that are gone. */
function marksBehind(log: Log, kept: readonly Appended[]): string[] {
  const last = kept.at(-1);
  if (!last || (log.lastKey >= last.key && log.lastTimeMs >= last.timeMs)) return [];
  return [`the last key fell to ${log.lastKey}, below ${last.key}`];
}
