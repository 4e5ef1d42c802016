// What a log does to its files, in which order and how often, and what it says when that fails.
import { describe, expect, test } from 'vitest';
import { nullLogger } from '../../../src/base/logger.ts';
import type { Random } from '../../../src/base/random.ts';
import { decodeSegmentHeader, type SegmentHeader } from '../../../src/engine/log/format.ts';
import { nodeCrc32 } from '../../../src/engine/log/nodeFiles.ts';
import { openLog } from '../../../src/engine/log/openLog.ts';
import { FaultyFiles, failNext } from '../../support/faultyFiles.ts';
import { seededRandom } from '../../support/seededRandom.ts';
import { TEST_EPOCH_MS, TestClock } from '../../support/testClock.ts';
import { FOLDER, fill, filler, open, readAll, segmentPaths } from './support.ts';

const batchBytes = 32 + 32 + 3 + 10;
/** Two batches in each segment. */
const segmentBytesMax = 64 + 2 * batchBytes;
const all = { lane: 0, fromKey: 0, horizonMs: 0, countMax: 1000, bytesMax: 2 ** 30 };

/** What happened to which file since `from`; `first`, `second`, … are segments. */
function changes(files: FaultyFiles, from = 0): string[] {
  const nameOf = (path: string): string => {
    const ordinal = Number(/(\d{16})\./.exec(path)?.[1] ?? Number.NaN);
    return Number.isNaN(ordinal) ? 'folder' : `${ordinal}${path.slice(path.indexOf('.'))}`;
  };
  return files.operations.slice(from).map((operation) => {
    if ('path' in operation) return `${operation.kind} ${nameOf(operation.path)}`;
    return operation.kind;
  });
}

const headerOf = (files: FaultyFiles, path: string): SegmentHeader =>
  decodeSegmentHeader(files.raw(path), nodeCrc32) as SegmentHeader;

const begun = (ordinal: number) => [
  ...[`create ${ordinal}.log`, 'truncate', 'write', 'sync', 'syncFolder folder'],
];
const indexed = (ordinal: number) => [
  ...[`create ${ordinal}.idx.new`, 'truncate', 'write', 'sync'],
  ...[`rename ${ordinal}.idx.new`, 'syncFolder folder'],
];

