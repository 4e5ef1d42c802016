/** Keeps the indexes of sealed segments: writes them, brings them back into memory, rebuilds bad ones. */
import { messageOf } from '../../base/errors.ts';
import { corrupt, type LogContext } from './context.ts';
import { encodeIndexFile, readIndexRuns } from './indexFile.ts';
import type { RunList } from './runIndex.ts';
import { scanSegment } from './scan.ts';
import { Segment } from './segment.ts';

/** By lane. */
type RunLists = ReadonlyMap<number, RunList>;

export class SealedIndexes {
  private readonly context: LogContext;
  private readonly loading = new Map<Segment, Promise<RunLists>>();

  constructor(context: LogContext) {
    this.context = context;
  }

  /** Writes the index file of a segment whose runs are in memory. A failure is logged only: it is a cache. */
  async write(segment: Segment): Promise<void> {
    const { files, crc32, logger, indexCache, readHandles } = this.context;
    const bytes = encodeIndexFile(segment, crc32);
    indexCache.add(segment);
    try {
      await readHandles.drop(segment.indexPath);
      await files.replace(segment.indexPath, bytes);
      segment.indexFileBytes = bytes.length;
    } catch (error) {
      logger.warn(`${segment.indexPath} was not written: ${messageOf(error)}`);
    }
  }

  /** The runs of a lane; those of the active segment are always in memory. */
  async runsOf(segment: Segment, lane: number): Promise<RunList | undefined> {
    const runs = segment.lanes.get(lane)?.runs;
    if (!runs) return (await this.load(segment)).get(lane);
    this.context.indexCache.used(segment);
    return runs;
  }

  private load(segment: Segment): Promise<RunLists> {
    let loading = this.loading.get(segment);
    if (!loading) {
      loading = this.fill(segment).finally(() => this.loading.delete(segment));
      this.loading.set(segment, loading);
    }
    return loading;
  }

  private async fill(segment: Segment): Promise<RunLists> {
    const lists = (await this.fromFile(segment)) ?? (await this.fromScan(segment));
    for (const [lane, runs] of lists) {
      const index = segment.lanes.get(lane);
      if (index) index.runs = runs;
    }
    if (!segment.isRemoved) this.context.indexCache.add(segment);
    return lists;
  }

  private async fromFile(segment: Segment): Promise<RunLists | undefined> {
    const { readHandles, crc32, logger } = this.context;
    try {
      return await readHandles.use(segment.indexPath, (file) => readIndexRuns(file, crc32));
    } catch (error) {
      logger.warn(`${segment.indexPath} is rebuilt: ${messageOf(error)}`);
      return undefined;
    }
  }

  private async fromScan(segment: Segment): Promise<RunLists> {
    const { folder, readHandles, crc32 } = this.context;
    const fresh = new Segment(folder, segment.header);
    const source = { fileSize: segment.size, crc32 };
    const scan = await readHandles.use(segment.path, (file) =>
      scanSegment(fresh, { ...source, file }),
    );
    if (scan.problem !== undefined) throw corrupt(segment.path, scan.end, scan.problem);
    await this.write(fresh);
    this.context.indexCache.forget(fresh);
    segment.indexFileBytes = fresh.indexFileBytes;
    return new Map([...fresh.lanes].map(([lane, index]) => [lane, index.runs!]));
  }
}
