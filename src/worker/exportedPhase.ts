/** Records of a file that an export has written, to be put into a stream again: looked at as a whole first. */
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { ExportedRecord } from '../export/record.ts';
import { LineError, lineBytesMax, RecordLines } from '../export/recordLines.ts';
import type { PublishProgress, PublishRequest } from '../protocol/worker.ts';
import type { PublishRecord } from '../publish/document.ts';
import { fileLines, type LineLimit } from '../publish/files/fileLines.ts';
import type { Phase } from '../publish/publisher.ts';

type Source = Extract<PublishRequest['source'], { type: 'records' }>;

export interface PhaseHost {
  readonly job: number;
  readonly signal: AbortSignal;
  progress(progress: PublishProgress): void;
}

/** Progress is told, and others get their turn, after so many records. */
const recordsPerTurn = 10_000;

const aLine: LineLimit = {
  bytesMax: lineBytesMax,
  isWhat: 'longer than 64 MiB, which no exported record is.',
};

/** Undefined when cancelled. Rejects for a file with a line that is no record: nothing of it is put. */
export async function exportedPhase(source: Source, host: PhaseHost): Promise<Phase | undefined> {
  const total = await countOf(source, host);
  if (host.signal.aborted) return undefined;
  return { name: 'records of a file', total, records: recordsOf(source, total) };
}

async function countOf({ path: file }: Source, { job, signal, progress }: PhaseHost) {
  let count = 0;
  for await (const _ of recordsIn(file)) {
    if (signal.aborted) return count;
    if (++count % recordsPerTurn !== 0) continue;
    progress({
      ...none,
      job,
      phase: `looking at the file, ${textOf(count)} records`,
    });
    await turn();
  }
  if (count === 0) throw new LineError(`${path.basename(file)} holds no record.`);
  return count;
}

const none = { acknowledged: 0, retried: 0, failed: 0 };

async function* recordsOf(
  { path: file, order }: Source,
  total: number,
): AsyncGenerator<PublishRecord> {
  let count = 0;
  try {
    for await (const record of recordsIn(file)) {
      if (count === total) throw new LineError(`it has more than ${textOf(total)} records now.`);
      count++;
      yield putAgain(record, order);
    }
    if (count < total) {
      throw new LineError(`it ends after ${textOf(count)} of ${textOf(total)} records.`);
    }
  } catch (thrown) {
    if (!(thrown instanceof LineError)) throw thrown;
    throw new LineError(
      `The file has changed since it was looked at: ${thrown.message} What came before was put.`,
    );
  }
}

const textOf = (count: number): string => count.toLocaleString('en-US');

async function* recordsIn(file: string): AsyncGenerator<ExportedRecord> {
  const lines = new RecordLines(path.basename(file));
  for await (const { bytes, hasEnd } of fileLines(file, aLine)) {
    const record = lines.read(bytes, hasEnd);
    if (record) yield record;
  }
}

/** The order of a key is kept in both cases: its records may lie in a shard and in that one's children. */
function putAgain(record: ExportedRecord, order: Source['order']): PublishRecord {
  const { shardId, partitionKey, explicitHashKey, data } = record;
  const isKeyless = partitionKey === '';
  const keyLane = isKeyless ? [] : [`key ${partitionKey}`];
  return {
    ...{ partitionKey, explicitHashKey, data },
    isKeyless,
    lanes: order === 'key' ? keyLane : [...keyLane, `shard ${shardId}`],
  };
}
