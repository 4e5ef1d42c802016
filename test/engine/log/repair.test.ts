// Opening, to the byte: what is taken for ours, what is cut, what is left alone, and that every file is closed.
import { describe, expect, test } from 'vitest';
import { nullLogger } from '../../../src/base/logger.ts';
import {
  BATCH_HEADER_BYTES,
  decodeSegmentHeader,
  getRunHeader,
  isRunWhole,
  ordinalOfName,
  putBatchHeader,
  SEGMENT_HEADER_BYTES,
  segmentName,
} from '../../../src/engine/log/format.ts';
import { nodeCrc32 } from '../../../src/engine/log/nodeFiles.ts';
import { FaultyFiles, failNext } from '../../support/faultyFiles.ts';
import type { MemoryFiles } from '../../support/memoryFiles.ts';
import { countReads } from './countedFiles.ts';
import { FOLDER, fill, open, readAll, segmentPaths } from './support.ts';

const batchBytes = 32 + 32 + 3 + 10;
/** Two batches in each segment. */
const segmentBytesMax = SEGMENT_HEADER_BYTES + 2 * batchBytes;

/** A closed log of five batches in three segments. */
async function threeSegments() {
  const files = new FaultyFiles();
  const { log } = await open({ files, segmentBytesMax });
  const entries = await fill(log, { count: 5 });
  await log.close();
  const [first, second, last] = segmentPaths(files) as [string, string, string];
  return { files, entries, first, second, last };
}

const indexOf = (path: string): string => path.replace(/log$/, 'idx');

/** What opening rejects with. */
const openingFails = (files: MemoryFiles, message: RegExp) =>
  expect(open({ files })).rejects.toMatchObject({
    code: 'CORRUPT',
    message: expect.stringMatching(message),
  });

describe('names in the folder', () => {
  test('only what an interrupted log left is removed, only what it kept is counted', async () => {
    const { files } = await threeSegments();
    const { bytes } = (await open({ files })).log;
    const kept = [`${segmentName(0)}.torn-12`, `${segmentName(0)}.torn-1x`, 'a.idx.copy', 'a.log'];
    for (const name of [...kept, 'a.idx', 'b.new']) {
      await files.replace(`${FOLDER}/${name}`, new Uint8Array(5));
    }
    const { log } = await open({ files });
    expect(log.bytes).toBe(bytes + 5);
    for (const name of kept) expect(files.paths).toContain(`${FOLDER}/${name}`);
    for (const name of ['a.idx', 'b.new']) expect(files.paths).not.toContain(`${FOLDER}/${name}`);
  });

  test('a segment has sixteen digits and nothing more', () => {
    expect(ordinalOfName(segmentName(12))).toBe(12);
    for (const name of [`x${segmentName(1)}`, `${segmentName(1)}x`, '1.log']) {
      expect(ordinalOfName(name)).toBeUndefined();
    }
  });

  test('what is there no more when it is counted counts nothing', async () => {
    const { files } = await threeSegments();
    const { bytes } = (await open({ files })).log;
    await files.replace(`${FOLDER}/${segmentName(0)}.torn-1`, new Uint8Array(5));
    const { stat } = files;
    files.stat = async (path) => (path.includes('torn') ? undefined : stat.call(files, path));
    expect((await open({ files })).log.bytes).toBe(bytes);
  });

  test('a folder that is empty is not touched', async () => {
    const files = new FaultyFiles();
    await (await open({ files, durability: 'synced' })).log.close();
    expect(files.operations).toEqual([]);
  });
});

describe('a whole log', () => {
  test.each(['written', 'synced'] as const)(
    'is opened without a change, and closed, %s',
    async (durability) => {
      const { files, entries } = await threeSegments();
      const before = files.operations.length;
      const { log } = await open({ files, durability });
      const after = files.operations.slice(before).map(({ kind }) => kind);
      expect(after).toEqual(durability === 'synced' ? ['syncFolder', 'sync'] : ['syncFolder']);
      expect(await readAll(log)).toEqual(entries);
      await log.close();
      expect(files.openCount).toBe(0);
    },
  );
});

