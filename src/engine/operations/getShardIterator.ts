/** GetShardIterator: a position in a shard. It reads no records and remembers nothing. */
import { dryRunPassed } from '../../kinesis/errors.ts';
import type { Handler } from '../engineParts.ts';
import { findShard } from '../namedShard.ts';
import {
  type AskedPosition,
  checkNumber,
  checkTimestamp,
  startingKey,
} from '../startingPosition.ts';

export const getShardIterator: Handler<'GetShardIterator'> = async (engine, call) => {
  const { input } = call;
  const asked: AskedPosition = {
    type: input.ShardIteratorType,
    number: input.StartingSequenceNumber,
    timestamp: input.Timestamp,
  };
  checkTimestamp(asked, engine.ports.clock.now());
  const { stream, shard } = findShard(engine, call);
  checkNumber(asked, { stream, shard });
  if (input.DryRun === true) throw dryRunPassed();
  engine.throughput.iterator({ stream, shard: shard.index }, call.scope);
  const live = engine.streams.get(stream.id) ?? (await engine.streams.open(stream.id));
  const fromKey = await startingKey(live, { asked, shard }).catch((error: unknown) => {
    throw engine.streams.explain(live, error);
  });
  const { id: streamId, account, name } = stream;
  const content = { streamId, account, name, shard: shard.index, fromKey };
  return { ShardIterator: engine.tokens.iterator(content) };
};
