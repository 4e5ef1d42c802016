/** PutRecords: up to 500 records in request order, each with its own fate; bad input fails them all. */
import { dryRunPassed } from '../../kinesis/errors.ts';
import { putRecordsBytesMax } from '../../kinesis/limits.ts';
import type {
  PutRecordsOutput,
  PutRecordsResultEntry,
} from '../../kinesis/operations/putRecords.ts';
import { recordsTooLong } from '../../kinesis/putErrors.ts';
import { putRateText, throughputExceeded } from '../../kinesis/throttleErrors.ts';
import type { EngineParts, Handler } from '../engineParts.ts';
import { LogError } from '../log/logError.ts';
import {
  checkPuts,
  isThrottled,
  placesOf,
  type Stored,
  store,
  type Throttled,
  writableStream,
} from '../puts.ts';
import type { StreamEntry } from '../streamEntry.ts';

export const putRecords: Handler<'PutRecords'> = async (engine, call) => {
  const stream = writableStream(engine, call);
  const puts = checkPuts(stream, { inputs: call.input.Records, pathOf });
  if (puts.countedBytes > putRecordsBytesMax) throw recordsTooLong();
  if (call.input.DryRun === true) throw dryRunPassed();
  return answer(engine, await store(engine, { stream, puts, scope: call.scope }), stream);
};

const pathOf = (place: number): string => `records.${place + 1}.member.data`;

function answer(
  { streams }: EngineParts,
  { live, records, appended, encryption, failureOf, hasFailures }: Stored,
  stream: StreamEntry,
): PutRecordsOutput {
  const places = placesOf(appended);
  const isAllStored = !hasFailures && appended.length === records.length;
  if (isAllStored) return { FailedRecordCount: 0, Records: places, ...encryption };
  const failures = appended.map(failureOf).filter((failure) => failure !== undefined);
  for (const failure of new Set(failures)) {
    const error = streams.explain(live, failure);
    const isFull = failure instanceof LogError && failure.code === 'FULL';
    if (isFull && failures.length === appended.length) throw error;
  }
  let next = 0;
  const Records = records.map((record) => {
    if (isThrottled(record)) return throttled(record, stream);
    const place = places[next++]!;
    return failureOf(record) === undefined ? place : { ...failed };
  });
  const FailedRecordCount = failures.length + records.length - appended.length;
  return { FailedRecordCount, Records, ...encryption };
}

/** Also when it is every entry's fate. @source measured: second hand for that. */
const throttled = ({ throttledBy }: Throttled, stream: StreamEntry): PutRecordsResultEntry => ({
  ErrorCode: throughputExceeded,
  ErrorMessage: putRateText({ ShardId: throttledBy.id, stream }),
});

/** @source documented */
const failed: PutRecordsResultEntry = {
  ErrorCode: 'InternalFailure',
  ErrorMessage: 'Internal Service Failure',
};
