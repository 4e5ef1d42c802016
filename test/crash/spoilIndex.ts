/** Spoils an index file of a log, as a disk or a copy of another moment may: it is a cache and must not matter. */
import { nullLogger } from '../../src/base/logger.ts';
import { LogError } from '../../src/engine/log/logError.ts';
import { nodeCrc32 } from '../../src/engine/log/nodeFiles.ts';
import { openLog } from '../../src/engine/log/openLog.ts';
import { type MemoryFiles, memoryFiles } from '../support/memoryFiles.ts';
import { type SeededRandom, seededRandom } from '../support/seededRandom.ts';
import { TestClock } from '../support/testClock.ts';

/** Removes, damages or makes stale one of the index files in `files`, if there are any with their segments. */
export async function spoilIndex(files: MemoryFiles, random: SeededRandom): Promise<void> {
  const all = new Set(files.paths);
  const paths = [...all].filter((path) => path.endsWith('.idx') && all.has(segmentOf(path)));
  if (paths.length === 0) return;
  const path = random.pick(paths);
  const kind = random.pick(['missing', 'damaged', 'stale', 'stale'] as const);
  if (kind === 'missing') await files.remove(path);
  if (kind === 'damaged') files.raw(path)[random.integer(0, files.raw(path).length - 1)]! ^= 0x40;
  if (kind === 'stale') await makeStale(files, { path, random });
}

const segmentOf = (indexPath: string): string => indexPath.replace(/\.idx$/, '.log');

/** The index that the segment would have had with fewer batches. */
async function makeStale(
  files: MemoryFiles,
  { path, random }: { path: string; random: SeededRandom },
): Promise<void> {
  const segment = files.raw(segmentOf(path));
  const other = memoryFiles();
  await other.replace(segmentOf(path), segment.slice(0, random.integer(0, segment.length - 1)));
  const index = await indexOf(other, path);
  if (index) await files.replace(path, index);
}

/** Seals the only segment in `files`; undefined when nothing whole is in it, or another made its checksums. */
async function indexOf(files: MemoryFiles, path: string): Promise<Uint8Array | undefined> {
  const opened = await openLog({
    files,
    folder: path.slice(0, path.lastIndexOf('/')),
    clock: new TestClock(),
    random: seededRandom(1),
    logger: nullLogger,
    crc32: nodeCrc32,
    durability: 'written',
    segmentBytesMax: 1,
  }).catch((error: unknown) => {
    if (error instanceof LogError) return undefined;
    throw error;
  });
  if (!opened) return undefined;
  const { log } = opened;
  const { lastKey, lastTimeMs: timeMs } = log;
  await log.append({ lane: 0, key: lastKey + 1, timeMs, bytes: new Uint8Array(1) });
  await log.close();
  return files.readAll(path);
}
