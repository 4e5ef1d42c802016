/** The usual answer of PutRecords in JSON. */
import { placesWriter } from '../placesWriter.ts';

export const placesText = placesWriter({
  headOf: () => '{"FailedRecordCount":0,"Records":[',
  beforeNumber: '{"SequenceNumber":"',
  beforeDigits: '","ShardId":"shardId-',
  end: '"}',
  separator: ',',
  tail: ']}',
});
