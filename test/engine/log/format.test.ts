// The bytes of format 1, spelt out: a change that makes this fail needs a new format version.
import { expect, test } from 'vitest';
import { isRunWhole, segmentName } from '../../../src/engine/log/format.ts';
import { nodeCrc32 } from '../../../src/engine/log/nodeFiles.ts';
import { memoryFiles } from '../../support/memoryFiles.ts';
import { FOLDER, open, readAll, segmentPaths, textBytes } from './support.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Random bytes that are known. */
const random = { bytes: (count: number) => Uint8Array.from({ length: count }, (_, i) => i + 1) };

const golden = [
  '894c4f470d0a1a0a 0100 4000 01000000', // magic, version, header bytes, epoch
  '0000000000000000 0a00000001000000 f40100009f010000', // first ordinal, last key + 1, last time
  '007c291f94010000 01020304', // created, salt
  '0000000000000000 d9c180f2', // unused, checksum
  '42544348 1f7e8c55 6d000000 40000000', // magic, checksum, length, position
  '0000000000000000 01000000 02000000', // ordinal, epoch, runs
  '468564e7 29000000 07000000 02000000', // checksum, length, lane, entries
  '0700000001000000 f40100009f010000', // first key, first time
  '00 00 02 6869', // key and time from the ones before, length, bytes
  '02 00 01 21',
  '0e565be1 24000000 ffffffff 01000000',
  '0800000001000000 f40100009f010000',
  '00 00 01 3f',
]
  .join('')
  .replaceAll(' ', '');

const timeMs = 415 * 2 ** 32 + 500;
const first = 2 ** 32 + 7;
const entries = [
  { lane: 7, key: first, timeMs, bytes: textBytes('hi') },
  { lane: 2 ** 32 - 1, key: first + 1, timeMs, bytes: textBytes('?') },
  { lane: 7, key: first + 2, timeMs, bytes: textBytes('!') },
];

/** Of a log whose batches do not wait for the disk: byte 52, and the checksum. */
const goldenWritten = golden.replace('0000000000000000d9c180f2', '010000000000000047c12a3e');

test.each([
  ['synced', golden],
  ['written', goldenWritten],
] as const)(
  'a segment with one batch of two runs has the bytes that FORMAT.md says, %s',
  async (durability, expected) => {
    const files = memoryFiles();
    const { log } = await open({ files, random, durability });
    await Promise.all(entries.map((entry) => log.append(entry)));
    await log.close();
    expect(hex(files.raw(segmentPaths(files)[0]!))).toBe(expected);
  },
);

test('a folder of format 1 can be read', async () => {
  const files = memoryFiles();
  await files.replace(`${FOLDER}/${segmentName(0)}`, Buffer.from(golden, 'hex'));
  const { log, notices } = await open({ files });
  const found = [...(await readAll(log, 7)), ...(await readAll(log, 2 ** 32 - 1))];
  expect(found.map(({ key, bytes }) => [key - first, new TextDecoder().decode(bytes)])).toEqual([
    [0, 'hi'],
    [2, '!'],
    [1, '?'],
  ]);
  expect([log.lastKey, log.lastTimeMs, notices]).toEqual([first + 2, timeMs, []]);
});

test('a run is whole only where it was written, under its own salt', async () => {
  const files = memoryFiles();
  const { log } = await open({ files, random });
  await log.append({ lane: 0, key: 0, timeMs: 0, bytes: textBytes('hi') });
  const run = files.raw(segmentPaths(files)[0]!).slice(96);
  const place = { position: 96, salt: 0x04030201, crc32: nodeCrc32 };
  expect(isRunWhole(run, place)).toBe(true);
  expect(isRunWhole(run, { ...place, position: 97 })).toBe(false);
  expect(isRunWhole(run, { ...place, salt: 1 })).toBe(false);
});
