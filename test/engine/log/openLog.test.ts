// What a log promises when all goes well: order, limits, reopening, segments that come and go.
import { describe, expect, test } from 'vitest';
import { AssertionError } from '../../../src/base/assert.ts';
import { FaultyFiles, failNext } from '../../support/faultyFiles.ts';
import { memoryFiles } from '../../support/memoryFiles.ts';
import { fill, filler, open, readAll, segmentPaths, summary } from './support.ts';

const all = { lane: 0, fromKey: 0, horizonMs: 0, countMax: 1000, bytesMax: 2 ** 30 };

describe('append()', () => {
  test('entries can be read once it has resolved, and not before', async () => {
    const { log } = await open();
    const done = log.append({ lane: 0, key: 5, timeMs: 7, bytes: Uint8Array.of(1) });
    expect(await log.read(all)).toMatchObject({ entries: [], nextKey: 0 });
    expect(log.bounds(0)).toBeUndefined();
    await done;
    const entries = [{ key: 5, timeMs: 7, bytes: Uint8Array.of(1) }];
    expect(await log.read(all)).toMatchObject({ entries, nextKey: 6 });
  });

  test('everything that waits goes out in one write', async () => {
    const files = memoryFiles();
    const { log } = await open({ files });
    await log.append({ lane: 0, key: 0, timeMs: 0, bytes: filler(10) });
    const before = log.bytes;
    const waiting = Array.from({ length: 100 }, (_, index) =>
      log.append({ lane: index % 2, key: 1 + index, timeMs: 0, bytes: filler(10) }),
    );
    expect(log.pendingBytes).toBe(1000);
    await Promise.all(waiting);
    expect(log.pendingBytes).toBe(0);
    // One batch header, two run headers, and three bytes before each entry.
    expect(log.bytes - before).toBe(32 + 2 * 32 + 100 * (3 + 10));
  });

  test('a key that does not rise in its lane is our mistake, in another lane it is none', async () => {
    const { log } = await open();
    await log.append({ lane: 0, key: 5, timeMs: 7, bytes: filler(1) });
    const again = { key: 5, timeMs: 7, bytes: filler(1) };
    expect(() => log.append({ lane: 0, ...again })).toThrow(AssertionError);
    await log.append({ lane: 1, ...again });
  });

  test('a time that falls is our mistake', async () => {
    const { log } = await open();
    await log.append({ lane: 0, key: 5, timeMs: 7, bytes: filler(1) });
    const earlier = { lane: 1, key: 6, timeMs: 6, bytes: filler(1) };
    expect(() => log.append(earlier)).toThrow(AssertionError);
  });

  test('keys up to 2^53 - 1, far apart, and empty or large entries come back as they were', async () => {
    const files = memoryFiles();
    const first = await open({ files, cacheBytesMax: 0 });
    const keys = [0, 1, 2 ** 31, 2 ** 32 + 1, 2 ** 52, Number.MAX_SAFE_INTEGER];
    const lengths = [0, 1, 8192, 8193, 300_000, 3_000_000];
    const entries = keys.map((key, index) => {
      return { key, timeMs: key, bytes: filler(lengths[index]!, index) };
    });
    await Promise.all(entries.map((entry) => first.log.append({ lane: 2 ** 32 - 1, ...entry })));
    expect(summary(await readAll(first.log, 2 ** 32 - 1))).toEqual(summary(entries));
    await first.log.close();
    const second = await open({ files });
    expect(summary(await readAll(second.log, 2 ** 32 - 1))).toEqual(summary(entries));
  });
});

describe('openLog()', () => {
  test('entries, marks and an epoch that rises survive closing and opening', async () => {
    const files = memoryFiles();
    const first = await open({ files });
    const entries = await fill(first.log, { count: 5 });
    await first.log.close();
    const second = await open({ files });
    expect(await readAll(second.log)).toEqual(entries);
    expect([second.log.lastKey, second.log.lastTimeMs]).toEqual([4, 4]);
    expect(second.epoch).toBe(first.epoch + 1);
    expect(second.notices).toEqual([]);
    expect(segmentPaths(files)).toHaveLength(1);
  });

  test('an empty folder gives an empty log and writes nothing', async () => {
    const files = memoryFiles();
    const { log } = await open({ files });
    expect([log.lastKey, log.lastTimeMs, log.bytes]).toEqual([-1, 0, 0]);
    await log.flush();
    await log.clear();
    expect(await log.trim(1000)).toBe(0);
    await log.close();
    expect(files.paths).toEqual([]);
  });

  test('sealed segments are opened by their index files, without reading them', async () => {
    const files = memoryFiles();
    const first = await open({ files, segmentBytesMax: 300 });
    const entries = await fill(first.log, { count: 20 });
    await first.log.close();
    const opened: string[] = [];
    const { open: openFile } = files;
    files.open = (path, mode) => {
      opened.push(path);
      return openFile.call(files, path, mode);
    };
    const second = await open({ files });
    const logs = new Set(opened.filter((path) => path.endsWith('.log')));
    expect([...logs]).toEqual(segmentPaths(files).slice(-1));
    expect(await readAll(second.log)).toEqual(entries);
  });
});

test.each([
  ['EIO', 'POISONED'],
  ['ENOSPC', 'FULL'],
])(
  'openLog() tells %s while it repairs as %s, and another try succeeds',
  async (code, expected) => {
    const files = new FaultyFiles();
    const first = await open({ files });
    const entries = await fill(first.log, { count: 3 });
    await first.log.close();
    failNext(files, 'sync', { code });
    await expect(open({ files, durability: 'synced' })).rejects.toMatchObject({ code: expected });
    const { log } = await open({ files, durability: 'synced' });
    expect(await readAll(log)).toEqual(entries);
  },
);

test('openLog() tells a sealed segment that vanishes meanwhile as damage, by its name', async () => {
  const files = memoryFiles();
  const first = await open({ files, segmentBytesMax: 300 });
  await fill(first.log, { count: 8 });
  await first.log.close();
  const [path] = segmentPaths(files);
  const { stat } = files;
  files.stat = async (asked) => (asked === path ? undefined : stat.call(files, asked));
  await expect(open({ files })).rejects.toMatchObject({ code: 'CORRUPT', path, position: 0 });
});

describe('close()', () => {
  test('waits for what is queued, then refuses everything', async () => {
    const files = memoryFiles();
    const { log } = await open({ files });
    const done = log.append({ lane: 0, key: 1, timeMs: 1, bytes: filler(1) });
    const closed = log.close();
    await expect(
      log.append({ lane: 0, key: 2, timeMs: 2, bytes: filler(1) }),
    ).rejects.toMatchObject({ code: 'CLOSED' });
    await Promise.all([done, closed, log.close()]);
    await expect(log.read(all)).rejects.toMatchObject({ code: 'CLOSED' });
    await expect(log.trim(0)).rejects.toMatchObject({ code: 'CLOSED' });
    expect(files.openCount).toBe(0);
  });
});
