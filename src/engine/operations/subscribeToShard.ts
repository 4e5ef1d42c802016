/** SubscribeToShard: checks what is asked for, and begins the subscription. */
import { consumerNotActive } from '../../kinesis/consumerErrors.ts';
import { dryRunPassed } from '../../kinesis/errors.ts';
import { consumerArnOf, findConsumer, idOf, ownConsumer } from '../consumers.ts';
import { arnOf } from '../describe.ts';
import type { Handler } from '../engineParts.ts';
import { findShard } from '../namedShard.ts';
import {
  type AskedPosition,
  checkNumber,
  checkTimestamp,
  startingKey,
} from '../startingPosition.ts';

/** @source guessed: the order of the checks. */
export const subscribeToShard: Handler<'SubscribeToShard'> = async (engine, { input, scope }) => {
  const { Type: type, SequenceNumber: number, Timestamp: timestamp } = input.StartingPosition;
  const asked: AskedPosition = { type, number, timestamp };
  checkTimestamp(asked, engine.ports.clock.now());
  const own = ownConsumer(engine, { input, scope });
  const found = own ?? findConsumer(engine, { input, scope });
  const { consumer } = found;
  const naming = { StreamARN: arnOf(found.stream), ShardId: input.ShardId };
  const { stream, shard } = findShard(engine, { input: naming, scope });
  if (consumer.status !== 'ACTIVE') throw consumerNotActive(idOf(found), consumer.createdSeconds);
  checkNumber(asked, { stream, shard });
  if (input.DryRun === true) throw dryRunPassed();
  const live = engine.streams.get(stream.id) ?? (await engine.streams.open(stream.id));
  const fromKey = await startingKey(live, { asked, shard }).catch((error: unknown) => {
    throw engine.streams.explain(live, error);
  });
  const { name, createdSeconds } = consumer;
  const { id: streamId, account } = stream;
  const of = {
    ...{ streamId, account, name: stream.name, shard: shard.index, fromKey },
    consumer: { name, createdSeconds, arn: consumerArnOf(stream, consumer) },
    isOwn: own !== undefined,
  };
  return { EventStream: engine.subscriptions.begin(engine, { of, scope }) };
};
