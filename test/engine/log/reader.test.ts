// What reading passes over: segments without the wanted, runs that are in memory, lanes that begin late.
import { expect, test } from 'vitest';
import { memoryFiles } from '../../support/memoryFiles.ts';
import { countReads } from './countedFiles.ts';
import { FOLDER, fill, filler, open, readAll, segmentPaths } from './support.ts';

const batchBytes = 32 + 32 + 3 + 10;
/** Two batches in each segment. */
const segmentBytesMax = 64 + 2 * batchBytes;
const all = { lane: 0, fromKey: 0, horizonMs: 0, countMax: 1000, bytesMax: 2 ** 30 };

test('read() between a lane`s keys opens no segment but that of the next one', async () => {
  const files = memoryFiles();
  const first = await open({ files, segmentBytesMax });
  await fill(first.log, { count: 2 });
  await fill(first.log, { lane: 1, from: 2, count: 2 });
  await fill(first.log, { from: 10, count: 2 });
  await first.log.close();
  const { log } = await open({ files, segmentBytesMax });
  const opened: string[] = [];
  const { open: openFile } = files;
  files.open = (path, mode) => {
    opened.push(path);
    return openFile.call(files, path, mode);
  };
  const { entries } = await log.read({ ...all, fromKey: 5 });
  expect(entries.map(({ key }) => key)).toEqual([10, 11]);
  expect(opened).toEqual([`${FOLDER}/0000000000000004.log`]);
});

test('read() of old and new entries brings from the file only what is not in memory', async () => {
  const files = memoryFiles();
  // A batch counts 256 bytes and what its buffer has, 256 at least.
  const { log } = await open({ files, cacheBytesMax: 3 * 512 });
  const entries = await fill(log, { count: 10 });
  const count = countReads(files);
  expect(await readAll(log)).toEqual(entries);
  expect(count.bytes).toBeGreaterThan(0);
  expect(count.bytes).toBeLessThanOrEqual(7 * batchBytes);
});

test('keyAtTime() finds a lane that begins in a later segment, from any time before', async () => {
  const { log } = await open({ segmentBytesMax });
  await fill(log, { count: 4 });
  await fill(log, { lane: 1, from: 4, count: 2 });
  for (const timeMs of [0, 1, 4]) {
    expect([await log.keyAtTime(1, timeMs), await log.firstTimeMs(1, timeMs)]).toEqual([4, 4]);
  }
  expect(await log.keyAtTime(1, 6)).toBeUndefined();
});

test('read() of a damaged run says what is wrong with it', async () => {
  const files = memoryFiles();
  const { log } = await open({ files, segmentBytesMax, cacheBytesMax: 0 });
  await log.append({ lane: 0, key: 0, timeMs: 0, bytes: filler(10) });
  const path = segmentPaths(files)[0]!;
  files.raw(path)[64 + batchBytes - 1]! ^= 1;
  await expect(log.read(all)).rejects.toMatchObject({
    code: 'CORRUPT',
    message: `${path} is damaged at byte 96: the checksum of a run is wrong.`,
  });
});
