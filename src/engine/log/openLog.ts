/** Opens a log: finds its segments, repairs a torn end, refuses damage. The only way to get a Log. */
import { assert } from '../../base/assert.ts';
import type { Clock } from '../../base/clock.ts';
import { codeOf } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import type { Random } from '../../base/random.ts';
import { BatchBuffers } from './batchBuffers.ts';
import { type LogContext, writeFailure } from './context.ts';
import { type CopierOf, type Crc32, type Files, plainCopierOf } from './files.ts';
import type { Gather } from './jobs.ts';
import type { Log } from './log.ts';
import { IndexCache, PartRuns, type RecentPool, RecentRuns } from './memory.ts';
import { PageBuffers } from './pageBuffers.ts';
import { ReadHandles } from './readHandles.ts';
import { Recovery } from './recovery.ts';
import { SegmentLog } from './segmentLog.ts';

export interface LogOptions {
  readonly files: Files;
  /** Created by the first append; holds nothing but this log. */
  readonly folder: string;
  readonly clock: Clock;
  /** For the salt of each segment; taken from the clock when missing. */
  readonly random?: Random;
  readonly logger: Logger;
  readonly crc32: Crc32;
  /** How entries are copied into their batch. */
  readonly copierOf?: CopierOf | undefined;
  /** When a batch that nothing holds up is written; at the end of the turn by default. */
  readonly gather?: Gather | undefined;
  /** `written`: an append has resolved when the system has the bytes; `synced`: when the disk has them. */
  readonly durability: 'written' | 'synced';
  /** A segment is closed before it grows over this, unless one batch does; 32 MiB. */
  readonly segmentBytesMax?: number;
  /** A segment with entries is closed after this time on `clock`, by an append or by `trim`; never by default. */
  readonly segmentAgeMs?: number;
  /** Newest entries served from memory, run by run, 256 bytes more a run counted; 8 MiB. */
  readonly cacheBytesMax?: number;
  /** Shared by all logs of one `files`; an own pool of 4 by default. */
  readonly readHandles?: ReadHandles;
  /** Shared limit on the indexes of sealed segments in memory; an own one of 16 MiB by default. */
  readonly indexCache?: IndexCache;
  /** Shared limit on the newest entries in memory, on top of `cacheBytesMax`. */
  readonly recentPool?: RecentPool;
  /** Shared by all logs of one process, so that what one gave up serves another. */
  readonly buffers?: BatchBuffers;
  /** Shared limit on the runs that pages ended in; an own one of 4 MiB by default. */
  readonly partRuns?: PartRuns;
  /** Shared by all logs of one process, as `buffers` are. */
  readonly pageBuffers?: PageBuffers;
}

export interface OpenReport {
  /** Sentences for the user: what was repaired, in which file, at which byte, and where the rest is kept. */
  readonly notices: readonly string[];
  /** Counts the opens that wrote; batches carry it. */
  readonly epoch: number;
}

/**
 * Opens the log in `folder`, or an empty one when nothing is there; nothing is written unless something is
 * to be repaired. Rejects with CORRUPT (file and position named), FORMAT (written by a newer version), or FULL
 * or POISONED when the system refused a repair; another try may succeed.
 */
export async function openLog(options: LogOptions): Promise<{ log: Log; report: OpenReport }> {
  const context = contextOf(options);
  try {
    const found = await new Recovery(context).run();
    const { notices, epoch } = found;
    return { log: new SegmentLog(context, found), report: { notices, epoch } };
  } catch (error) {
    throw codeOf(error) === undefined ? error : writeFailure(error, { path: context.folder });
  }
}

const MIB = 1024 * 1024;

function contextOf(options: LogOptions): LogContext {
  // Positions in a file are four bytes, and one batch may go over the limit.
  assert((options.segmentBytesMax ?? 0) <= 1024 * MIB, 'segmentBytesMax is at most 1 GiB');
  const { files, folder, clock, logger, crc32, buffers = new BatchBuffers() } = options;
  const { pageBuffers = new PageBuffers() } = options;
  return {
    files,
    folder,
    clock,
    logger,
    crc32,
    copierOf: options.copierOf ?? plainCopierOf,
    gather: options.gather,
    random: options.random,
    isSynced: options.durability === 'synced',
    segmentBytesMax: options.segmentBytesMax ?? 32 * MIB,
    segmentAgeMs: options.segmentAgeMs ?? Number.POSITIVE_INFINITY,
    readHandles: options.readHandles ?? new ReadHandles(files, 4),
    indexCache: options.indexCache ?? new IndexCache(),
    partRuns: options.partRuns ?? new PartRuns(undefined, pageBuffers),
    pageBuffers,
    buffers,
    recent: new RecentRuns({
      limit: options.cacheBytesMax ?? 8 * MIB,
      pool: options.recentPool,
      buffers,
    }),
  };
}
