/** PutRecords: up to 500 records, each with its own fate. @source documented */
import { putRecordsEntriesMax } from '../limits.ts';
import { type Infer, integer, list, operation, required, string, structure } from '../shape.ts';
import {
  data,
  dryRunMember,
  encryptionType,
  hashKey,
  partitionKey,
  sequenceNumber,
  shardId,
  streamMembers,
} from '../shapes.ts';

export const putRecordsRequestEntry = structure({
  Data: required(data),
  ExplicitHashKey: hashKey,
  /** Needed but where the stream's distribution is AUTO. */
  PartitionKey: partitionKey,
});
export type PutRecordsRequestEntry = Infer<typeof putRecordsRequestEntry>;

/** Either SequenceNumber and ShardId, or ErrorCode and ErrorMessage. */
export const putRecordsResultEntry = structure({
  SequenceNumber: sequenceNumber,
  ShardId: shardId,
  ErrorCode: string(),
  ErrorMessage: string(),
});
export type PutRecordsResultEntry = Infer<typeof putRecordsResultEntry>;

export const putRecords = operation('PutRecords', {
  input: structure({
    ...streamMembers,
    ...dryRunMember,
    Records: required(
      list(putRecordsRequestEntry, {
        min: 1,
        max: putRecordsEntriesMax,
        javaClass: 'com.amazonaws.kinesis.v20131202.PutRecordsRequestEntry',
      }),
    ),
  }),
  output: structure({
    FailedRecordCount: integer(),
    Records: required(list(putRecordsResultEntry)),
    EncryptionType: encryptionType,
  }),
});

export type PutRecordsInput = Infer<typeof putRecords.input>;
export type PutRecordsOutput = Infer<typeof putRecords.output>;
