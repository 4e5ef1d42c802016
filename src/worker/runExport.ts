/** Runs one export: finds its records, opens its file, and leaves of it what the result says. */
import { messageOf } from '../base/errors.ts';
import type { Logger } from '../base/logger.ts';
import { plainDecoder } from '../decode/decodeRecord.ts';
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
import { awsPaceOf, localPace } from '../tail/pace.ts';
import type { Connections } from './connections.ts';
import { nodeClock, nodeRandom } from './nodeClock.ts';
import type { Tails } from './tails.ts';
import { timeBox } from './timeBox.ts';

export interface ExportHost {
  readonly connections: Connections;
  readonly tails: Tails;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  progress(progress: ExportProgress): void;
}

/** Rejects when the request is wrong or its file cannot be created; nothing is there then. */
export async function runExport(request: ExportRequest, host: ExportHost): Promise<ExportResult> {
  const { what, format, job, part } = request;
  const text = what.type === 'range' ? what.query : { text: '' };
  const filter = new RecordFilter(text, {
    decoder: plainDecoder,
    timeBox,
    nowMs: nodeClock.now(),
    monotonic: nodeClock.monotonic,
  });
  const source = await sourceOf(what, host);
  const file = await ExportFile.open(part).catch((thrown: unknown) => {
    source.close();
    throw new Error(`The file could not be created: ${messageOf(thrown)}`);
  });
  const progress = (said: Omit<ExportProgress, 'job'>): void => host.progress({ ...said, job });
  const { signal } = host;
  const exporter = new Exporter({
    ...{ source, sink: file, filter, format, signal, progress },
    clock: nodeClock,
  });
  return close(file, { result: await exporter.run(), path: request.path });
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

async function sourceOf(what: ExportRequest['what'], host: ExportHost): Promise<ExportSource> {
  if (what.type === 'range') return rangeOf(what, host);
  const { tab } = host.tails.get(what.tail);
  const held = await tab.matching(host.signal);
  const { problem } = tab.view;
  // Its rows would be all of them.
  if (problem !== undefined) throw new Error(`The filter of the tail chooses nothing: ${problem}`);
  return new RowsSource(held);
}

function rangeOf(range: ExportedRange, { connections, logger }: ExportHost): RangeReader {
  const { connection, stream, start, toMs, awsReadsPerSecond: readsPerSecond = 1 } = range;
  const place = connections.spec(connection).kind;
  return new RangeReader({
    ...{ stream, start, toMs, place, logger },
    api: connections.reading(connection),
    pace: place === 'local' ? localPace : awsPaceOf({ readsPerSecond }),
    clock: nodeClock,
    random: nodeRandom,
  });
}
