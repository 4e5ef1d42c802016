/** Spoils an index file of a log, as a disk or a copy of another moment may: it is a cache and must not matter. */
import { decodeSegmentHeader, SEGMENT_HEADER_BYTES } from '../../src/engine/log/format.ts';
import { encodeIndexFile } from '../../src/engine/log/indexFile.ts';
import { nodeCrc32 } from '../../src/engine/log/nodeFiles.ts';
import { scanSegment } from '../../src/engine/log/scan.ts';
import { Segment } from '../../src/engine/log/segment.ts';
import type { MemoryFiles } from '../support/memoryFiles.ts';
import type { SeededRandom } from '../support/seededRandom.ts';

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

/** The index as it was when the segment had fewer batches. */
async function makeStale(
  files: MemoryFiles,
  { path, random }: { path: string; random: SeededRandom },
): Promise<void> {
  const logPath = segmentOf(path);
  const header = decodeSegmentHeader(files.raw(logPath), nodeCrc32);
  if (typeof header === 'string') return;
  const segment = new Segment(path.slice(0, path.lastIndexOf('/')), header);
  const fileSize = random.integer(SEGMENT_HEADER_BYTES, files.raw(logPath).length - 1);
  const file = await files.open(logPath, 'read');
  await scanSegment(segment, { file, fileSize, crc32: nodeCrc32 });
  await file.close();
  if (!segment.isEmpty) await files.replace(path, encodeIndexFile(segment, nodeCrc32));
}