describe('openLog() and the files of a log', () => {
  /** What is opened, in order: `first`, `second` or `last`, the file's ending, the mode. */
  async function modesOf(
    paths: readonly string[],
    options: { files: MemoryFiles; isTorn: boolean },
  ) {
    const { files, isTorn } = options;
    const { open: openFile } = files;
    const modes: string[] = [];
    files.open = (path, mode) => {
      const which = paths.findIndex((known) => path.startsWith(known.slice(0, -3)));
      modes.push(`${['first', 'second', 'last'][which]} ${path.slice(-3)} ${mode}`);
      return openFile.call(files, path, mode);
    };
    const { notices } = await open({ files, durability: 'synced' });
    expect(notices).toHaveLength(isTorn ? 1 : 0);
    return modes;
  }

  test('the last segment is scanned as it is appended to, all others are only read', async () => {
    const { files, first, second, last } = await threeSegments();
    await files.remove(indexOf(first));
    expect(await modesOf([first, second, last], { files, isTorn: false })).toEqual([
      'last log read',
      'last log append',
      'last log append',
      'first log read',
      'first log read',
      'first new append',
      'second idx read',
    ]);
  });

  test('a torn end is read before it is cut', async () => {
    const { files, first, second, last } = await threeSegments();
    await files.replace(last, files.raw(last).slice(0, -1));
    expect(await modesOf([first, second, last], { files, isTorn: true })).toEqual([
      'last log read',
      'last log append',
      'last log read',
      'last new append',
      'last log append',
      'first idx read',
      'second idx read',
    ]);
  });

  test('of the last segment only the header is read twice', async () => {
    const { files, last } = await threeSegments();
    const { byKind } = countReads(files);
    await open({ files });
    expect(byKind.get('log')).toBe(files.raw(last).length);
  });

  test('a newer format is told with the file and the format that is known', async () => {
    const { files, last } = await threeSegments();
    files.raw(last)[8] = 2;
    await expect(open({ files })).rejects.toMatchObject({
      message: `${last} was written by a newer version; this one reads format 1.`,
    });
  });
});

describe('a sealed segment', () => {
  test('without its index is read byte by byte, and damage in its last batch is found', async () => {
    const { files, first } = await threeSegments();
    await files.remove(indexOf(first));
    const raw = files.raw(first);
    raw[raw.length - 1]! ^= 1;
    await openingFails(files, /checksum of the run at byte \d+ is wrong/);
    expect(files.openCount).toBe(0);
  });

  test('with the index of another one is read byte by byte', async () => {
    const { files, entries, first, second } = await threeSegments();
    await files.replace(indexOf(second), (await files.readAll(indexOf(first)))!);
    const { log } = await open({ files });
    expect(await readAll(log)).toEqual(entries);
    expect(await files.readAll(indexOf(second))).not.toEqual(await files.readAll(indexOf(first)));
  });

  test.each([0, 40])(
    'without its index and with %i bytes of its header is damage',
    async (size) => {
      const { files, first } = await threeSegments();
      await files.remove(indexOf(first));
      await files.replace(first, files.raw(first).slice(0, size));
      await openingFails(files, /header of the file is wrong/);
    },
  );

  test('that is missing in the middle is damage, and both neighbours are named', async () => {
    const { files, first, second, last } = await threeSegments();
    await files.remove(second);
    await files.remove(indexOf(second));
    await openingFails(files, new RegExp(`${last}.*batch 4 begins it, but 2 .*${first} ends`));
  });
});

describe('the header of the last segment', () => {
  test('may be garbage of its length, but not with a byte behind it', async () => {
    for (const length of [SEGMENT_HEADER_BYTES, SEGMENT_HEADER_BYTES + 1]) {
      const { files, entries, last } = await threeSegments();
      await files.replace(last, new Uint8Array(length).fill(7));
      if (length > SEGMENT_HEADER_BYTES) await openingFails(files, /header of the file is wrong/);
      else {
        const { log, notices } = await open({ files });
        expect(await readAll(log)).toEqual(entries.slice(0, 4));
        expect(notices).toEqual([
          `${last} was begun but not finished and is begun again; the 64 bytes behind it are kept in ${last}.torn-1.`,
        ]);
        expect(await files.readAll(`${last}.torn-1`)).toEqual(new Uint8Array(64).fill(7));
      }
    }
  });

  test.each([1, 64, 65, 5000])(
    'of %i zeros was never begun, and nothing is kept of it',
    async (length) => {
      const { files, entries, last } = await threeSegments();
      await files.replace(last, new Uint8Array(length));
      const { log, notices } = await open({ files });
      expect(await readAll(log)).toEqual(entries.slice(0, 4));
      expect([notices, files.paths.filter((path) => path.includes('torn'))]).toEqual([[], []]);
    },
  );

  test('under the name of another one is damage', async () => {
    const { files, last } = await threeSegments();
    await files.rename(last, `${FOLDER}/${segmentName(7)}`);
    await openingFails(files, /header of the file is wrong/);
  });

  test('with any bit changed is none', async () => {
    const { files, last } = await threeSegments();
    const header = files.raw(last).slice(0, SEGMENT_HEADER_BYTES);
    expect(decodeSegmentHeader(header, nodeCrc32)).toMatchObject({ firstOrdinal: 4 });
    expect(decodeSegmentHeader(header.subarray(0, 63), nodeCrc32)).toBe('bad');
    for (let bit = 0; bit < 8 * SEGMENT_HEADER_BYTES; bit++) {
      const changed = header.slice();
      changed[bit >> 3]! ^= 1 << (bit & 7);
      const isVersion = bit >> 3 === 8 || bit >> 3 === 9;
      const found = decodeSegmentHeader(changed, nodeCrc32);
      expect(isVersion ? ['bad', 'newer'] : ['bad']).toContain(found);
    }
  });

  test('that is right but for its magic is none', async () => {
    const { files, last } = await threeSegments();
    const header = files.raw(last).slice(0, SEGMENT_HEADER_BYTES);
    header[0] = 0;
    new DataView(header.buffer).setUint32(60, nodeCrc32(header.subarray(0, 60)), true);
    expect(decodeSegmentHeader(header, nodeCrc32)).toBe('bad');
  });
});

