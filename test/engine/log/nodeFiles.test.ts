// The Files port on the real file system, and a log on it, also on a disk that is really full.
import fs, { readFile, stat, writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { nodeCrc32, nodeFiles } from '../../../src/engine/log/nodeFiles.ts';
import { tempFolder } from '../../support/tempFolder.ts';
import { smallDisk } from '../../support/tmpfs.ts';
import { FOLDER, fill, filler, open, readAll, summary, textBytes } from './support.ts';

test('nodeCrc32 is CRC-32 and goes on from a seed', () => {
  expect(nodeCrc32(textBytes('123456789'))).toBe(0xcbf43926);
  expect(nodeCrc32(textBytes('6789'), nodeCrc32(textBytes('12345')))).toBe(0xcbf43926);
});

test('write() takes more pieces than the system does in one call', async () => {
  const files = nodeFiles(await tempFolder());
  const file = await files.open('a', 'append');
  const chunks = Array.from({ length: 5000 }, (_, index) => filler(index % 7, index));
  await file.write(chunks, 0);
  await file.write([textBytes('end')], Buffer.concat(chunks).length);
  await file.close();
  const expected = Buffer.concat([...chunks, textBytes('end')]);
  expect(Buffer.compare((await files.readAll('a'))!, expected)).toBe(0);
});

test('read() fills what the file has', async () => {
  const files = nodeFiles(await tempFolder());
  await files.replace('a', textBytes('hello'));
  const file = await files.open('a', 'read');
  const target = new Uint8Array(10);
  expect(await file.read(target, 3)).toBe(2);
  expect(target.subarray(0, 2)).toEqual(textBytes('lo'));
  expect(await file.read(target, 5)).toBe(0);
  await file.close();
});

test('folders are for the user only, and files too', async () => {
  const root = await tempFolder();
  const files = nodeFiles(root);
  await files.makeFolder('a/b');
  await files.replace('a/b/c', textBytes('x'));
  await (await files.open('a/b/d', 'append')).close();
  const modes = await Promise.all(
    ['a', 'a/b', 'a/b/c', 'a/b/d'].map(async (name) => (await stat(path.join(root, name))).mode),
  );
  const expected = process.platform === 'win32' ? modes : [0o700, 0o700, 0o600, 0o600];
  expect(modes.map((mode) => mode & 0o777)).toEqual(expected.map((mode) => mode & 0o777));
});

test.skipIf(process.platform === 'win32')(
  'makeFolder() syncs each folder that got a new name',
  async () => {
    const root = await tempFolder();
    const open = vi.spyOn(fs, 'open');
    syncBuiltinESMExports();
    onTestFinished(() => {
      open.mockRestore();
      syncBuiltinESMExports();
    });
    const files = nodeFiles(root);
    await files.makeFolder('a/b/c');
    expect(open.mock.calls.map(([folder]) => path.relative(root, String(folder)))).toEqual([
      path.join('a', 'b'),
      'a',
      '',
    ]);
    await files.makeFolder('a/b/c');
    expect(open).toHaveBeenCalledTimes(3);
  },
);

test('replace() replaces as a whole and leaves nothing beside', async () => {
  const root = await tempFolder();
  const files = nodeFiles(root);
  await files.replace('a', textBytes('first, longer'));
  await files.replace('a', textBytes('second'));
  expect(await readFile(path.join(root, 'a'), 'utf8')).toBe('second');
  expect(await files.list('')).toEqual(['a']);
});

test('createExclusive() has one winner and leaves nothing beside', async () => {
  const files = nodeFiles(await tempFolder());
  const tries = Array.from({ length: 8 }, (_, index) =>
    files.createExclusive('lock', textBytes(`winner ${index}`)),
  );
  const won = await Promise.all(tries);
  expect(won.filter(Boolean)).toHaveLength(1);
  expect(await files.readAll('lock')).toEqual(Buffer.from(`winner ${won.indexOf(true)}`));
  expect(await files.list('')).toEqual(['lock']);
});

test('what is not there is undefined, empty or no error, but cannot be opened', async () => {
  const files = nodeFiles(await tempFolder());
  expect(await files.stat('a')).toBeUndefined();
  expect(await files.readAll('a/b')).toBeUndefined();
  expect(await files.list('a')).toEqual([]);
  await files.remove('a');
  await files.removeFolder('a');
  await expect(files.open('a', 'read')).rejects.toMatchObject({ code: 'ENOENT' });
});

test('stat(), list(), rename(), removeFolder() and freeBytes() say and do what they are named', async () => {
  const root = await tempFolder();
  const files = nodeFiles(root);
  await files.makeFolder('f');
  await writeFile(path.join(root, 'f', 'b'), 'xyz');
  await files.rename('f/b', 'f/c');
  await files.syncFolder('f');
  expect(await files.list('f')).toEqual(['c']);
  expect(await files.stat('f/c')).toMatchObject({ size: 3, isFolder: false });
  expect(await files.stat('f')).toMatchObject({ isFolder: true });
  await files.removeFolder('f');
  expect(await files.list('')).toEqual([]);
  expect(await files.freeBytes('')).toBeGreaterThan(0);
});

test.each(['written', 'synced'] as const)(
  'a %s log lives on the real file system',
  async (durability) => {
    const files = nodeFiles(await tempFolder());
    const options = { files, durability, segmentBytesMax: 50_000, cacheBytesMax: 0 };
    const first = await open(options);
    const entries = await fill(first.log, { count: 100, length: 3000 });
    entries.push(...(await fill(first.log, { from: 100, count: 3, length: 20_000 })));
    expect(summary(await readAll(first.log))).toEqual(summary(entries));
    await first.log.trim(50);
    await first.log.close();
    const second = await open(options);
    expect(summary(await readAll(second.log)).slice(-53)).toEqual(summary(entries.slice(50)));
    expect(second.notices).toEqual([]);
    await second.log.clear();
    await second.log.close();
    expect(await files.list(FOLDER)).toHaveLength(1);
  },
);

test('a disk that is really full is told, read from, and waited out', async () => {
  const root = smallDisk(1024);
  const files = nodeFiles(root);
  await files.makeFolder('ballast');
  await files.replace('ballast/a', new Uint8Array(300_000));
  const { log } = await open({ files, segmentBytesMax: 100_000 });
  const kept: number[] = [];
  let refused = 0;
  for (let key = 0; refused < 3; key++) {
    await log.append({ lane: 0, key, timeMs: key, bytes: filler(7000, key) }).then(
      () => kept.push(key),
      (error) => {
        expect(error).toMatchObject({ code: 'FULL' });
        refused += 1;
      },
    );
  }
  expect(kept.length).toBeGreaterThan(50);
  const keysNow = async () => (await readAll(log)).map(({ key }) => key);
  expect(await keysNow()).toEqual(kept);
  await files.removeFolder('ballast');
  const more = await fill(log, { from: 1000, count: 10, length: 7000 });
  expect(await keysNow()).toEqual([...kept, ...more.map(({ key }) => key)]);
  await log.close();
  const again = await open({ files });
  expect((await readAll(again.log)).map(({ key }) => key)).toEqual([
    ...kept,
    ...more.map(({ key }) => key),
  ]);
  expect(again.notices).toEqual([]);
  await again.log.close();
});
