// Which runs one plan reads, and which of them together.
import { describe, expect, test } from 'vitest';
import { planReads, type Wanted } from '../../../src/engine/log/readPlan.ts';
import { type RunEntry, RunList } from '../../../src/engine/log/runIndex.ts';

const KIB = 1024;

/** Runs of two entries each: pairs of position and length. */
function runsOf(...places: [position: number, length: number][]): RunList {
  const runs = new RunList();
  for (const [at, [position, length]] of places.entries()) {
    const [first, last] = [at * 10, at * 10 + 5];
    const keys = { firstKey: first, lastKey: last, firstTimeMs: first, lastTimeMs: last };
    runs.add({ ...keys, position, length, count: 2 });
  }
  return runs;
}

const plenty = { from: 0, bytes: 2 ** 30, count: 1000, isKept: () => false };

/** Position and length of each span, with the positions of its runs. */
function planned(runs: RunList, wanted: Partial<Wanted> = {}) {
  return planReads(runs, { ...plenty, ...wanted }).map((span) => {
    return [span.position, span.length, span.runs.map((run) => run.position)];
  });
}

describe('planReads()', () => {
  test('reads neighbours together', () => {
    expect(planned(runsOf([64, 100], [164, 50], [214, 10]))).toEqual([[64, 160, [64, 164, 214]]]);
  });

  test('reads a gap along that is no longer than the runs beside it', () => {
    expect(planned(runsOf([64, 100], [214, 50]))).toEqual([[64, 200, [64, 214]]]);
    expect(planned(runsOf([64, 100], [314, 50]))).toEqual([[64, 300, [64, 314]]]);
    expect(planned(runsOf([64, 100], [315, 50]))).toEqual([
      [64, 100, [64]],
      [315, 50, [315]],
    ]);
  });

  test('reads a gap along of 16 KiB at most', () => {
    const [length, next] = [20 * KIB, 20 * KIB + 16 * KIB];
    expect(planned(runsOf([0, length], [next, length]))).toEqual([[0, next + length, [0, next]]]);
    expect(planned(runsOf([0, length], [next + 1, length]))).toEqual([
      [0, length, [0]],
      [next + 1, length, [next + 1]],
    ]);
  });

  test('goes on only while bytes and entries are wanted', () => {
    const runs = runsOf([0, 100], [100, 100], [200, 100], [300, 100]);
    expect(planned(runs, { bytes: 200 })).toEqual([[0, 200, [0, 100]]]);
    expect(planned(runs, { bytes: 201 })).toEqual([[0, 300, [0, 100, 200]]]);
    expect(planned(runs, { count: 4 })).toEqual([[0, 200, [0, 100]]]);
    expect(planned(runs, { count: 5 })).toEqual([[0, 300, [0, 100, 200]]]);
    expect(planned(runs, { from: 2, bytes: 1 })).toEqual([[200, 100, [200]]]);
  });

  test('stops at 1 MiB, but for a first run that is longer', () => {
    const half = 512 * KIB;
    expect(planned(runsOf([0, half], [half, half], [2 * half, 1]))).toEqual([
      [0, 2 * half, [0, half]],
    ]);
    expect(planned(runsOf([0, half], [half, half + 1]))).toEqual([[0, half, [0]]]);
    const long = runsOf([0, 4 * half], [4 * half, 10]);
    expect(planned(long)).toEqual([[0, 4 * half, [0]]]);
  });

  test('ends before a run that is in memory, though never before the first', () => {
    const runs = runsOf([0, 100], [100, 100], [200, 100]);
    const keptAt = (place: number) => ({ isKept: (position: number) => position === place });
    expect(planned(runs, keptAt(200))).toEqual([[0, 200, [0, 100]]]);
    expect(planned(runs, keptAt(0))).toEqual([[0, 300, [0, 100, 200]]]);
  });

  test('has nothing to read behind the last run', () => {
    expect(planned(runsOf([0, 100]), { from: 1 })).toEqual([]);
  });
});

describe('RunList', () => {
  const runs: RunEntry[] = Array.from({ length: 9 }, (_, at) => {
    const [firstKey, firstTimeMs] = [100 * at + 1, 1000 * at + 3];
    const spans = { firstKey, lastKey: firstKey + 1, firstTimeMs, lastTimeMs: firstTimeMs + 1 };
    return { ...spans, position: 10_000 * at + 5, length: 10_000 * at + 6, count: at + 7 };
  });
  const list = new RunList();
  for (const run of runs) list.add(run);

  test('gives every run back, and all of its numbers in order', () => {
    expect(runs.map((_, at) => list.at(at))).toEqual(runs);
    const numbers = runs.flatMap((run) => [
      ...[run.firstKey, run.lastKey, run.firstTimeMs, run.lastTimeMs],
      ...[run.position, run.length, run.count],
    ]);
    expect([...list.used]).toEqual(numbers);
    const copy = new RunList(list.used.slice(), list.count);
    expect([copy.count, copy.at(8)]).toEqual([9, runs[8]]);
  });

  test('doubles when it is full, also from nothing, and tells what it takes', () => {
    expect(list.memoryBytes).toBe(16 * 7 * 8);
    const empty = new RunList(new Float64Array(0));
    empty.add(runs[3]!);
    expect([empty.at(0), empty.memoryBytes]).toEqual([runs[3], 2 * 7 * 8]);
  });

  test('find() gives the first run that reaches both a key and a time', () => {
    const found = [list.find(0, 0), list.find(102, 0), list.find(103, 0), list.find(0, 2005)];
    expect(found).toEqual([0, 1, 2, 3]);
    expect([list.find(802, 8004), list.find(803, 0), list.find(0, 8005)]).toEqual([8, 9, 9]);
    expect([list.find(201, 4004), list.find(601, 4)]).toEqual([4, 6]);
  });
});
