/** Runs one export: finds its records, opens its file, and leaves of it what the result says. */
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import { messageOf } from '../base/errors.ts';
import type { Logger } from '../base/logger.ts';
import { PinnedDecoder } from '../decode/pinnedDecoder.ts';
import { Exporter, type ExportSource } from '../export/exporter.ts';
import { ExportFile } from '../export/files/exportFile.ts';
import { RangeReader } from '../export/rangeReader.ts';
import { RecordFilter } from '../export/recordFilter.ts';
import { RowsSource } from '../export/rowsSource.ts';
import type {
  ExportedRange,
  ExportProgress,
  ExportRequest,
  ExportResult,
} from '../protocol/export.ts';
import { nodeClock, nodeRandom } from './nodeClock.ts';
import type { StreamReads } from './streamReads.ts';
import type { Tails } from './tails.ts';
import { timeBox } from './timeBox.ts';

export interface ExportHost {
  readonly reads: StreamReads;
  readonly tails: Tails;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  progress(progress: ExportProgress): void;
}

/** Rejects when the request is wrong or its file cannot be created; nothing is there then. */
export async function runExport(request: ExportRequest, host: ExportHost): Promise<ExportResult> {
  const { what, format, job, part } = request;
  const { query, pinned = [] } = what.type === 'range' ? what : { query: { text: '' } };
  const decoder = new PinnedDecoder();
  const problem = decoder.pin(pinned);
  if (problem !== undefined) host.logger.warn(`The export decodes automatically: ${problem}`);
  const { source, clock, dispose } = await sourceOf(what, host);
  try {
    const filter = new RecordFilter(query, {
      decoder,
      timeBox,
      nowMs: clock.now(),
      monotonic: nodeClock.monotonic,
    });
    const file = await ExportFile.open(part).catch((thrown: unknown) => {
      throw new Error(`The file could not be created: ${messageOf(thrown)}`);
    });
    const progress = (said: Omit<ExportProgress, 'job'>): void => host.progress({ ...said, job });
    const { signal } = host;
    const exporter = new Exporter({
      ...{ source, sink: file, filter, format, signal, progress },
      clock: nodeClock,
    });
    return await close(file, { result: await exporter.run(), path: request.path });
  } finally {
    source.close();
    dispose();
  }
}

async function close(
  file: ExportFile,
  { result, path }: { result: ExportResult; path: string },
): Promise<ExportResult> {
  if (result.end === 'failed') await file.leave();
  else if (result.end === 'cancelled') await file.remove();
  else {
    try {
      await file.finish(path);
    } catch (thrown) {
      const failure = `The file could not be put in its place: ${messageOf(thrown)}`;
      return { ...result, end: 'failed', failure };
    }
  }
  return result;
}

interface Opened extends Disposable {
  readonly source: ExportSource;
  /** Of the stream; rows go by the filter of their tail. */
  readonly clock: Clock;
}

async function sourceOf(what: ExportRequest['what'], host: ExportHost): Promise<Opened> {
  if (what.type === 'range') return rangeOf(what, host);
  const { tab } = host.tails.get(what.tail);
  const held = await tab.matching(what.filter, host.signal);
  return { source: new RowsSource(held), clock: nodeClock, dispose: () => undefined };
}

function rangeOf(range: ExportedRange, host: ExportHost): Opened {
  const { start, toMs } = range;
  const { reads, dispose } = host.reads.open(range);
  const made = { ...reads, start, toMs, logger: host.logger, random: nodeRandom };
  return { source: new RangeReader(made), clock: reads.clock, dispose };
}
