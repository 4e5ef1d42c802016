/** What the parts of one log share: its ports, its settings and its memory. */
import type { Clock } from '../../base/clock.ts';
import { codeOf, messageOf } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import type { Random } from '../../base/random.ts';
import type { BatchBuffers } from './batchBuffers.ts';
import type { CopierOf, Crc32, Files } from './files.ts';
import type { Gather } from './jobs.ts';
import { LogError } from './logError.ts';
import type { IndexCache, PartRuns, RecentRuns } from './memory.ts';
import type { PageBuffers } from './pageBuffers.ts';
import type { ReadHandles } from './readHandles.ts';

export interface LogContext {
  readonly files: Files;
  readonly folder: string;
  readonly clock: Clock;
  readonly random: Random | undefined;
  readonly logger: Logger;
  readonly crc32: Crc32;
  readonly copierOf: CopierOf;
  readonly gather: Gather | undefined;
  readonly isSynced: boolean;
  readonly segmentBytesMax: number;
  readonly segmentAgeMs: number;
  readonly readHandles: ReadHandles;
  readonly indexCache: IndexCache;
  readonly recent: RecentRuns;
  readonly buffers: BatchBuffers;
  readonly partRuns: PartRuns;
  readonly pageBuffers: PageBuffers;
}

/** Whether the system said that there is no room left for us. */
export function isFull(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ENOSPC' || code === 'EDQUOT';
}

/** FULL when the disk has no room, POISONED for any other failure; a LogError as it is. */
export function writeFailure(error: unknown, at: { path: string; position?: number }): LogError {
  if (error instanceof LogError) return error;
  if (isFull(error)) {
    return new LogError(
      'FULL',
      `The disk has no room for ${at.path}; free some and try again.`,
      at,
    );
  }
  const message = `Writing ${at.path} failed (${messageOf(error)}); the log is closed to be safe.`;
  return new LogError('POISONED', message, at);
}

export function corrupt(path: string, position: number, problem: string): LogError {
  const message = `${path} is damaged at byte ${position}: ${problem}.`;
  return new LogError('CORRUPT', message, { path, position });
}
