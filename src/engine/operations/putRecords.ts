/** PutRecords: up to 500 records in request order, each with its own fate; bad input fails them all. */
import { limitExceeded } from '../../kinesis/errors.ts';
import { putRecordsBytesMax } from '../../kinesis/limits.ts';
import type { PutRecordsResultEntry } from '../../kinesis/operations/putRecords.ts';
import { recordsTooLong } from '../../kinesis/putErrors.ts';
import type { EngineParts, Handler } from '../engineParts.ts';
import type { Appended, LiveStream } from '../liveStream.ts';
import { LogError } from '../log/logError.ts';
import { checkPut, placeOf, withRoom, writableStream } from '../puts.ts';
import type { StreamEntry } from '../streamEntry.ts';

export const putRecords: Handler<'PutRecords'> = async (engine, call) => {
  const stream = writableStream(engine, call);
  const puts = call.input.Records.map((input, index) =>
    checkPut(stream, { input, path: `records.${index + 1}.member.data` }),
  );
  const countedBytes = puts.reduce((sum, put) => sum + put.countedBytes, 0);
  if (countedBytes > putRecordsBytesMax) throw recordsTooLong();
  const append = (live: LiveStream): Batch => {
    const appended = puts.map((put) => live.append(put));
    return { appended, fates: Promise.allSettled(appended.map(({ stored }) => stored)) };
  };
  const settled = ({ fates }: Batch) => fates;
  const { appended, fates } = await withRoom(engine, { stream, puts, append, settled });
  return answer(engine, { stream, appended, fates: await fates });
};

interface Batch {
  readonly appended: readonly Appended[];
  readonly fates: Promise<PromiseSettledResult<void>[]>;
}

function answer(
  engine: EngineParts,
  batch: {
    stream: StreamEntry;
    appended: readonly Appended[];
    fates: readonly PromiseSettledResult<void>[];
  },
) {
  const failures = batch.fates.filter((fate) => fate.status === 'rejected');
  for (const { reason } of failures) {
    const error = engine.streams.explain(batch.stream.id, reason);
    const isFull = reason instanceof LogError && reason.code === 'FULL';
    if (isFull && failures.length === batch.fates.length) throw limitExceeded(error.message);
  }
  const Records = batch.fates.map((fate, index) =>
    fate.status === 'fulfilled' ? placeOf(batch.appended[index]!) : { ...failed },
  );
  return { FailedRecordCount: failures.length, Records };
}

/** @source documented */
const failed: PutRecordsResultEntry = {
  ErrorCode: 'InternalFailure',
  ErrorMessage: 'Internal Service Failure',
};
