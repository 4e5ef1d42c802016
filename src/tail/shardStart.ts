/** Where reading begins in a shard, by where its user wants the tail to begin. */
import { parseSequenceNumber } from '../kinesis/sequenceNumber.ts';
import type { Shard } from '../kinesis/shapes.ts';
import { parseShardId } from '../kinesis/shardId.ts';
import type { Problem, TailStart } from '../protocol/tail.ts';

type AtNumber = TailStart & { readonly type: 'AT_SEQUENCE_NUMBER' };

/** A record's number tells its shard and the second it was put in: there the other shards begin. */
export function atNumber(start: AtNumber, shard: Shard): TailStart {
  const parts = parseSequenceNumber(start.sequenceNumber);
  if (!parts || parts.shardIndex === parseShardId(shard.ShardId)) return start;
  return { type: 'AT_TIMESTAMP', timestampMs: parts.seconds * 1000 };
}

/** Why a tail of these shards cannot begin there. */
export function startProblem(start: TailStart, shards: readonly Shard[]): Problem | undefined {
  if (start.type !== 'AT_SEQUENCE_NUMBER') return undefined;
  const parts = parseSequenceNumber(start.sequenceNumber);
  if (!parts) {
    return {
      message: `${start.sequenceNumber} is no sequence number of a record. Start elsewhere.`,
    };
  }
  const isThere = shards.some(({ ShardId }) => parseShardId(ShardId) === parts.shardIndex);
  if (isThere) return undefined;
  return {
    message: `The record ${start.sequenceNumber} is of shard ${parts.shardIndex}, which this stream does not have, or not any more. Start elsewhere.`,
  };
}
