/** Keeps the indexes of sealed segments: writes them, brings them back into memory, rebuilds bad ones. */
import { messageOf } from '../../base/errors.ts';
import { corrupt, type LogContext } from './context.ts';
import { encodeIndexFile, readIndexRuns } from './indexFile.ts';
import type { LaneIndex, RunList } from './runIndex.ts';
import { scanSegment } from './scan.ts';
import { Segment } from './segment.ts';

type RunLists = ReadonlyMap<LaneIndex, RunList>;

export class SealedIndexes {
  private readonly context: LogContext;
  private readonly loading = new Map<LaneIndex, Promise<RunList>>();
  private readonly rebuilding = new Map<Segment, Promise<RunLists>>();

  constructor(context: LogContext) {
    this.context = context;
  }

  /** Writes the index file of a segment whose runs are in memory. A failure is logged only: it is a cache. */
  async write(segment: Segment): Promise<void> {
    const { files, crc32, logger, indexCache, readHandles } = this.context;
    const { bytes, stored } = encodeIndexFile(segment, crc32);
    const lanes = [...segment.lanes.values()];
    try {
      await readHandles.drop(segment.indexPath);
      await files.replace(segment.indexPath, bytes);
      segment.indexFileBytes = bytes.length;
      for (const [at, lane] of lanes.entries()) lane.stored = stored[at];
    } catch (error) {
      logger.warn(`${segment.indexPath} was not written: ${messageOf(error)}`);
    }
    if (!segment.isRemoved) for (const lane of lanes) indexCache.add(lane);
  }

  /** The runs of a lane; those of the active segment are always in memory. */
  async runsOf(segment: Segment, lane: number): Promise<RunList | undefined> {
    const index = segment.lanes.get(lane);
    if (!index?.runs) return index && this.load(segment, index);
    this.context.indexCache.used(index);
    return index.runs;
  }

  private load(segment: Segment, lane: LaneIndex): Promise<RunList> {
    let loading = this.loading.get(lane);
    if (!loading) {
      loading = this.fill(segment, lane).finally(() => this.loading.delete(lane));
      this.loading.set(lane, loading);
    }
    return loading;
  }

  private async fill(segment: Segment, lane: LaneIndex): Promise<RunList> {
    const runs = await this.fromFile(segment, lane);
    if (!runs) return (await this.rebuild(segment)).get(lane)!;
    lane.runs = runs;
    if (!segment.isRemoved) this.context.indexCache.add(lane);
    return runs;
  }

  private async fromFile(segment: Segment, { stored }: LaneIndex): Promise<RunList | undefined> {
    const { readHandles, crc32, logger } = this.context;
    if (!stored) return undefined;
    try {
      const read = await readHandles.use(segment.indexPath, (file) =>
        readIndexRuns(file, { stored, crc32 }),
      );
      if (!read) logger.warn(`${segment.indexPath} is damaged and rebuilt`);
      return read;
    } catch (error) {
      logger.warn(`${segment.indexPath} is rebuilt: ${messageOf(error)}`);
      return undefined;
    }
  }

  private rebuild(segment: Segment): Promise<RunLists> {
    let rebuilding = this.rebuilding.get(segment);
    if (!rebuilding) {
      rebuilding = this.scan(segment).finally(() => this.rebuilding.delete(segment));
      this.rebuilding.set(segment, rebuilding);
    }
    return rebuilding;
  }

  /** Fills every lane of the segment, and writes its index file anew. */
  private async scan(segment: Segment): Promise<RunLists> {
    const { folder, readHandles, crc32 } = this.context;
    const fresh = new Segment(folder, segment.header);
    const source = { fileSize: segment.size, crc32 };
    const scan = await readHandles.use(segment.path, (file) =>
      scanSegment(fresh, { ...source, file }),
    );
    if (scan.problem !== undefined) throw corrupt(segment.path, scan.end, scan.problem);
    const lists = new Map<LaneIndex, RunList>();
    for (const [number, lane] of segment.lanes) {
      lane.runs = fresh.lanes.get(number)!.runs!;
      lists.set(lane, lane.runs);
    }
    if (!segment.isRemoved) await this.write(segment);
    return lists;
  }
}
