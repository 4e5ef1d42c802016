// Segments: when a new one begins, when old ones go, and what outlives them.
import { describe, expect, test } from 'vitest';
import { memoryFiles } from '../../support/memoryFiles.ts';
import { fill, filler, open, readAll, segmentPaths } from './support.ts';

describe('trim()', () => {
  test('removes whole segments whose entries are all older, and tells the bytes freed', async () => {
    const files = memoryFiles();
    const { log } = await open({ files, segmentBytesMax: 300 });
    const entries = await fill(log, { count: 20 });
    const [segments, bytes] = [segmentPaths(files).length, log.bytes];
    const freed = await log.trim(10);
    expect(segmentPaths(files).length).toBeLessThan(segments);
    expect(freed).toBe(bytes - log.bytes);
    expect((await readAll(log)).slice(-10)).toEqual(entries.slice(10));
    expect(log.bounds(0)?.firstKey).toBeLessThanOrEqual(10);
    expect(log.bounds(0)?.firstKey).toBeGreaterThan(5);
  });

  test('empties a log whose entries are all older; keys and times do not fall, also when reopened', async () => {
    const files = memoryFiles();
    const { log } = await open({ files });
    await fill(log, { count: 3, from: 40 });
    await log.trim(43);
    expect(await readAll(log)).toEqual([]);
    expect(log.bounds(0)).toBeUndefined();
    await log.close();
    const again = (await open({ files })).log;
    expect([again.lastKey, again.lastTimeMs]).toEqual([42, 42]);
    expect(segmentPaths(files)).toHaveLength(1);
    expect(segmentPaths(files)[0]).toMatch(/0000000000000003\.log$/);
  });

  test('closes a segment that is old enough, so that it can go later', async () => {
    const files = memoryFiles();
    const { log, clock } = await open({ files, segmentAgeMs: 1000 });
    await fill(log, { count: 1, from: 50 });
    await clock.advance(999);
    await log.trim(0);
    expect(segmentPaths(files)).toHaveLength(1);
    await clock.advance(1);
    await log.trim(0);
    expect(segmentPaths(files)).toHaveLength(2);
    await fill(log, { count: 1, from: 51 });
    await log.trim(51);
    expect((await readAll(log)).map(({ key }) => key)).toEqual([51]);
  });

  test('does not begin segment after segment while nothing is appended', async () => {
    const files = memoryFiles();
    const { log, clock } = await open({ files, segmentAgeMs: 1000 });
    await fill(log, { count: 1 });
    for (let hour = 0; hour < 5; hour++) {
      await clock.advance(5000);
      await log.trim(0);
    }
    expect(segmentPaths(files)).toHaveLength(2);
  });
});

describe('append()', () => {
  test('begins a segment after the age, and after the clock was set back by more than it', async () => {
    const files = memoryFiles();
    const { log, clock } = await open({ files, segmentAgeMs: 1000 });
    await fill(log, { count: 2 });
    await clock.advance(1000);
    await fill(log, { count: 2, from: 2 });
    expect(segmentPaths(files)).toHaveLength(2);
    clock.setWall(5);
    await fill(log, { count: 1, from: 4 });
    expect(segmentPaths(files)).toHaveLength(3);
  });

  test('a batch larger than a segment goes into one of its own', async () => {
    const files = memoryFiles();
    const { log } = await open({ files, segmentBytesMax: 300 });
    const entries = await fill(log, { count: 3, length: 1000 });
    expect(segmentPaths(files)).toHaveLength(3);
    expect(await readAll(log)).toEqual(entries);
  });
});

describe('dropOldest()', () => {
  test('removes one segment, never the active one', async () => {
    const files = memoryFiles();
    const { log } = await open({ files, segmentBytesMax: 300 });
    await fill(log, { count: 12 });
    const { length } = segmentPaths(files);
    expect(await log.dropOldest()).toBeGreaterThan(0);
    expect(segmentPaths(files)).toHaveLength(length - 1);
    for (let left = length; left > 0; left--) await log.dropOldest();
    expect(segmentPaths(files)).toHaveLength(1);
    expect(await log.dropOldest()).toBe(0);
    expect((await readAll(log)).at(-1)?.key).toBe(11);
  });
});

describe('dropOldest({ mayRoll })', () => {
  test('closes the active segment and removes it when there is no other; the marks stay', async () => {
    const files = memoryFiles();
    const { log } = await open({ files });
    await fill(log, { count: 3, from: 5 });
    const { bytes } = log;
    expect(await log.dropOldest({ mayRoll: true })).toBeGreaterThan(bytes - 64);
    expect([await readAll(log), log.lastKey, log.bytes]).toEqual([[], 7, 64]);
    expect(await log.dropOldest({ mayRoll: true })).toBe(0);
    await fill(log, { count: 1, from: 8 });
    expect((await readAll(log)).map(({ key }) => key)).toEqual([8]);
  });

  test('takes an older segment first', async () => {
    const { log } = await open({ segmentBytesMax: 300 });
    await fill(log, { count: 12 });
    await log.dropOldest({ mayRoll: true });
    expect((await readAll(log)).at(-1)?.key).toBe(11);
  });
});

describe('clear()', () => {
  test('removes what was appended before, not what comes after; the marks stay', async () => {
    const files = memoryFiles();
    const { log } = await open({ files, segmentBytesMax: 300 });
    await fill(log, { count: 20 });
    const before = log.append({ lane: 0, key: 20, timeMs: 20, bytes: filler(1) });
    const cleared = log.clear();
    const after = log.append({ lane: 0, key: 21, timeMs: 21, bytes: filler(1) });
    await Promise.all([before, cleared, after]);
    expect((await readAll(log)).map(({ key }) => key)).toEqual([21]);
    await log.clear();
    await log.close();
    const again = (await open({ files })).log;
    expect(await readAll(again)).toEqual([]);
    expect([again.lastKey, again.lastTimeMs]).toEqual([21, 21]);
  });
});

describe('bounds()', () => {
  test('tells a lane over all segments, also after opening', async () => {
    const files = memoryFiles();
    const { log } = await open({ files, segmentBytesMax: 300 });
    await fill(log, { lane: 1, count: 10 });
    await fill(log, { lane: 2, from: 10, count: 10 });
    const expected = { firstKey: 0, lastKey: 9, lastTimeMs: 9 };
    expect(log.bounds(1)).toEqual(expected);
    await log.close();
    const again = (await open({ files })).log;
    expect(again.bounds(1)).toEqual(expected);
    expect(again.bounds(2)).toEqual({ firstKey: 10, lastKey: 19, lastTimeMs: 19 });
    expect(again.bounds(3)).toBeUndefined();
  });
});
