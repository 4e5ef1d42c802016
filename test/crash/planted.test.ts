// The crash suite finds bugs: each kind is planted between the engine and its ports, and must be complained of.
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Files, OpenFile } from '../../src/engine/log/files.ts';
import type { MemoryFiles } from '../support/memoryFiles.ts';
import { runSeeds } from './engineRun.ts';
import { filesWith, type Planted } from './engineWorld.ts';

/** Every planted bug is found by this many seeds. */
const SEEDS_MAX = 8;

type Opener = Files['open'];

/** Files whose open files are changed by `change`. */
const withOpened =
  (change: (file: OpenFile, path: string) => Partial<OpenFile>) =>
  (files: MemoryFiles): Files => {
    const open: Opener = async (path, mode) => {
      const file = await files.open(path, mode);
      return { ...file, ...change(file, path) };
    };
    return filesWith(files, { open });
  };

const isLog = (path: string): boolean => path.endsWith('.log');

/** A write has resolved a moment before it is done. */
const replyBeforeWrite = withOpened((file, path) => {
  let last = Promise.resolve();
  const after = (work: () => Promise<void>): Promise<void> => {
    last = last.then(() => setImmediate()).then(work);
    return last;
  };
  if (!isLog(path)) return {};
  return {
    write: async (chunks, position) => {
      const copies = chunks.map((chunk) => chunk.slice());
      void after(() => file.write(copies, position)).catch(() => undefined);
    },
    sync: () => after(() => file.sync()),
    truncate: (size) => after(() => file.truncate(size)),
    close: () => after(() => file.close()),
  };
});

/** A sync has resolved and nothing was synced. */
const replyBeforeSync = withOpened((_, path) =>
  isLog(path) ? { sync: async () => undefined } : {},
);

/** Every checksum is right. */
const missingChecksum: Planted = { crc32: () => 0 };

/** The size of a segment is what its index says, so that every index fits. */
function staleIndexTrusted(files: MemoryFiles): Files {
  const stat: Files['stat'] = async (path) => {
    const found = await files.stat(path);
    const index = isLog(path) ? await files.readAll(path.replace(/log$/, 'idx')) : undefined;
    if (!found || !index || index.length < 128) return found;
    const size = new DataView(index.buffer, index.byteOffset).getBigUint64(24, true);
    return { ...found, size: Number(size) };
  };
  return filesWith(files, { stat });
}

/** A file is put in place as a whole before its bytes and its name are on the disk. */
function renameWithoutSync(files: MemoryFiles): Files {
  const replace: Files['replace'] = async (path, bytes) => {
    const file = await files.open(`${path}.new`, 'append');
    await file.truncate(0);
    await file.write([bytes], 0);
    await file.close();
    await files.rename(`${path}.new`, path);
  };
  return filesWith(files, { replace });
}

/** A removal reaches the disk when it pleases, also before an older one. */
const syncFolderIgnored = (files: MemoryFiles): Files =>
  filesWith(files, { syncFolder: async () => undefined });

test.each<[string, Planted, RegExp]>([
  ['a reply before the write', { files: replyBeforeWrite }, /is lost/],
  ['a reply before the sync', { files: replyBeforeSync }, /is lost|power cut/],
  ['a missing checksum', missingChecksum, /never put like this|cannot be used|are there behind/],
  ['a stale index that is trusted', { files: staleIndexTrusted }, /damaged|is lost/],
  ['a rename without sync', { files: renameWithoutSync }, /power cut/],
  ['names that are not synced', { files: syncFolderIgnored }, /power cut/],
])('the crash suite finds %s', async (_, planted, complaint) => {
  const found = await runSeeds({ from: 1, count: SEEDS_MAX, planted });
  expect(found.complaints.join('\n')).toMatch(complaint);
});

test('the same seeds find nothing where nothing is planted', async () => {
  const found = await runSeeds({
    from: 1,
    count: SEEDS_MAX,
    planted: { files: withOpened(() => ({})) },
  });
  expect(found.complaints).toEqual([]);
});
