// Opening what is not whole: a torn end is cut, kept and said; damage anywhere else closes the log.
import { describe, expect, test } from 'vitest';
import { FaultyFiles, failNext } from '../../support/faultyFiles.ts';
import { type MemoryFiles, memoryFiles } from '../../support/memoryFiles.ts';
import { seededRandom } from '../../support/seededRandom.ts';
import { FOLDER, fill, open, readAll, segmentPaths } from './support.ts';

/** A closed log of `count` batches of one entry each. */
async function written(
  count: number,
  segmentBytesMax = 2 ** 20,
  durability: 'written' | 'synced' = 'written',
) {
  const files = memoryFiles();
  const { log } = await open({ files, segmentBytesMax, durability });
  const entries = await fill(log, { count });
  await log.close();
  return { files, entries, paths: segmentPaths(files) };
}

async function cutBy(files: MemoryFiles, path: string, bytes: number): Promise<number> {
  const size = files.raw(path).length - bytes;
  const file = await files.open(path, 'append');
  await file.truncate(size);
  await file.close();
  return size;
}

async function extend(files: MemoryFiles, path: string, bytes: Uint8Array): Promise<void> {
  const file = await files.open(path, 'append');
  await file.write([bytes], files.raw(path).length);
  await file.close();
}

const batchBytes = 32 + 32 + 3 + 10;

test('openLog() lets no removal of an earlier process be undone by a power cut', async () => {
  const files = new FaultyFiles();
  const options = { files, segmentBytesMax: 64 + batchBytes };
  const first = await open(options);
  await fill(first.log, { count: 1 });
  // The next segment has its header, but is taken back; that removal is not synced.
  let isHeaderThere = false;
  files.faultFor = (operation) => {
    if (operation.kind !== 'syncFolder') return undefined;
    const code = isHeaderThere ? 'EIO' : 'ENOSPC';
    isHeaderThere = true;
    return { code };
  };
  await expect(fill(first.log, { from: 1, count: 1 })).rejects.toMatchObject({ code: 'POISONED' });
  files.faultFor = undefined;
  const second = await open({ files });
  const entries = await fill(second.log, { from: 1, count: 1 });
  await second.log.flush();
  for (let seed = 0; seed < 50; seed++) {
    const left = files.afterPowerCut(files.operations.length, seededRandom(seed));
    const { log } = await open({ files: left });
    expect((await readAll(log)).slice(1)).toEqual(entries);
  }
});

test('a batch that found no room does not come back behind the segment it was cut from', async () => {
  const files = new FaultyFiles();
  const { log, clock } = await open({ files, segmentAgeMs: 1000 });
  const entries = await fill(log, { count: 1 });
  await log.flush();
  failNext(files, 'write', { code: 'ENOSPC', writtenBytes: 1000 });
  await expect(fill(log, { from: 1, count: 1 })).rejects.toMatchObject({ code: 'FULL' });
  await clock.advance(1000);
  entries.push(...(await fill(log, { from: 2, count: 1 })));
  await log.flush();
  for (let seed = 0; seed < 50; seed++) {
    const left = files.afterPowerCut(files.operations.length, seededRandom(seed));
    expect(await readAll((await open({ files: left })).log)).toEqual(entries);
  }
});

