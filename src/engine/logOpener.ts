/** Opens the logs of an engine's streams, all sharing two pools of open files and one budget of memory. */
import { MIB, retentionHoursDefault } from '../kinesis/limits.ts';
import { BatchBuffers } from './log/batchBuffers.ts';
import { IndexCache, PartRuns, RecentPool } from './log/memory.ts';
import { openLog } from './log/openLog.ts';
import { PageBuffers } from './log/pageBuffers.ts';
import { ReadHandles } from './log/readHandles.ts';
import { boundedAppends } from './log/writeHandles.ts';
import type { LogOpener } from './openStreams.ts';
import type { EnginePorts, EngineSettings } from './ports.ts';

const hourMs = 3_600_000;
/** A quiet stream's segment is closed at this age, so that it can expire. */
const segmentAgeMs = Math.min((retentionHoursDefault * hourMs) / 24, hourMs);

/** A segment goes as a whole, and the newest of each stream stays: small folders have small segments. */
const segmentBytesFor = (folderBytesMax: number): number =>
  Math.min(32 * MIB, Math.max(MIB, Math.floor(folderBytesMax / 32)));

export function logOpener(
  ports: EnginePorts,
  {
    durability,
    folderBytesMax,
    segmentBytesMax = segmentBytesFor(folderBytesMax),
  }: Pick<EngineSettings, 'durability' | 'folderBytesMax' | 'segmentBytesMax'>,
): LogOpener {
  const { clock, random, logger, crc32, copierOf, gather } = ports;
  const files = boundedAppends(ports.files);
  const pageBuffers = new PageBuffers();
  const shared = {
    readHandles: new ReadHandles(files),
    indexCache: new IndexCache(),
    recentPool: new RecentPool(),
    partRuns: new PartRuns(undefined, pageBuffers),
    buffers: new BatchBuffers(),
    pageBuffers,
  };
  return async (folder) => {
    const settings = { durability, segmentAgeMs, segmentBytesMax };
    const base = { files, folder, clock, random, logger, crc32, copierOf, gather };
    const { log, report } = await openLog({ ...base, ...settings, ...shared });
    return { log, notices: report.notices };
  };
}