describe('the files of a log', () => {
  // A sealed segment is on the disk before the next begins; a synced one is filled up with zeros first.
  test.each([
    ['written', ['write', 'write', 'sync'], ['write']],
    ['synced', ['write', 'write', 'sync', 'write', 'sync'], ['write', 'write', 'sync']],
  ] as const)(
    'are begun, filled, sealed and indexed in this order, %s',
    async (durability, filled, next) => {
      const files = new FaultyFiles();
      const { log } = await open({ files, durability, segmentBytesMax });
      await fill(log, { count: 3 });
      const first = ['makeFolder folder', ...begun(0), ...filled];
      expect(changes(files)).toEqual([...first, ...begun(2), ...indexed(0), ...next]);
    },
  );

  test('of a synced log are cut behind the last batch before the next is begun', async () => {
    const files = new FaultyFiles();
    const { log } = await open({ files, durability: 'synced', segmentBytesMax: 300 });
    await fill(log, { count: 3 });
    const before = files.operations.length;
    await fill(log, { count: 1, from: 3 });
    expect(changes(files, before).slice(0, 7)).toEqual(['truncate', 'sync', ...begun(3)]);
  });

  test('flush() brings to the disk what is new, once', async () => {
    const files = new FaultyFiles();
    const { log } = await open({ files });
    await fill(log, { count: 1 });
    const before = files.operations.length;
    await log.flush();
    await log.flush();
    expect(changes(files, before)).toEqual(['sync']);
    await fill(log, { from: 1, count: 1 });
    await log.flush();
    expect(changes(files, before)).toEqual(['sync', 'write', 'sync']);
  });

  test('flush() of a synced log takes back what was written ahead, once', async () => {
    const files = new FaultyFiles();
    const { log } = await open({ files, durability: 'synced' });
    await fill(log, { count: 2 });
    const before = files.operations.length;
    await log.flush();
    await log.flush();
    expect(changes(files, before)).toEqual(['truncate', 'sync']);
  });

  test('are removed with their index one by one, the folder synced after each', async () => {
    const files = new FaultyFiles();
    const { log } = await open({ files, segmentBytesMax });
    await fill(log, { count: 6 });
    const before = files.operations.length;
    await log.trim(4);
    expect(changes(files, before)).toEqual([
      ...['remove 0.log', 'remove 0.idx', 'syncFolder folder'],
      ...['remove 2.log', 'remove 2.idx', 'syncFolder folder'],
    ]);
  });

  test('trim() leaves what has an entry at the horizon', async () => {
    const files = new FaultyFiles();
    const { log } = await open({ files, segmentBytesMax });
    await fill(log, { count: 4 });
    expect(await log.trim(1)).toBe(0);
    await log.trim(3);
    expect(segmentPaths(files)).toHaveLength(1);
    expect((await readAll(log)).map(({ key }) => key)).toEqual([2, 3]);
    await log.trim(4);
    expect(await readAll(log)).toEqual([]);
  });

  test('dropOldest({ mayRoll }) of an older segment begins no new one', async () => {
    const files = new FaultyFiles();
    const { log } = await open({ files, segmentBytesMax });
    await fill(log, { count: 3 });
    await log.dropOldest({ mayRoll: true });
    expect(segmentPaths(files)).toEqual([`${FOLDER}/0000000000000002.log`]);
  });

  test('tell in their header when and after what they were begun', async () => {
    const files = new FaultyFiles();
    const clock = new TestClock();
    const { log } = await open({ files, clock, segmentBytesMax });
    clock.setWall(TEST_EPOCH_MS + 0.75);
    await fill(log, { count: 2 });
    clock.setWall(-5);
    await fill(log, { from: 2, count: 1 });
    const [first, second] = segmentPaths(files).map((path) => headerOf(files, path));
    // The marks count what is on its way: the entry that needed the new segment too.
    expect(first).toMatchObject({ createdMs: TEST_EPOCH_MS, lastKey: 0, lastTimeMs: 0, epoch: 1 });
    expect(second).toMatchObject({ createdMs: 0, lastKey: 2, lastTimeMs: 2, firstOrdinal: 2 });
  });

  test('have salts of their own, from chance or from time, place and open', async () => {
    const ports = { folder: FOLDER, logger: nullLogger, crc32: nodeCrc32 };
    const salts = async (startMs: number, random?: Random) => {
      const files = new FaultyFiles();
      const clock = new TestClock(startMs);
      const by = { ...ports, ...(random && { random }), durability: 'written' as const };
      const { log } = await openLog({ ...by, files, clock, segmentBytesMax });
      await fill(log, { count: 5 });
      return segmentPaths(files).map((path) => headerOf(files, path).salt);
    };
    const [one, same, later] = [await salts(1000), await salts(1000), await salts(1001)];
    expect(one).toEqual(same);
    expect(new Set([...one, ...later]).size).toBe(6);
    const [chance, other] = [
      await salts(1000, seededRandom(1)),
      await salts(1000, seededRandom(2)),
    ];
    expect(new Set([...chance, ...other]).size).toBe(6);
  });
});

