/** GetRecords: a page from an iterator; at a shard's end no next iterator but its children. @source documented */
import { type Infer, list, long, operation, required, structure } from '../shape.ts';
import {
  childShard,
  dryRunMember,
  pageLimit,
  record,
  shardIterator,
  streamArn,
  streamId,
} from '../shapes.ts';

export const getRecords = operation('GetRecords', {
  input: structure({
    ShardIterator: required(shardIterator),
    Limit: pageLimit,
    StreamARN: streamArn,
    StreamId: streamId,
    ...dryRunMember,
  }),
  output: structure({
    Records: required(list(record)),
    NextShardIterator: shardIterator,
    MillisBehindLatest: long(),
    ChildShards: list(childShard),
  }),
});

export type GetRecordsInput = Infer<typeof getRecords.input>;
export type GetRecordsOutput = Infer<typeof getRecords.output>;