describe('a torn end', () => {
  test('is cut off the file, on the disk, before anything else is written', async () => {
    const { files, last } = await threeSegments();
    const whole = files.raw(last).length;
    const file = await files.open(last, 'append');
    await file.write([new Uint8Array(300).fill(9)], whole);
    await file.close();
    const before = files.operations.length;
    const { log } = await open({ files });
    const after = files.operations.slice(before).map(({ kind }) => kind);
    expect(after.slice(-2)).toEqual(['truncate', 'sync']);
    expect(files.raw(last)).toHaveLength(whole);
    await log.close();
    expect(files.openCount).toBe(0);
  });

  test.each([
    ['ENOSPC', undefined],
    ['EIO', 'POISONED'],
  ])('that cannot be kept for %s is %s', async (code, expected) => {
    const { files, entries, last } = await threeSegments();
    await files.replace(last, files.raw(last).slice(0, -1));
    failNext(files, 'create', { code });
    const warnings: string[] = [];
    const logger = { ...nullLogger, warn: (text: string) => warnings.push(text) };
    const opening = open({ files, logger });
    if (expected) await expect(opening).rejects.toMatchObject({ code: expected });
    else {
      const { log, notices } = await opening;
      expect(await readAll(log)).toEqual(entries.slice(0, 4));
      expect(notices.join()).toContain('the disk had no room to keep the');
      expect(warnings).toEqual([expect.stringContaining(`${last}.torn-1 was not written: ENOSPC`)]);
    }
  });
});

describe('a batch whose checksum is right', () => {
  /** The last segment with the header of its only batch written anew. */
  async function withHeader(change: Partial<Parameters<typeof putBatchHeader>[1]['header']>) {
    const { files, last } = await threeSegments();
    const raw = files.raw(last);
    const header = decodeSegmentHeader(raw, nodeCrc32);
    if (typeof header === 'string') throw new Error(header);
    const position = SEGMENT_HEADER_BYTES;
    const right = { length: batchBytes, position, ordinal: 4, epoch: 1, runCount: 1 };
    const target = raw.subarray(position, position + BATCH_HEADER_BYTES);
    const how = { header: { ...right, ...change }, salt: header.salt, crc32: nodeCrc32 };
    putBatchHeader(target, how);
    return (await open({ files })).notices.length;
  }

  test('is taken only in its place, of this open, with its length and all of its runs', async () => {
    expect(await withHeader({})).toBe(0);
    for (const wrong of [
      { ordinal: 5 },
      { epoch: 0 },
      { length: batchBytes + 1 },
      { length: batchBytes - 1 },
      { runCount: 0 },
      { runCount: 2 },
    ]) {
      expect(await withHeader(wrong), JSON.stringify(wrong)).toBe(1);
    }
  });
});

test('a run of less than its header is none', () => {
  const place = { position: 0, salt: 0, crc32: () => 0 };
  expect(getRunHeader(new Uint8Array(31))).toBeUndefined();
  expect(getRunHeader(new Uint8Array(32))).toMatchObject({ length: 0, count: 0 });
  expect(isRunWhole(new Uint8Array(31), place)).toBe(false);
  expect(isRunWhole(new Uint8Array(32), place)).toBe(true);
});