describe('what a log says', () => {
  const saying = () => {
    const said: string[] = [];
    const say = (text: string): void => void said.push(text);
    return { said, logger: { ...nullLogger, warn: say, error: say } };
  };

  test('of entries out of order, which are our mistake', async () => {
    const { log } = await open();
    await fill(log, { count: 2 });
    const entry = { lane: 0, key: 1, timeMs: 1, bytes: filler(1) };
    expect(() => log.append(entry)).toThrow('key 1 of lane 0 does not follow 1');
    expect(() => log.append({ ...entry, key: 1.5 })).toThrow('key 1.5 of lane 0');
    expect(() => log.append({ ...entry, key: 2, timeMs: 0 })).toThrow('time 0 does not follow 1');
    expect(() => log.append({ ...entry, key: 2, timeMs: 1.5 })).toThrow('time 1.5');
    await log.append({ ...entry, key: 2 });
    expect(log.pendingBytes).toBe(0);
  });

  test('when it is closed', async () => {
    const { log } = await open();
    await log.close();
    await expect(log.read(all)).rejects.toThrow(`${FOLDER} is closed.`);
    await expect(log.keyAtTime(0, 0)).rejects.toMatchObject({ code: 'CLOSED' });
    await expect(log.firstTimeMs(0, 0)).rejects.toMatchObject({ code: 'CLOSED' });
  });

  test('of a disk that is full, and of one that fails', async () => {
    for (const [code, text] of [
      ['ENOSPC', 'The disk has no room for PATH; free some and try again.'],
      ['EDQUOT', 'The disk has no room for PATH; free some and try again.'],
      ['EIO', 'Writing PATH failed (EIO: write); the log is closed to be safe.'],
    ] as const) {
      const { said, logger } = saying();
      const files = new FaultyFiles();
      const { log } = await open({ files, logger });
      await fill(log, { count: 1 });
      const path = segmentPaths(files)[0]!;
      failNext(files, 'write', { code });
      const expected = { message: text.replace('PATH', path), path, position: 64 + batchBytes };
      await expect(fill(log, { from: 1, count: 1 })).rejects.toMatchObject(expected);
      expect(said).toEqual([expected.message]);
    }
  });

  test('of a sync that failed', async () => {
    const files = new FaultyFiles();
    const { log } = await open({ files });
    await fill(log, { count: 1 });
    failNext(files, 'sync', { code: 'EIO' });
    const path = segmentPaths(files)[0]!;
    await expect(log.flush()).rejects.toMatchObject({
      message: `Bringing ${path} to the disk failed: EIO: sync`,
      path,
    });
  });

  test('of a cut that failed, which it makes up for', async () => {
    const { said, logger } = saying();
    const files = new FaultyFiles();
    const { log } = await open({ files, logger });
    await fill(log, { count: 1 });
    const path = segmentPaths(files)[0]!;
    files.faultFor = ({ kind }) =>
      kind === 'write' || kind === 'truncate' ? { code: 'ENOSPC' } : undefined;
    await expect(fill(log, { from: 1, count: 1 })).rejects.toMatchObject({ code: 'FULL' });
    const full = `The disk has no room for ${path}; free some and try again.`;
    expect(said).toEqual([`${path} was not cut: ${full}`, full]);
  });

  test('of a segment that could not begin, and could not be taken back', async () => {
    const { logger } = saying();
    const files = new FaultyFiles();
    const { log } = await open({ files, logger, segmentBytesMax });
    await fill(log, { count: 2 });
    files.faultFor = ({ kind }) =>
      kind === 'create' || kind === 'remove' ? { code: 'EIO' } : undefined;
    const path = `${FOLDER}/0000000000000002.log`;
    await expect(fill(log, { from: 2, count: 1 })).rejects.toMatchObject({
      code: 'POISONED',
      message: `${path} could not be taken back: EIO: remove`,
      path,
    });
  });

  test('of an index that was not written, without which it goes on', async () => {
    const { said, logger } = saying();
    const files = new FaultyFiles();
    const { log } = await open({ files, logger, segmentBytesMax });
    const entries = await fill(log, { count: 2 });
    failNext(files, 'rename', { code: 'EIO' });
    entries.push(...(await fill(log, { from: 2, count: 1 })));
    expect(said).toEqual([`${FOLDER}/0000000000000000.idx was not written: EIO: rename`]);
    expect(log.bytes).toBe(2 * 64 + 3 * batchBytes);
    expect(await readAll(log)).toEqual(entries);
  });

  test('of trim() on a full disk, which only warns', async () => {
    const { said, logger } = saying();
    const files = new FaultyFiles();
    const { log } = await open({ files, logger });
    await fill(log, { count: 1 });
    failNext(files, 'create', { code: 'ENOSPC' });
    expect(await log.trim(100)).toBe(0);
    const path = `${FOLDER}/0000000000000001.log`;
    expect(said).toEqual([`The disk has no room for ${path}; free some and try again.`]);
  });
});
