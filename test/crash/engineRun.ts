/** One seed of the crash suite: a workload in one durability, cut off at many points, each leftover examined. */
import type { Durability } from '../../src/admin/adminApi.ts';
import type { MemoryFiles } from '../support/memoryFiles.ts';
import { type SeededRandom, seededRandom } from '../support/seededRandom.ts';
import { complaintsAfter, type Leftover } from './engineCheck.ts';
import { type History, type Reached, reachedBy, runWorkload } from './engineWorkload.ts';
import type { Planted } from './engineWorld.ts';
import { spoilIndex } from './spoilIndex.ts';

/** What a seed must reach to count. */
export const leastOf: Reached = { acknowledged: 150, clients: 8, reshards: 2, rolls: 1, drops: 1 };

export interface SeedOptions {
  readonly seed: number;
  readonly durability: Durability;
  /** Every so many changes the run is cut off; neighbouring seeds take the points between. */
  readonly stride: number;
  readonly planted?: Planted;
}

export interface SeedReport {
  readonly reached: Reached;
  /** Crash points, each a kill or a power cut. */
  readonly points: number;
  /** Changes of files that the workload made. */
  readonly changes: number;
  /** Of the first crash point after which something was wrong. */
  readonly complaints: readonly string[];
}

export async function runSeed(options: SeedOptions): Promise<SeedReport> {
  const { seed, durability, stride, planted = {} } = options;
  const history = await runWorkload({ seed, durability, planted });
  const reached = reachedBy(history);
  const changes = history.files.operations.length;
  const complaints = shortcomings(reached);
  let points = 0;
  for (let at = 1 + (seed % stride); at <= changes && complaints.length === 0; at += stride) {
    const random = seededRandom(seed * 4099 + at);
    for (const crash of crashesAt(history, { at, random })) {
      points += 1;
      if (random.chance(0.3)) await spoilIndex(crash.files, random);
      const wrong = await complaintsAfter(history, crash);
      if (wrong.length > 0)
        complaints.push(`${crash.how} after change ${at} of ${changes}`, ...wrong);
    }
  }
  return { reached, points, changes, complaints };
}

function shortcomings(reached: Reached): string[] {
  const names = Object.keys(leastOf) as (keyof Reached)[];
  return names
    .filter((name) => reached[name] < leastOf[name])
    .map((name) => `the workload reached ${reached[name]} ${name}, not ${leastOf[name]}`);
}

interface Crash extends Leftover {
  readonly how: string;
}

/** A kill, maybe in the middle of the next write, and a power cut. */
function crashesAt(
  history: History,
  { at, random }: { at: number; random: SeededRandom },
): Crash[] {
  const loses = random.pick(['end', 'pages'] as const);
  const cut = history.files.afterPowerCut(at, random, loses);
  const isPromised = history.durability === 'synced';
  const reopens = random.chance(0.25);
  return [
    { how: 'killed', files: killed(history, { at, random }), at, isPromised: true, reopens },
    { how: `power cut that loses ${loses}`, files: cut, at, isPromised, reopens },
  ];
}

function killed(
  { files }: History,
  { at, random }: { at: number; random: SeededRandom },
): MemoryFiles {
  const next = files.operations[at];
  const length = next?.kind === 'write' ? next.bytes.length : 0;
  return files.afterKill(at, random.pick([0, length, random.integer(0, length)]));
}

export interface Totals {
  readonly seeds: number;
  readonly points: number;
  readonly changes: number;
  readonly acknowledged: number;
  readonly complaints: readonly string[];
}

/** Neighbouring seeds take the points between, so that this many cover every change of a workload's length. */
export const STRIDE = 12;

/** Runs seeds in both durabilities until one fails. */
export async function runSeeds(options: {
  readonly from: number;
  readonly count: number;
  readonly stride?: number;
  readonly planted?: Planted;
  readonly onProgress?: (totals: Totals) => void;
}): Promise<Totals> {
  const { from, count, stride = STRIDE, planted, onProgress } = options;
  let totals: Totals = { seeds: 0, points: 0, changes: 0, acknowledged: 0, complaints: [] };
  for (let seed = from; seed < from + count && totals.complaints.length === 0; seed++) {
    for (const durability of ['written', 'synced'] as const) {
      const report = await runSeed({ seed, durability, stride, ...(planted && { planted }) });
      totals = withReport(totals, { ...report, name: `seed ${seed}, ${durability}` });
      if (report.complaints.length > 0) break;
    }
    totals = { ...totals, seeds: totals.seeds + 1 };
    if (totals.seeds % 50 === 0 || totals.seeds === count) onProgress?.(totals);
  }
  return totals;
}

function withReport(totals: Totals, report: SeedReport & { name: string }): Totals {
  const { complaints } = report;
  return {
    ...totals,
    points: totals.points + report.points,
    changes: totals.changes + report.changes,
    acknowledged: totals.acknowledged + report.reached.acknowledged,
    complaints: complaints.length > 0 ? [report.name, ...complaints] : [],
  };
}
