/** Faults of single records of a PutRecords call: the others go on, and answers keep their places. */
import type {
  PutRecordsOutput,
  PutRecordsResultEntry,
} from '../../kinesis/operations/putRecords.ts';
import type { InputOf, OperationName } from '../../kinesis/operations.ts';
import { failedEntry } from './faultErrors.ts';
import type { FaultyCall } from './playFaults.ts';

/** By place in the request. */
export type FailedEntries = Map<number, PutRecordsResultEntry>;

export function isPutRecords(
  call: FaultyCall<OperationName>,
): call is FaultyCall<OperationName> & { readonly input: InputOf<'PutRecords'> } {
  return call.operation === 'PutRecords';
}

/** The answer to the record at `place`. */
export function entryOf(
  { target }: FaultyCall<OperationName>,
  { place, effect }: { place: number; effect: 'throttle' | 'internalFailure' },
): PutRecordsResultEntry {
  return failedEntry(effect, { ShardId: target.shardIds[place] ?? '', stream: target.stream });
}

/** Puts the records that did not fail, if any, and answers for all. */
export async function runOthers(put: {
  input: InputOf<'PutRecords'>;
  failed: FailedEntries;
  run(input: InputOf<'PutRecords'>): Promise<PutRecordsOutput>;
}): Promise<PutRecordsOutput> {
  const { input, failed } = put;
  const others = input.Records.filter((_, place) => !failed.has(place));
  const nothing: PutRecordsOutput = { FailedRecordCount: 0, Records: [] };
  const output = others.length === 0 ? nothing : await put.run({ ...input, Records: others });
  let next = 0;
  const Records = input.Records.map((_, place) => failed.get(place) ?? output.Records[next++]!);
  const FailedRecordCount = (output.FailedRecordCount ?? 0) + failed.size;
  return { ...output, FailedRecordCount, Records };
}
