/** DescribeStream: one stream and a page of its shards. Works in every state, also when files are damaged. */
import { describeShardsMax } from '../../kinesis/limits.ts';
import { formatShardId } from '../../kinesis/shardId.ts';
import { detailsOf } from '../describe.ts';
import { findStream, type Handler } from '../engineParts.ts';
import { listedShards, shardOf } from '../shardView.ts';

export const describeStream: Handler<'DescribeStream'> = async (engine, call) => {
  const stream = findStream(engine, call);
  const after = call.input.ExclusiveStartShardId ?? '';
  const limit = Math.min(call.input.Limit ?? describeShardsMax, describeShardsMax);
  const shards = listedShards(stream, engine.ages).filter(
    ({ index }) => formatShardId(index) > after,
  );
  return {
    StreamDescription: {
      ...detailsOf(stream),
      Shards: shards.slice(0, limit).map(shardOf),
      HasMoreShards: shards.length > limit,
    },
  };
};