describe('openLog() of a torn end', () => {
  test('cuts it, keeps it aside, says so, and goes on', async () => {
    const { files, entries, paths } = await written(3);
    await cutBy(files, paths[0]!, 5);
    const torn = files.raw(paths[0]!).slice(64 + 2 * batchBytes);
    const { log, notices } = await open({ files });
    expect(await readAll(log)).toEqual(entries.slice(0, 2));
    expect(notices).toEqual([
      `${paths[0]} ended in an unfinished write and was cut at byte ${64 + 2 * batchBytes}; ` +
        `the ${batchBytes - 5} bytes behind it are kept in ${paths[0]}.torn-1.`,
    ]);
    expect(await files.readAll(`${paths[0]}.torn-1`)).toEqual(torn);
    const [added] = await fill(log, { from: 2, count: 1 });
    await log.close();
    const again = await open({ files });
    expect(again.notices).toEqual([]);
    expect(await readAll(again.log)).toEqual([...entries.slice(0, 2), added]);
  });

  test.each([1, 44, 45, 46, 75, 76])('also when %i bytes of a batch are missing', async (n) => {
    const { files, entries, paths } = await written(3);
    await cutBy(files, paths[0]!, n);
    const { log, notices } = await open({ files });
    expect(await readAll(log)).toEqual(entries.slice(0, 2));
    expect(notices).toHaveLength(1);
  });

  test.each([1, 500, 3_000_000])('takes %i zeros behind a synced batch for none', async (count) => {
    const { files, entries, paths } = await written(3, 2 ** 20, 'synced');
    await extend(files, paths[0]!, new Uint8Array(count));
    const { log, notices } = await open({ files });
    expect(await readAll(log)).toEqual(entries);
    expect(notices).toEqual([]);
    expect([log.bytes, files.raw(paths[0]!).length]).toEqual(Array(2).fill(64 + 3 * batchBytes));
  });

  test('takes zeros where nobody writes them ahead for one, with nothing to keep', async () => {
    const { files, entries, paths } = await written(3);
    await extend(files, paths[0]!, new Uint8Array(500));
    const { log, notices } = await open({ files });
    expect(await readAll(log)).toEqual(entries);
    expect(notices).toEqual([
      `${paths[0]} ended in an unfinished write and was cut at byte ${64 + 3 * batchBytes}; ` +
        'nothing but zeros stood behind it.',
    ]);
    expect([log.bytes, files.paths]).toEqual([64 + 3 * batchBytes, paths]);
  });

  test('keeps of a batch in zeros what was written of it', async () => {
    const { files, entries, paths } = await written(3);
    await cutBy(files, paths[0]!, 5);
    const torn = files.raw(paths[0]!).slice(64 + 2 * batchBytes);
    await extend(files, paths[0]!, new Uint8Array(500));
    const { log } = await open({ files });
    expect(await readAll(log)).toEqual(entries.slice(0, 2));
    const kept = (await files.readAll(`${paths[0]}.torn-1`))!;
    expect(kept).toEqual(torn.subarray(0, kept.length));
    expect(torn.subarray(kept.length).every((byte) => byte === 0)).toBe(true);
    expect(kept.at(-1)).not.toBe(0);
  });

  test('is not fooled by an entry that holds the batches of another log', async () => {
    const other = await written(5);
    const { files, entries, paths } = await written(3);
    const { log } = await open({ files });
    const bytes = other.files.raw(other.paths[0]!).slice();
    await log.append({ lane: 0, key: 10, timeMs: 10, bytes });
    await log.close();
    await cutBy(files, paths[0]!, 1);
    expect(await readAll((await open({ files })).log)).toEqual(entries);
  });

  test('numbers what it keeps, and lets it go with its segment', async () => {
    const { files, paths } = await written(3);
    for (const _ of [1, 2]) {
      await cutBy(files, paths[0]!, 5);
      await (await open({ files })).log.close();
    }
    expect(files.paths).toContain(`${paths[0]}.torn-2`);
    const { log } = await open({ files });
    await log.clear();
    expect(files.paths.filter((path) => path.includes('torn'))).toEqual([]);
    expect(log.bytes).toBe(64);
  });

  test('opens without keeping it when the disk has no room', async () => {
    const start = await written(3);
    await cutBy(start.files, start.paths[0]!, 5);
    const files = new FaultyFiles();
    await extend(files, start.paths[0]!, start.files.raw(start.paths[0]!));
    failNext(files, 'write', { code: 'ENOSPC' });
    const { log, notices } = await open({ files });
    expect(await readAll(log)).toEqual(start.entries.slice(0, 2));
    expect(notices[0]).toMatch(/no room to keep the 72 bytes/);
  });
});

describe('openLog() of a torn header', () => {
  test.each([0, 1, 63])('begins the segment again when %i of its bytes are there', async (size) => {
    const { files, entries, paths } = await written(12, 280);
    const last = paths.at(-1)!;
    await cutBy(files, last, files.raw(last).length - size);
    const { log, notices } = await open({ files });
    expect(await readAll(log)).toEqual(entries.slice(0, 10));
    expect(notices).toHaveLength(size === 0 ? 0 : 1);
    await fill(log, { from: 50, count: 3 });
    await log.close();
    expect((await open({ files })).log.lastKey).toBe(52);
  });

  test('a bad header with batches behind it is damage', async () => {
    const { files, paths } = await written(3);
    files.raw(paths[0]!)[20]! ^= 1;
    await expect(open({ files })).rejects.toMatchObject({ code: 'CORRUPT', position: 0 });
  });

  test('a newer format is refused as such', async () => {
    const { files, paths } = await written(3);
    files.raw(paths[0]!)[8] = 2;
    await expect(open({ files })).rejects.toMatchObject({ code: 'FORMAT', path: paths[0] });
  });
});

