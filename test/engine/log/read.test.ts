// Reading: where a page begins and ends, with and without the memory of the newest entries.
import { describe, expect, test } from 'vitest';
import type { Log } from '../../../src/engine/log/log.ts';
import { ReadHandles } from '../../../src/engine/log/readHandles.ts';
import { memoryFiles } from '../../support/memoryFiles.ts';
import { fill, filler, open, readAll } from './support.ts';

const all = { lane: 0, fromKey: 0, horizonMs: 0, countMax: 1000, bytesMax: 2 ** 30 };
const keysOf = ({ entries }: { entries: { key: number }[] }) => entries.map(({ key }) => key);

/** Keys 0, 10, … 190 of lane 0, times as keys, each its own batch; lane 1 lies between. */
async function filled(cacheBytesMax: number): Promise<Log> {
  const { log } = await open({ cacheBytesMax, segmentBytesMax: 700 });
  for (let key = 0; key < 200; key += 10) {
    await log.append({ lane: 0, key, timeMs: key, bytes: filler(10, key) });
    await log.append({ lane: 1, key, timeMs: key, bytes: filler(20, key) });
  }
  return log;
}

describe.each([
  ['from memory', 2 ** 20],
  ['from files', 0],
  ['from both', 1000],
])('read() %s', (_, cacheBytesMax) => {
  test('begins at the key, or at the next one there is', async () => {
    const log = await filled(cacheBytesMax);
    expect(keysOf(await log.read({ ...all, fromKey: 180 }))).toEqual([180, 190]);
    expect(keysOf(await log.read({ ...all, fromKey: 171 }))).toEqual([180, 190]);
    expect(keysOf(await log.read({ ...all, fromKey: 55, countMax: 2 }))).toEqual([60, 70]);
  });

  test('ends at the count, at the bytes, or at the last entry', async () => {
    const log = await filled(cacheBytesMax);
    expect(await log.read({ ...all, countMax: 3 })).toMatchObject({ nextKey: 21 });
    expect(keysOf(await log.read({ ...all, bytesMax: 35 }))).toEqual([0, 10, 20]);
    expect(keysOf(await log.read({ ...all, bytesMax: 1 }))).toEqual([0]);
    expect(await log.read(all)).toMatchObject({ nextKey: 191, entries: { length: 20 } });
  });

  test('leaves out what is older than the horizon', async () => {
    const log = await filled(cacheBytesMax);
    expect(keysOf(await log.read({ ...all, horizonMs: 175 }))).toEqual([180, 190]);
    const empty = await log.read({ ...all, horizonMs: 1000 });
    expect(empty).toMatchObject({ entries: [], count: 0, nextKey: 191 });
  });

  test('behind the end gives an empty page that goes on from the same key', async () => {
    const log = await filled(cacheBytesMax);
    const empty = { entries: [], count: 0, lastTimeMs: undefined };
    expect(await log.read({ ...all, fromKey: 500 })).toMatchObject({ ...empty, nextKey: 500 });
    const other = await log.read({ ...all, lane: 7, fromKey: 3 });
    expect(other).toMatchObject({ ...empty, nextKey: 3 });
  });

  test('lanes do not mix', async () => {
    const log = await filled(cacheBytesMax);
    const lengths = new Set((await readAll(log, 1)).map(({ bytes }) => bytes.length));
    expect([...lengths]).toEqual([20]);
  });

  test('keyAtTime() and firstTimeMs() find the first entry at or after a time', async () => {
    const log = await filled(cacheBytesMax);
    const times = [0, 1, 60, 61, 190];
    const keys = await Promise.all(times.map((timeMs) => log.keyAtTime(0, timeMs)));
    expect(keys).toEqual([0, 10, 60, 70, 190]);
    expect(await log.keyAtTime(0, 191)).toBeUndefined();
    expect(await log.keyAtTime(9, 0)).toBeUndefined();
    expect([await log.firstTimeMs(0, 61), await log.firstTimeMs(0, 191)]).toEqual([70, undefined]);
  });
});

describe('read()', () => {
  test('takes entries out of the middle of a run', async () => {
    const { log } = await open({ cacheBytesMax: 0 });
    const keys = Array.from({ length: 50 }, (_, index) => index * 2);
    await Promise.all(
      keys.map((key) => log.append({ lane: 0, key, timeMs: key, bytes: filler(9, key) })),
    );
    expect(keysOf(await log.read({ ...all, fromKey: 33, countMax: 3 }))).toEqual([34, 36, 38]);
    expect(keysOf(await log.read({ ...all, horizonMs: 95 }))).toEqual([96, 98]);
    expect(await log.keyAtTime(0, 51)).toBe(52);
  });

  test('of many segments at once never holds more files open than the pool allows', async () => {
    const files = memoryFiles();
    const readHandles = new ReadHandles(files, 2);
    const { log } = await open({ files, readHandles, segmentBytesMax: 200, cacheBytesMax: 0 });
    const entries = await fill(log, { count: 40 });
    const pages = await Promise.all(
      entries.map(({ key }) => log.read({ ...all, fromKey: key, countMax: 1 })),
    );
    expect(pages.flatMap(({ entries: found }) => found)).toEqual(entries);
    expect(readHandles.openCount).toBeLessThanOrEqual(2);
    await log.close();
    expect(files.openCount).toBe(0);
  });

  test('while segments are removed gives entries or skips them, and fails never', async () => {
    const files = memoryFiles();
    const { log } = await open({ files, segmentBytesMax: 200, cacheBytesMax: 0 });
    await fill(log, { count: 60 });
    const reading = Array.from({ length: 20 }, () => log.read(all));
    const freed = log.trim(50);
    for (const page of await Promise.all(reading)) {
      expect(keysOf(page).at(-1)).toBe(59);
    }
    expect(await freed).toBeGreaterThan(0);
    expect(log.bounds(0)?.firstKey).toBeGreaterThan(40);
  });
});
