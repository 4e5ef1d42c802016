/** PutRecords: up to 500 records in request order, each with its own fate; bad input fails them all. */
import { dryRunPassed } from '../../kinesis/errors.ts';
import { putRecordsBytesMax } from '../../kinesis/limits.ts';
import type {
  PutRecordsOutput,
  PutRecordsResultEntry,
} from '../../kinesis/operations/putRecords.ts';
import { PackedPutRecords } from '../../kinesis/packedInputs.ts';
import { PlacedRecords } from '../../kinesis/placedRecords.ts';
import { putRateText, throughputExceeded } from '../../kinesis/throttleErrors.ts';
import type { EngineParts, Handler } from '../engineParts.ts';
import { PASSED_OVER } from '../log/log.ts';
import { LogError } from '../log/logError.ts';
import { checkPuts, packInputs, placesOf, type Stored, store, writableStream } from '../puts.ts';
import type { StreamEntry } from '../streamEntry.ts';

export const putRecords: Handler<'PutRecords'> = async (engine, call) => {
  const stream = writableStream(engine, call);
  const { input, scope } = call;
  const isPacked = input instanceof PackedPutRecords;
  const records = isPacked
    ? input.packed
    : packInputs(stream, { inputs: input.Records, ...bounds });
  const puts = checkPuts(stream, { records, ...bounds });
  if (input.DryRun === true) throw dryRunPassed();
  const stored = await store(engine, { stream, puts, scope });
  if (stored.failure !== undefined || stored.throttledCount > 0) {
    return mixedAnswer(engine, stored, stream);
  }
  const { encryption } = stored;
  // Who packs wants no objects back.
  if (isPacked && encryption.EncryptionType === undefined) {
    return new PlacedRecords({ ...stored, shards: stored.routes });
  }
  return { FailedRecordCount: 0, Records: placesOf(stored), ...encryption };
};

const bounds = {
  pathOf: (place: number, member: string): string => `records.${place + 1}.member.${member}`,
  countedMax: putRecordsBytesMax,
};

/** Some or all records were not stored. */
function mixedAnswer(
  { streams }: EngineParts,
  stored: Stored,
  stream: StreamEntry,
): PutRecordsOutput {
  const { live, routes, lanes, throttledCount, encryption, failure } = stored;
  if (failure !== undefined) {
    const error = streams.explain(live, failure);
    if (failure instanceof LogError && failure.code === 'FULL') throw error;
  }
  const places = placesOf(stored);
  let next = 0;
  const Records = routes.map(({ id }, place) => {
    if (lanes[place] === PASSED_OVER) return throttled(id, stream);
    return failure === undefined ? places[next++]! : { ...failed };
  });
  const FailedRecordCount = failure === undefined ? throttledCount : routes.length;
  return { FailedRecordCount, Records, ...encryption };
}

/** Also when it is every entry's fate. @source measured: second hand for that. */
const throttled = (ShardId: string, stream: StreamEntry): PutRecordsResultEntry => ({
  ErrorCode: throughputExceeded,
  ErrorMessage: putRateText({ ShardId, stream }),
});

/** @source documented */
const failed: PutRecordsResultEntry = {
  ErrorCode: 'InternalFailure',
  ErrorMessage: 'Internal Service Failure',
};
