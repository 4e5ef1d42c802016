// What logs keep in memory, piece by piece: what counts how much, what is found, what goes first.
import { describe, expect, test } from 'vitest';
import { BatchBuffers } from '../../../src/engine/log/batchBuffers.ts';
import { IndexCache, PartRuns, RecentPool, RecentRuns } from '../../../src/engine/log/memory.ts';
import { PageBuffers } from '../../../src/engine/log/pageBuffers.ts';
import { LaneIndex, RunList } from '../../../src/engine/log/runIndex.ts';
import { Segment } from '../../../src/engine/log/segment.ts';
import { filler } from './support.ts';

const overhead = 256;
const segmentOf = (firstOrdinal: number, folder = 'a') =>
  new Segment(folder, {
    firstOrdinal,
    epoch: 1,
    salt: 0,
    lastKey: -1,
    lastTimeMs: 0,
    createdMs: 0,
    mayHaveGaps: false,
  });

/** A log's newest batches in buffers of 1,024 bytes, of which `bytes` are written to. */
function recentOf(limit: number, pool?: RecentPool) {
  const buffers = new BatchBuffers();
  const recent = new RecentRuns({ limit, pool, buffers });
  const add = (
    segment: Segment,
    { position, bytes = 100 }: { position: number; bytes?: number },
  ) => {
    const buffer = new Uint8Array(1024).map((_, at) => position + at);
    recent.add(segment, { position, buffer, bytes: buffer.subarray(0, bytes) });
    return buffer;
  };
  return { recent, buffers, add };
}

const each = 1024 + overhead;

describe('RecentRuns', () => {
  test('finds a run by segment and place, from the first byte of a batch to its last', () => {
    const { recent, add } = recentOf(100 * each);
    const [old, young] = [segmentOf(0), segmentOf(9)];
    for (const position of [64, 164, 264]) add(old, { position });
    for (const position of [64, 164]) add(young, { position });
    const first = (segment: Segment, position: number) =>
      recent.get(segment, { position, length: 3 })?.[0];
    const places = [63, 64, 163, 164, 263, 264, 363, 364];
    expect(places.map((place) => recent.has(old, place))).toEqual([
      ...[false, true, true, true, true, true, true, false],
    ]);
    expect([first(old, 64), first(old, 163), first(old, 264)]).toEqual([64, 163, 264 & 255]);
    expect([first(young, 70), first(young, 263), first(young, 264)]).toEqual([
      ...[70, 263 & 255, undefined],
    ]);
    expect(recent.has(segmentOf(5), 100)).toBe(false);
    expect(recent.get(old, { position: 170, length: 4 })).toEqual(
      Uint8Array.of(170, 171, 172, 173),
    );
  });

  test('keeps up to its limit, a single batch of exactly it too', () => {
    const { recent, buffers, add } = recentOf(3 * each);
    const segment = segmentOf(0);
    for (let at = 0; at < 5; at++) add(segment, { position: 64 + 100 * at });
    expect(recent.bytes).toBe(3 * each);
    expect([64, 164, 264, 364, 464].map((place) => recent.has(segment, place))).toEqual([
      ...[false, false, true, true, true],
    ]);
    expect(recent.dropOldest()).toBe(each);
    recent.clear();
    expect([recent.bytes, recent.dropOldest(), recent.has(segment, 464)]).toEqual([0, 0, false]);
    const exactly = recentOf(each);
    exactly.add(segment, { position: 64 });
    expect(exactly.recent.bytes).toBe(each);
    const less = recentOf(each - 1);
    const refused = less.add(segment, { position: 64 });
    expect([less.recent.bytes, less.buffers.take(1024)]).toEqual([0, refused]);
    expect(less.buffers.take(1024)).not.toBe(refused);
    expect(buffers.take(1024)[0]).toBe(464 & 255);
  });

  test('finds what it keeps after thousands have gone', () => {
    const { recent, add } = recentOf(10 * each);
    const segment = segmentOf(0);
    for (let at = 0; at < 5000; at++) {
      add(segment, { position: 64 + 100 * at });
      if (at % 500 > 20) continue;
      for (const [back, isKept] of [
        [0, true],
        [9, true],
        [10, false],
      ] as const) {
        if (at >= back) expect(recent.has(segment, 64 + 100 * (at - back))).toBe(isKept);
      }
    }
  });
});

describe('RecentPool', () => {
  test('one log alone may fill it; a second takes from it, the quiet one first', () => {
    const pool = new RecentPool(4 * each);
    const [one, two] = [recentOf(100 * each, pool), recentOf(100 * each, pool)];
    const segment = segmentOf(0);
    const bytes = () => [one.recent.bytes / each, two.recent.bytes / each, pool.bytes / each];
    for (let at = 0; at < 6; at++) one.add(segment, { position: 64 + 100 * at });
    expect(bytes()).toEqual([4, 0, 4]);
    two.add(segment, { position: 64 });
    expect(bytes()).toEqual([3, 1, 4]);
    one.add(segment, { position: 664 });
    // The other was quiet for longer; what it had was all it gives.
    expect(bytes()).toEqual([4, 0, 4]);
    two.add(segment, { position: 164 });
    one.add(segment, { position: 764 });
    two.add(segment, { position: 264 });
    expect(bytes()).toEqual([3, 1, 4]);
    one.recent.clear();
    two.recent.clear();
    expect(pool.bytes).toBe(0);
  });
});