describe('openLog() of damage', () => {
  test('before the end of the last segment names file and byte, and changes nothing', async () => {
    const { files, paths } = await written(3);
    files.raw(paths[0]!)[64 + batchBytes + 75]! ^= 1;
    const before = files.raw(paths[0]!).slice();
    await expect(open({ files })).rejects.toMatchObject({
      code: 'CORRUPT',
      path: paths[0],
      position: 64 + batchBytes,
      message: expect.stringMatching(/entries follow at byte 218/),
    });
    expect(files.raw(paths[0]!)).toEqual(before);
    expect(files.openCount).toBe(0);
  });

  test('at every byte of the last segment is damage or a torn end, never something else', async () => {
    const { files, entries, paths } = await written(3);
    const path = paths[0]!;
    for (let at = 64; at < files.raw(path).length; at++) {
      const copy = memoryFiles();
      await extend(copy, path, files.raw(path));
      copy.raw(path)[at]! ^= 0x55;
      const batch = Math.floor((at - 64) / batchBytes);
      if (batch < 2) await expect(open({ files: copy })).rejects.toMatchObject({ code: 'CORRUPT' });
      else expect(await readAll((await open({ files: copy })).log)).toEqual(entries.slice(0, 2));
    }
  });

  test('a sealed segment that is missing or cut short', async () => {
    const { files, paths } = await written(12, 280);
    await cutBy(files, paths[1]!, batchBytes);
    await expect(open({ files })).rejects.toMatchObject({ code: 'CORRUPT', path: paths[2] });
    await files.remove(paths[1]!);
    await expect(open({ files })).rejects.toMatchObject({ code: 'CORRUPT', path: paths[2] });
  });
});

describe('index files', () => {
  test('are rebuilt when missing or bad, and orphans are removed', async () => {
    const { files, entries } = await written(12, 280);
    const indexes = files.paths.filter((path) => path.endsWith('.idx'));
    const before = indexes.map((path) => files.raw(path).slice());
    await files.remove(indexes[0]!);
    files.raw(indexes[1]!)[130]! ^= 1;
    await cutBy(files, indexes[2]!, 1);
    await extend(files, `${FOLDER}/0000000000000099.idx`, before[0]!);
    await extend(files, `${FOLDER}/something.new`, before[0]!);
    const { log } = await open({ files });
    expect(await readAll(log)).toEqual(entries);
    await log.close();
    expect(files.paths.filter((path) => path.endsWith('.idx'))).toEqual(indexes);
    expect(indexes.map((path) => files.raw(path).slice())).toEqual(before);
    expect(files.paths.filter((path) => path.endsWith('.new'))).toEqual([]);
  });

  test('a bad byte among the runs is found when they are needed', async () => {
    const { files, entries } = await written(12, 280);
    const index = files.paths.find((path) => path.endsWith('.idx'))!;
    const bytes = files.raw(index);
    bytes[bytes.length - 20]! ^= 1;
    const { log } = await open({ files });
    expect(await readAll(log)).toEqual(entries);
  });
});

describe('read() of damage', () => {
  test('in a sealed segment names file and byte; other entries can be read', async () => {
    const { files, entries, paths } = await written(12, 280);
    files.raw(paths[0]!)[64 + batchBytes + 70]! ^= 1;
    const { log } = await open({ files });
    const all = { lane: 0, fromKey: 0, horizonMs: 0, countMax: 1000, bytesMax: 2 ** 30 };
    await expect(log.read(all)).rejects.toMatchObject({
      code: 'CORRUPT',
      path: paths[0],
      position: 64 + batchBytes + 32,
    });
    expect((await log.read({ ...all, countMax: 1 })).entries).toEqual(entries.slice(0, 1));
    expect((await log.read({ ...all, fromKey: 2 })).entries).toEqual(entries.slice(2));
  });
});
