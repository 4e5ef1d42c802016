// Exports of model streams into memory, with everything they need.
import { nullLogger } from '../../../src/base/logger.ts';
import { plainDecoder } from '../../../src/decode/decodeRecord.ts';
import { Exporter, type ExportParts, type ExportSource } from '../../../src/export/exporter.ts';
import { type RangeOptions, RangeReader } from '../../../src/export/rangeReader.ts';
import type { ExportedRecord } from '../../../src/export/record.ts';
import { RecordFilter } from '../../../src/export/recordFilter.ts';
import { RecordLines } from '../../../src/export/recordLines.ts';
import type { ExportProgress, ExportResult } from '../../../src/protocol/export.ts';
import { localPace } from '../../../src/tail/pace.ts';
import { timeBox } from '../../../src/worker/timeBox.ts';
import { seededRandom } from '../../support/seededRandom.ts';
import type { TestClock } from '../../support/testClock.ts';
import type { FakeStream } from '../../tail/support/fakeStream.ts';

export function rangeOf(
  { stream, clock }: { stream: FakeStream; clock: TestClock },
  options: Partial<RangeOptions> = {},
): RangeReader {
  return new RangeReader({
    api: stream.api,
    stream: 'flights',
    start: { type: 'TRIM_HORIZON' },
    place: 'local',
    pace: localPace,
    clock,
    random: seededRandom(1),
    logger: nullLogger,
    ...options,
  });
}

export const filterOf = (text: string, clock: TestClock): RecordFilter =>
  new RecordFilter(
    { text, timeZone: 'UTC' },
    {
      decoder: plainDecoder,
      timeBox,
      nowMs: clock.now(),
      monotonic: () => clock.monotonic(),
    },
  );

export interface Exported {
  readonly result: ExportResult;
  readonly chunks: Uint8Array[];
  readonly progress: Omit<ExportProgress, 'job'>[];
}

/** Runs an export on a clock that goes on until it has ended. */
export async function exported(
  { source, clock, query = '' }: { source: ExportSource; clock: TestClock; query?: string },
  parts: Partial<ExportParts> = {},
): Promise<Exported> {
  const chunks: Uint8Array[] = [];
  const progress: Exported['progress'] = [];
  const exporter = new Exporter({
    source,
    sink: {
      write: async (bytes) => {
        chunks.push(bytes);
      },
    },
    filter: filterOf(query, clock),
    format: 'jsonl',
    clock,
    signal: new AbortController().signal,
    progress: (said) => progress.push(said),
    ...parts,
  });
  let result: ExportResult | undefined;
  void exporter.run().then((ended) => {
    result = ended;
  });
  while (!result) await clock.advance(50);
  return { result, chunks, progress };
}

export const textOf = (chunks: readonly Uint8Array[]): string =>
  chunks.map((chunk) => new TextDecoder().decode(chunk)).join('');

export function recordsOf(chunks: readonly Uint8Array[]): ExportedRecord[] {
  const lines = new RecordLines('memory');
  return textOf(chunks)
    .split('\n')
    .flatMap((line) => lines.read(new TextEncoder().encode(line)) ?? []);
}
