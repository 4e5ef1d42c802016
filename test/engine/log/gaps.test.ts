// What a power cut leaves of batches that did not wait for the disk, and damage that must not be taken for it.
import { describe, expect, test } from 'vitest';
import { decodeSegmentHeader, type SegmentHeader } from '../../../src/engine/log/format.ts';
import { nodeCrc32 } from '../../../src/engine/log/nodeFiles.ts';
import { FaultyFiles, failNext } from '../../support/faultyFiles.ts';
import { type MemoryFiles, memoryFiles } from '../../support/memoryFiles.ts';
import { fill, open, readAll, segmentPaths } from './support.ts';

const SECTOR = 512;
/** An entry of two sectors: its batch has a sector of its own at any place. */
const length = 2 * SECTOR;
const batchBytes = 32 + 32 + 4 + length;
const markBytes = 32;
const startOf = (batch: number): number => 64 + batch * batchBytes;

interface Shape {
  readonly durability: 'written' | 'synced';
  /** The log is flushed behind so many of its batches. */
  readonly flushAt?: number;
}

/** A closed log of `count` batches. */
async function logOf(count: number, { durability, flushAt = count }: Shape) {
  const files = memoryFiles();
  const { log } = await open({ files, durability });
  const entries = await fill(log, { count: flushAt, length });
  if (flushAt < count) await log.flush();
  entries.push(...(await fill(log, { from: flushAt, count: count - flushAt, length })));
  await log.close();
  return { files, entries, path: segmentPaths(files)[0]! };
}

/** Zeros in the first whole sector behind `position`. */
function loseSectorBehind(files: MemoryFiles, path: string, position: number): void {
  const at = Math.ceil(position / SECTOR) * SECTOR;
  files.raw(path).fill(0, at, at + SECTOR);
}

const headerOf = (files: MemoryFiles, path: string): SegmentHeader =>
  decodeSegmentHeader(files.raw(path), nodeCrc32) as SegmentHeader;

describe('a gap in batches that did not wait for the disk', () => {
  test('ends the log before it; the rest is kept and told of', async () => {
    const { files, entries, path } = await logOf(5, { durability: 'written' });
    loseSectorBehind(files, path, startOf(2));
    const rest = files.raw(path).slice(startOf(2));
    const { log, notices } = await open({ files });
    expect(await readAll(log)).toEqual(entries.slice(0, 2));
    expect(notices).toEqual([
      `${path} lost writes that had not reached the disk when the power went, as durability ` +
        `"written" allows, and was cut at byte ${startOf(2)}; the ${rest.length} bytes behind it ` +
        `are kept in ${path}.torn-1.`,
    ]);
    expect(await files.readAll(`${path}.torn-1`)).toEqual(rest);
    await fill(log, { from: 2, count: 1 });
    await log.close();
    expect((await open({ files })).notices).toEqual([]);
  });

  test('may be a header, whose sector begins in the batch before', async () => {
    const { files, entries, path } = await logOf(5, { durability: 'written' });
    const sectorEnd = Math.ceil(startOf(2) / SECTOR) * SECTOR;
    files.raw(path).fill(0, startOf(2), sectorEnd);
    expect(await readAll((await open({ files })).log)).toEqual(entries.slice(0, 2));
  });

  // Sectors are looked at in windows of 1 MiB that begin with the log's end.
  test.each([2 ** 20 - SECTOR, 2 ** 20, 2_900_000])('may be %i bytes behind', async (behind) => {
    const files = memoryFiles();
    const { log } = await open({ files });
    const entries = await fill(log, { count: 1, length });
    await fill(log, { from: 1, count: 2, length: 3_000_000 });
    await log.close();
    const [path] = segmentPaths(files);
    loseSectorBehind(files, path!, behind);
    expect(await readAll((await open({ files })).log)).toEqual(entries);
  });

  test.each([1, 0x55])('is none where bytes changed by %i and none are zeros', async (by) => {
    const { files, path } = await logOf(5, { durability: 'written' });
    files.raw(path)[startOf(2) + 600]! ^= by;
    await expect(open({ files })).rejects.toMatchObject({ code: 'CORRUPT', position: startOf(2) });
  });

  test('is damage in batches that waited for the disk', async () => {
    const { files, path } = await logOf(5, { durability: 'synced' });
    loseSectorBehind(files, path, startOf(2));
    await expect(open({ files })).rejects.toMatchObject({ code: 'CORRUPT', position: startOf(2) });
  });

  test('is damage before a mark, and none behind it', async () => {
    const { files, entries, path } = await logOf(5, { durability: 'written', flushAt: 3 });
    expect(files.raw(path).length).toBe(startOf(5) + markBytes);
    const before = files.raw(path).slice();
    loseSectorBehind(files, path, startOf(2));
    await expect(open({ files })).rejects.toMatchObject({
      code: 'CORRUPT',
      position: startOf(2),
      message: expect.stringContaining(`follow at byte ${startOf(3)}`),
    });
    await files.replace(path, before);
    loseSectorBehind(files, path, startOf(3) + markBytes);
    expect(await readAll((await open({ files })).log)).toEqual(entries.slice(0, 3));
  });

  test('is damage before a mark also where batches stand between them', async () => {
    const { files, path } = await logOf(6, { durability: 'written', flushAt: 5 });
    loseSectorBehind(files, path, startOf(1));
    await expect(open({ files })).rejects.toMatchObject({ code: 'CORRUPT', position: startOf(1) });
  });
});

