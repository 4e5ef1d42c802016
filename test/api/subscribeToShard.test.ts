// SubscribeToShard: records are pushed, in every encoding and over every kind of connection.
import { expect, it } from 'vitest';
import type { SubscribeToShardEvent } from '../../src/kinesis/subscribeToShardEvent.ts';
import { expectError, onEveryTarget } from './targets.ts';

const shard = 'shardId-000000000000';

/** Events until `isLast`; then the client leaves. */
async function eventsOf(
  stream: AsyncIterable<{ SubscribeToShardEvent: SubscribeToShardEvent }>,
  isLast: (events: readonly SubscribeToShardEvent[]) => boolean,
): Promise<SubscribeToShardEvent[]> {
  const events: SubscribeToShardEvent[] = [];
  for await (const { SubscribeToShardEvent: event } of stream) {
    events.push(event);
    if (isLast(events)) break;
  }
  return events;
}

const recordsOf = (events: readonly SubscribeToShardEvent[]) =>
  events.flatMap(({ Records }) => Records);

onEveryTarget('SubscribeToShard', (getTarget) => {
  it('pushes what is stored and what is put later, as it was put', async () => {
    const target = getTarget();
    const StreamName = await target.stream();
    const ConsumerARN = await target.consumer(StreamName);
    const data = [new Uint8Array([0, 255, 1]), new Uint8Array(), new Uint8Array(5000).fill(7)];
    const numbers: string[] = [];
    const put = async (place: number): Promise<void> => {
      const Data = data[place]!;
      const record = { StreamName, PartitionKey: `ключ-${place} 🔑`, Data };
      numbers.push((await target.api.putRecord(record)).SequenceNumber);
    };
    await put(0);
    const { EventStream } = await target.api.subscribeToShard({
      ConsumerARN,
      ShardId: shard,
      StartingPosition: { Type: 'TRIM_HORIZON' },
    });
    const reading = eventsOf(EventStream, (events) => recordsOf(events).length === data.length);
    await put(1);
    await put(2);
    const events = await reading;
    const records = recordsOf(events);
    expect(records.map(({ SequenceNumber }) => SequenceNumber)).toEqual(numbers);
    expect(records.map(({ Data }) => [...Data])).toEqual(data.map((bytes) => [...bytes]));
    expect(records[2]!.PartitionKey).toBe('ключ-2 🔑');
    expect(records[0]!.ApproximateArrivalTimestamp).toBeInstanceOf(Date);
    expect(events.at(-1)!.MillisBehindLatest).toBe(0);
    expect(events.at(-1)!.ContinuationSequenceNumber).toMatch(/^\d{56}$/);
  });

  it('opens records of an encrypted stream, and says which they are', async () => {
    const target = getTarget();
    const StreamName = await target.stream();
    const ConsumerARN = await target.consumer(StreamName);
    await target.put(StreamName, 'before');
    const key = { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' } as const;
    await target.api.startStreamEncryption({ StreamName, ...key });
    await target.active(StreamName);
    await target.put(StreamName, 'stored');
    const { EventStream } = await target.api.subscribeToShard({
      ConsumerARN,
      ShardId: shard,
      StartingPosition: { Type: 'TRIM_HORIZON' },
    });
    const reading = eventsOf(EventStream, (events) => recordsOf(events).length === 3);
    await target.put(StreamName, 'pushed');
    const text = new TextDecoder();
    const seen = recordsOf(await reading).map(({ Data, PartitionKey, EncryptionType = 'NONE' }) => {
      return [text.decode(Data), PartitionKey, EncryptionType];
    });
    expect(seen).toEqual([
      ['before', 'before', 'NONE'],
      ['stored', 'stored', 'KMS'],
      ['pushed', 'pushed', 'KMS'],
    ]);
  });

  it('ends a closed shard with its children', async () => {
    const target = getTarget();
    const StreamName = await target.stream();
    const ConsumerARN = await target.consumer(StreamName);
    await target.api.putRecord({ StreamName, PartitionKey: 'k', Data: new Uint8Array(3) });
    const { EventStream } = await target.api.subscribeToShard({
      ConsumerARN,
      ShardId: shard,
      StartingPosition: { Type: 'TRIM_HORIZON' },
    });
    const reading = eventsOf(EventStream, () => false);
    const NewStartingHashKey = (2n ** 127n).toString();
    await target.api.splitShard({ StreamName, ShardToSplit: shard, NewStartingHashKey });
    await target.active(StreamName);
    const events = await reading;
    expect(recordsOf(events)).toHaveLength(1);
    const last = events.at(-1)!;
    expect(last.ChildShards!.map(({ ShardId, ParentShards }) => [ShardId, ParentShards])).toEqual([
      ['shardId-000000000001', [shard]],
      ['shardId-000000000002', [shard]],
    ]);
    expect(last.ContinuationSequenceNumber).toBeUndefined();
  });

  it('refuses an unknown consumer, an unknown shard, and a number of another shard', async () => {
    const target = getTarget();
    const StreamName = await target.stream({ ShardCount: 2 });
    const ConsumerARN = await target.consumer(StreamName);
    const StartingPosition = { Type: 'LATEST' } as const;
    const unknown = `${target.arnOf(StreamName)}/consumer/nobody:1`;
    await expectError(
      target.api.subscribeToShard({ ConsumerARN: unknown, ShardId: shard, StartingPosition }),
      {
        name: 'ResourceNotFoundException',
        message: `Consumer ${unknown}, account ${target.account} not found.`,
      },
    );
    await expectError(
      target.api.subscribeToShard({
        ConsumerARN,
        ShardId: 'shardId-000000000009',
        StartingPosition,
      }),
      {
        name: 'ResourceNotFoundException',
        message:
          `Shard shardId-000000000009 in stream ${StreamName} under account ${target.account} ` +
          'does not exist',
      },
    );
    const [first] = await target.shards(StreamName);
    const SequenceNumber = first!.SequenceNumberRange.StartingSequenceNumber;
    const other = target.api.subscribeToShard({
      ConsumerARN,
      ShardId: 'shardId-000000000001',
      StartingPosition: { Type: 'AT_SEQUENCE_NUMBER', SequenceNumber },
    });
    await expect(other).rejects.toMatchObject({ name: 'InvalidArgumentException' });
  });

  it('refuses a second subscription of the pair within five seconds', async () => {
    const target = getTarget();
    const StreamName = await target.stream();
    const ConsumerARN = await target.consumer(StreamName);
    const asked = {
      ConsumerARN,
      ShardId: shard,
      StartingPosition: { Type: 'TRIM_HORIZON' as const },
    };
    await target.api.putRecord({ StreamName, PartitionKey: 'k', Data: new Uint8Array(1) });
    const { EventStream } = await target.api.subscribeToShard(asked);
    const iterator = EventStream[Symbol.asyncIterator]();
    await iterator.next();
    await expect(target.api.subscribeToShard(asked)).rejects.toMatchObject({
      name: 'ResourceInUseException',
    });
    await iterator.return?.();
  });
});