describe('PartRuns', () => {
  test('gives the buffers of what it drops back, and takes others from there', () => {
    const buffers = new PageBuffers();
    const parts = new PartRuns(100_000, buffers);
    const segment = segmentOf(0);
    parts.keep(segment, { run: filler(60_000, 1), position: 1 });
    const first = parts.get(segment, 1)!;
    parts.keep(segment, { run: filler(60_000, 2), position: 2 });
    expect([parts.has(segment, 1), parts.bytes]).toEqual([false, 64 * 1024 + overhead]);
    expect(buffers.take(60_000).buffer).toBe(first.buffer);
  });

  test('keeps copies by segment and place, within its limit, the latest kept longest', () => {
    const parts = new PartRuns(3 * (100 + overhead));
    const segment = segmentOf(0);
    const keep = (position: number) =>
      parts.keep(segment, { run: filler(100, position), position });
    const isKept = (...places: number[]) => places.map((place) => parts.has(segment, place));
    const run = filler(100, 1);
    parts.keep(segment, { run, position: 1 });
    run.fill(0);
    expect(parts.get(segment, 1)).toEqual(filler(100, 1));
    expect([parts.get(segment, 2), parts.get(segmentOf(1), 1)]).toEqual([undefined, undefined]);
    expect([parts.has(segmentOf(1), 1), parts.has(segmentOf(0, 'b'), 1)]).toEqual([false, false]);
    keep(2);
    keep(3);
    expect(isKept(1, 2, 3)).toEqual([true, true, true]);
    keep(1);
    expect(parts.bytes).toBe(3 * (100 + overhead));
    keep(4);
    expect(isKept(1, 2, 3, 4)).toEqual([true, false, true, true]);
    expect(parts.bytes).toBe(3 * (100 + overhead));
    parts.keep(segment, { run: filler(2000), position: 5 });
    expect([parts.bytes, ...isKept(1, 3, 4, 5)]).toEqual([0, false, false, false, false]);
  });

  test('keeps 4 MiB by default', () => {
    const parts = new PartRuns();
    const run = new Uint8Array(1024 * 1024);
    for (let position = 0; position < 6; position++) parts.keep(segmentOf(0), { run, position });
    // A fourth one would go over it by what it takes beside its bytes.
    expect(parts.bytes).toBe(3 * (1024 * 1024 + overhead));
  });
});

describe('IndexCache', () => {
  const span = { firstKey: 0, lastKey: 0, firstTimeMs: 0, lastTimeMs: 0 };
  /** What a lane with two runs' room counts. */
  const lane = 200 + 2 * 7 * 8;
  const lanes = (count: number): LaneIndex[] =>
    Array.from({ length: count }, () => {
      const index = new LaneIndex(span);
      index.runs = new RunList();
      return index;
    });
  const loaded = (all: readonly LaneIndex[]) => all.map(({ runs }) => runs !== undefined);

  test('unloads the lane that was used least recently, and none within its limit', () => {
    const cache = new IndexCache(3 * lane);
    const all = lanes(5);
    for (const index of all.slice(0, 3)) cache.add(index);
    expect([cache.bytes, loaded(all)]).toEqual([3 * lane, [true, true, true, true, true]]);
    cache.used(all[0]!);
    cache.used(all[4]!);
    cache.add(all[3]!);
    expect([cache.bytes, loaded(all)]).toEqual([3 * lane, [true, false, true, true, true]]);
    cache.add(all[3]!);
    expect([cache.bytes, loaded(all)]).toEqual([3 * lane, [true, false, true, true, true]]);
    // One that is not kept here, as in the active segment, is never unloaded.
    for (const index of lanes(3)) cache.add(index);
    expect(loaded(all)).toEqual([false, false, false, false, true]);
    cache.add(all[0]!);
    cache.used(all[0]!);
    cache.forget(all[0]!);
    expect(cache.bytes).toBe(2 * lane);
  });

  test('a lane that is too large alone stays until another comes', () => {
    const cache = new IndexCache(lane - 1);
    const all = lanes(2);
    cache.add(all[0]!);
    expect([cache.bytes, loaded(all)]).toEqual([lane, [true, true]]);
    cache.add(all[1]!);
    expect([cache.bytes, loaded(all)]).toEqual([lane, [false, true]]);
  });

  test('counts a lane without runs as such, and forgets a segment as a whole', () => {
    const cache = new IndexCache();
    cache.add(new LaneIndex(span));
    expect(cache.bytes).toBe(200);
    const segment = segmentOf(0);
    const all = lanes(2);
    for (const [at, index] of all.entries()) segment.lanes.set(at, index);
    for (const index of all) cache.add(index);
    cache.forgetAll(segment);
    expect([cache.bytes, loaded(all)]).toEqual([200, [true, true]]);
    cache.forget(all[0]!);
    expect(cache.bytes).toBe(200);
  });
});