describe('a mark', () => {
  test('comes with the first batch behind a flush, and is a batch without entries', async () => {
    const { files, entries, path } = await logOf(4, { durability: 'written', flushAt: 1 });
    expect(files.raw(path).length).toBe(startOf(4) + markBytes);
    const { log, notices } = await open({ files });
    expect([await readAll(log), notices]).toEqual([entries, []]);
    await log.clear();
    expect(segmentPaths(files)).toEqual([expect.stringMatching(/0{15}5\.log$/)]);
  });

  test('of a batch that failed comes again when the next is due one', async () => {
    const files = new FaultyFiles();
    const { log } = await open({ files });
    const entries = await fill(log, { count: 1, length });
    await log.flush();
    failNext(files, 'write', { code: 'ENOSPC', writtenBytes: 40 });
    await expect(fill(log, { from: 1, count: 1 })).rejects.toMatchObject({ code: 'FULL' });
    await log.flush();
    entries.push(...(await fill(log, { from: 2, count: 2, length })));
    expect(await readAll(log)).toEqual(entries);
    await log.close();
    const again = await open({ files });
    expect([await readAll(again.log), again.notices]).toEqual([entries, []]);
    expect(again.log.bytes).toBe(startOf(3) + markBytes);
  });

  test('does not make a segment longer than it may be', async () => {
    const files = memoryFiles();
    const { log } = await open({ files, segmentBytesMax: startOf(2) });
    await fill(log, { count: 1, length });
    await log.flush();
    await fill(log, { from: 1, count: 1, length });
    expect(segmentPaths(files)).toHaveLength(2);
  });

  test('is not written where every batch waits for the disk', async () => {
    const { files, path } = await logOf(4, { durability: 'synced', flushAt: 2 });
    expect(files.raw(path).length).toBe(startOf(4));
  });
});

describe('who brings batches to the disk in another way', () => {
  const ways = [
    ['written', 'synced'],
    ['synced', 'written'],
  ] as const;

  test.each(ways)('begins a new segment: %s, then %s', async (before, after) => {
    const { files, entries } = await logOf(2, { durability: before });
    const { log } = await open({ files, durability: after });
    expect(segmentPaths(files)).toHaveLength(1);
    entries.push(...(await fill(log, { from: 2, count: 1 })));
    const mayHaveGaps = segmentPaths(files).map((path) => headerOf(files, path).mayHaveGaps);
    expect(mayHaveGaps).toEqual([before === 'written', after === 'written']);
    expect(await readAll(log)).toEqual(entries);
  });

  test.each(ways)('begins an empty one again: %s, then %s', async (before, after) => {
    const files = memoryFiles();
    const first = await open({ files, durability: before });
    await fill(first.log, { count: 2, from: 40 });
    await first.log.clear();
    await first.log.close();
    const [path] = segmentPaths(files);
    const header = headerOf(files, path!);
    const { log } = await open({ files, durability: after });
    const entries = await fill(log, { count: 2, from: 42 });
    await log.close();
    expect(segmentPaths(files)).toEqual([path]);
    expect(headerOf(files, path!)).toEqual({ ...header, mayHaveGaps: after === 'written' });
    const again = await open({ files });
    expect([await readAll(again.log), again.notices]).toEqual([entries, []]);
    await again.log.close();
    expect(files.openCount).toBe(0);
  });

  test('and cannot replace the header is told so, and tries again', async () => {
    const files = new FaultyFiles();
    const first = await open({ files, durability: 'written' });
    await fill(first.log, { count: 1 });
    await first.log.clear();
    await first.log.close();
    const { log } = await open({ files, durability: 'synced' });
    failNext(files, 'write', { code: 'ENOSPC' });
    await expect(fill(log, { from: 1, count: 1 })).rejects.toMatchObject({ code: 'FULL' });
    const entries = await fill(log, { from: 2, count: 1 });
    expect(await readAll(log)).toEqual(entries);
  });
});
