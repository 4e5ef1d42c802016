// Zeros ahead of the batches of a synced log: how many, what becomes of them, and that nobody sees them.
import { describe, expect, test } from 'vitest';
import { roomEnd, zeroChunks } from '../../../src/engine/log/roomAhead.ts';
import { FaultyFiles } from '../../support/faultyFiles.ts';
import type { Operation, WriteOperation } from '../../support/memoryFiles.ts';
import { seededRandom } from '../../support/seededRandom.ts';
import { fill, open, readAll, segmentPaths } from './support.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
const durability = 'synced';

const isZeros = (operation: Operation): operation is WriteOperation =>
  operation.kind === 'write' && operation.bytes.every((byte) => byte === 0);

const zerosIn = (files: FaultyFiles): WriteOperation[] => files.operations.filter(isZeros);

const sizesOf = (files: FaultyFiles): number[] =>
  segmentPaths(files).map((path) => files.raw(path).length);

describe('roomEnd()', () => {
  test.each([
    ['a short file', 141, 77, 4096],
    ['a file of 5 KiB', 5 * KIB, KIB, 12 * KIB],
    ['a file of 10 MiB', 10 * MIB, KIB, 11 * MIB],
    ['a file that is nearly full', 32 * MIB - 5000, KIB, 32 * MIB],
    ['a file that is full', 32 * MIB, KIB, 32 * MIB],
    ['a file that one batch made too long', 33 * MIB, KIB, 33 * MIB],
    ['a batch of 64 KiB', 10 * MIB, 64 * KIB, 11 * MIB],
    ['a longer batch', 10 * MIB, 64 * KIB + 1, 10 * MIB],
  ])('of %s', (_, end, length, expected) => {
    expect(roomEnd(end, { length, bytesMax: 32 * MIB })).toBe(expected);
  });
});

test.each([0, 1, 64 * KIB, 200_000])('zeroChunks() are %i zeros', (length) => {
  const chunks = zeroChunks(length);
  expect(chunks.reduce((sum, chunk) => sum + chunk.length, 0)).toBe(length);
  expect(chunks.every((chunk) => chunk.length > 0 && chunk.every((byte) => byte === 0))).toBe(true);
});

