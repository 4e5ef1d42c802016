/** Runs one publish request: opens its files, makes its records, and hands both to the publisher. */
import { readFile } from 'node:fs/promises';
import type { Logger } from '../base/logger.ts';
import type { KinesisApi } from '../kinesis/kinesisApi.ts';
import type { PublishProgress, PublishRequest, PublishResult } from '../protocol/worker.ts';
import {
  type KeyChoice,
  type PublishRecord,
  recordOfLine,
  recordsOfText,
} from '../publish/document.ts';
import { fileLines } from '../publish/files/fileLines.ts';
import { ReceiptFile } from '../publish/files/receiptFile.ts';
import { type Phase, Publisher } from '../publish/publisher.ts';
import { samplePhases } from '../publish/sample.ts';
import { exportedPhase } from './exportedPhase.ts';
import { nodeClock, nodeRandom } from './nodeClock.ts';

export interface PublishHost {
  readonly api: KinesisApi;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  progress(progress: PublishProgress): void;
}

/** Rejects when a file cannot be read or written; what a stream refuses is part of the result. */
export async function runPublish(
  request: PublishRequest,
  host: PublishHost,
): Promise<PublishResult> {
  const phases = await phasesOf(request, host);
  const receipts =
    request.receipts === undefined ? undefined : await ReceiptFile.open(request.receipts);
  const { stream, job } = request;
  const publisher = new Publisher({
    ...host,
    stream,
    job,
    receipts,
    clock: nodeClock,
    random: nodeRandom,
  });
  try {
    return await publisher.run(phases);
  } finally {
    await receipts?.close();
  }
}

async function phasesOf({ source, job }: PublishRequest, host: PublishHost): Promise<Phase[]> {
  switch (source.type) {
    case 'record':
      return [{ name: 'one record', total: 1, records: [source].values() }];
    case 'text':
      return [{ name: 'lines of text', records: recordsOfText(source.text, keyOf(source)) }];
    case 'file':
      return [{ name: 'lines of a file', records: recordsOfFile(source.path, keyOf(source)) }];
    case 'records': {
      const phase = await exportedPhase(source, { ...host, job });
      return phase ? [phase] : [];
    }
    case 'sample': {
      const text = await readFile(source.path, 'utf8');
      return samplePhases(text.split('\n').filter(Boolean));
    }
  }
}

const keyOf = ({ keyField }: { keyField?: string | undefined }): KeyChoice => ({
  keyField,
  random: nodeRandom,
});

async function* recordsOfFile(path: string, choice: KeyChoice): AsyncGenerator<PublishRecord> {
  for await (const { bytes } of fileLines(path)) {
    const record = recordOfLine(bytes, choice);
    if (record) yield record;
  }
}
