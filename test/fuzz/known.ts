// Names, iterators, numbers and tokens of a running engine, for requests that mean something.
import type { KinesisApi } from '../../src/kinesis/kinesisApi.ts';

const streams = ['x0', 'x1', 'x2'];
const shard = 'shardId-000000000000';

/**
 * What the engine gives out, by the member that takes it; makes what is missing. Failures do not matter: the
 * requests that are sent meanwhile delete and split.
 */
export async function knownOf(api: KinesisApi): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  const add = (member: string, ...values: (string | undefined)[]): void => {
    const all = found.get(member) ?? [];
    for (const value of values) if (value !== undefined) all.push(value);
    found.set(member, all);
  };
  const tried = async <T>(work: Promise<T>): Promise<T | undefined> => work.catch(() => undefined);
  for (const StreamName of streams) {
    await tried(api.createStream({ StreamName, ShardCount: 2 }));
    await new Promise((resolve) => setTimeout(resolve, 5));
    const StreamARN = `arn:aws:kinesis:us-east-1:000000000000:stream/${StreamName}`;
    add('StreamName', StreamName);
    add('StreamARN', StreamARN);
    add('ResourceARN', StreamARN);
    const put = { StreamName, PartitionKey: 'k', Data: new Uint8Array(20) };
    const number = (await tried(api.putRecord(put)))?.SequenceNumber;
    add('SequenceNumber', number);
    add('StartingSequenceNumber', number);
    add('SequenceNumberForOrdering', number);
    const from = { StreamName, ShardId: shard, ShardIteratorType: 'TRIM_HORIZON' as const };
    add('ShardIterator', (await tried(api.getShardIterator(from)))?.ShardIterator);
    const listed = await tried(api.listShards({ StreamName, MaxResults: 1 }));
    add('NextToken', listed?.NextToken);
    const consumer = await tried(api.registerStreamConsumer({ StreamARN, ConsumerName: 'c' }));
    add('ConsumerARN', consumer?.Consumer.ConsumerARN);
    add('ConsumerName', 'c');
  }
  for (const member of ['ShardId', 'ShardToSplit', 'ShardToMerge', 'ExclusiveStartShardId']) {
    add(member, shard, 'shardId-000000000001');
  }
  add('AdjacentShardToMerge', 'shardId-000000000001');
  for (const member of ['ExplicitHashKey', 'NewStartingHashKey'])
    add(member, '1', String(2n ** 126n));
  return found;
}
