/** The usual answer of PutRecords, every record in its place, as the general way writes it. */
import type { PutRecordsOutput } from '../../kinesis/operations/putRecords.ts';

/** Undefined when there is more to say: then the general way says it. */
export function placesText(output: PutRecordsOutput): string | undefined {
  if (output.FailedRecordCount !== 0 || output.EncryptionType !== undefined) return undefined;
  const texts: string[] = [];
  for (const { SequenceNumber, ShardId, ErrorCode } of output.Records) {
    if (SequenceNumber === undefined || ShardId === undefined || ErrorCode) return undefined;
    texts.push(`{"SequenceNumber":"${SequenceNumber}","ShardId":"${ShardId}"}`);
  }
  return `{"FailedRecordCount":0,"Records":[${texts.join(',')}]}`;
}