describe('a synced log', () => {
  test('writes ahead now and then, and most batches go where zeros were', async () => {
    const files = new FaultyFiles();
    const { log } = await open({ files, durability });
    const entries = await fill(log, { count: 200, length: 500 });
    expect(zerosIn(files).length).toBeGreaterThan(3);
    expect(zerosIn(files).length).toBeLessThan(8);
    expect(await readAll(log)).toEqual(entries);
    expect([log.bytes]).toEqual(sizesOf(files));
  });

  test('syncs zeros with the batch that they follow', async () => {
    const files = new FaultyFiles();
    const { log } = await open({ files, durability });
    await fill(log, { count: 50, length: 500 });
    files.operations.forEach((operation, at) => {
      if (isZeros(operation)) expect(files.operations[at + 1]!.kind).toBe('sync');
    });
  });

  test('ends its files with the last batch when they are sealed and when it is closed', async () => {
    const files = new FaultyFiles();
    const { log } = await open({ files, durability, segmentBytesMax: 5000 });
    const entries = await fill(log, { count: 12, length: 1000 });
    const before = log.bytes;
    await log.close();
    for (const path of segmentPaths(files)) expect(files.raw(path).at(-1)).not.toBe(0);
    expect(segmentPaths(files).length).toBe(3);
    expect(log.bytes).toBeLessThan(before);
    const count = files.operations.length;
    const again = await open({ files });
    expect([await readAll(again.log), again.notices]).toEqual([entries, []]);
    expect(again.log.bytes).toBe(log.bytes);
    expect(files.operations.slice(count).map(({ kind }) => kind)).toEqual(['syncFolder']);
  });

  test('leaves zeros when it is killed, which are no torn end', async () => {
    const files = new FaultyFiles();
    const { log } = await open({ files, durability });
    const entries = await fill(log, { count: 3 });
    const killed = files.afterKill(files.operations.length);
    const [path] = segmentPaths(killed);
    expect(killed.raw(path!).length).toBe(4096);
    for (const next of ['written', 'synced'] as const) {
      const again = await open({ files: killed, durability: next });
      expect([await readAll(again.log), again.notices]).toEqual([entries, []]);
      expect(killed.raw(path!).length).toBe(again.log.bytes);
    }
  });

  test('whose zeros a disk has no room for takes what it has room for', async () => {
    const files = new FaultyFiles();
    const { log } = await open({ files, durability, segmentBytesMax: 5000 });
    let refused = 0;
    files.faultFor = (operation) => {
      if (!isZeros(operation)) return undefined;
      refused += 1;
      return { code: 'ENOSPC', writtenBytes: 100 };
    };
    const entries = await fill(log, { count: 3, length: 1000 });
    expect([refused, sizesOf(files)]).toEqual([1, [log.bytes]]);
    files.faultFor = undefined;
    entries.push(...(await fill(log, { count: 1, from: 3, length: 1000 })));
    expect(zerosIn(files).at(-1)!.bytes).toHaveLength(100);
    entries.push(...(await fill(log, { count: 2, from: 4, length: 1000 })));
    expect([segmentPaths(files).length, zerosIn(files).length]).toEqual([2, 2]);
    expect(await readAll(log)).toEqual(entries);
  });

  test('whose zeros fail otherwise, or cannot be taken back, is closed', async () => {
    for (const failing of ['EIO', 'ENOSPC']) {
      const files = new FaultyFiles();
      const { log } = await open({ files, durability });
      files.faultFor = (operation) => {
        if (isZeros(operation)) return { code: failing };
        const isCut = operation.kind === 'truncate' && operation.size > 0;
        return isCut ? { code: 'EIO' } : undefined;
      };
      await expect(fill(log, { count: 1 })).rejects.toMatchObject({ code: 'POISONED' });
    }
  });

  test('a failed write takes the zeros back with what it left', async () => {
    const files = new FaultyFiles();
    const { log } = await open({ files, durability });
    await fill(log, { count: 1 });
    files.faultFor = ({ kind }) => {
      if (kind !== 'write') return undefined;
      files.faultFor = undefined;
      return { code: 'ENOSPC', writtenBytes: 50 };
    };
    await expect(fill(log, { count: 1, from: 1 })).rejects.toMatchObject({ code: 'FULL' });
    expect(sizesOf(files)).toEqual([log.bytes]);
    expect(log.bytes).toBe(64 + 77);
    await fill(log, { count: 1, from: 2 });
    expect(sizesOf(files)).toEqual([log.bytes]);
    expect(log.bytes).toBeGreaterThan(64 + 2 * 77);
  });

  test('a power cut while a batch goes into zeros leaves all before it', async () => {
    const files = new FaultyFiles();
    const { log } = await open({ files, durability });
    const entries = await fill(log, { count: 9, length: 700 });
    void log.append({ lane: 0, key: 9, timeMs: 9, bytes: new Uint8Array(3000).fill(7) });
    await log.close();
    const last = files.operations.findLastIndex(({ kind }) => kind === 'write');
    for (let seed = 0; seed < 60; seed++) {
      const loses = (['end', 'pages'] as const)[seed % 2];
      const left = files.afterPowerCut(last + 1, seededRandom(seed), loses);
      const again = await open({ files: left, durability });
      expect((await readAll(again.log)).slice(0, 9), `seed ${seed}`).toEqual(entries);
    }
  });
});

test('a written log writes no zeros', async () => {
  const files = new FaultyFiles();
  const { log } = await open({ files });
  await fill(log, { count: 20, length: 500 });
  await log.flush();
  expect(zerosIn(files)).toEqual([]);
});
