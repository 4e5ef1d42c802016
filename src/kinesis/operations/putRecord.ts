/** PutRecord: one record into the shard that covers its hash key. @source documented */
import { type Infer, operation, required, structure } from '../shape.ts';
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

export const putRecord = operation('PutRecord', {
  input: structure({
    ...streamMembers,
    Data: required(data),
    /** Needed but where the stream's distribution is AUTO. */
    PartitionKey: partitionKey,
    ExplicitHashKey: hashKey,
    SequenceNumberForOrdering: sequenceNumber,
    ...dryRunMember,
  }),
  output: structure({
    ShardId: required(shardId),
    SequenceNumber: required(sequenceNumber),
    EncryptionType: encryptionType,
  }),
});

export type PutRecordInput = Infer<typeof putRecord.input>;
export type PutRecordOutput = Infer<typeof putRecord.output>;
