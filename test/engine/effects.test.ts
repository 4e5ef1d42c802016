// What each operation does is seen through another one: at once, after a restart and after a kill.
import { describe, expect, it } from 'vitest';
import type { KinesisApi } from '../../src/kinesis/kinesisApi.ts';
import { type OperationName, writeOperations } from '../../src/kinesis/operations.ts';
import type { SubscribeToShardEvent } from '../../src/kinesis/subscribeToShardEvent.ts';
import { rejection, TestEngine } from './support/testEngine.ts';

const StreamName = 'orders';
const StreamARN = `arn:aws:kinesis:us-east-1:000000000000:stream/${StreamName}`;
const ResourceARN = StreamARN;
const named = { StreamARN, ConsumerName: 'c' };
const key = { StreamName, EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' } as const;
const onDemand = { StreamModeDetails: { StreamMode: 'ON_DEMAND' } } as const;
const Policy = JSON.stringify({
  Statement: { Effect: 'Allow', Principal: '*', Action: 'kinesis:*', Resource: StreamARN },
});
const half = String(2n ** 127n);
const split = { StreamName, ShardToSplit: '0', NewStartingHashKey: half };
const toTwo = { StreamName, TargetShardCount: 2, ScalingType: 'UNIFORM_SCALING' } as const;
const MIB = 1024 ** 2;

/** An operation's effect on stream `orders`, which has one shard unless it is on demand. */
interface Effect {
  readonly isOnDemand?: true;
  /** What must have happened before. */
  readonly prepare?: (api: KinesisApi) => Promise<unknown>;
  readonly call: (api: KinesisApi) => Promise<unknown>;
  /** Asks other operations; may be asked again and again. */
  readonly look: (api: KinesisApi) => Promise<unknown>;
  /** What `look` finds before the call and after it. */
  readonly before: unknown;
  readonly after: unknown;
}

const put = (api: KinesisApi, bytes = 1) =>
  api.putRecord({ StreamName, PartitionKey: 'k', Data: new Uint8Array(bytes) });

/** All records of the first shard. */
async function recordsOf(api: KinesisApi) {
  const from = { StreamName, ShardId: '0', ShardIteratorType: 'TRIM_HORIZON' as const };
  const { ShardIterator } = await api.getShardIterator(from);
  return (await api.getRecords({ ShardIterator: ShardIterator! })).Records;
}

const shardsOf = async (api: KinesisApi): Promise<string> => {
  const { Shards } = await api.listShards({ StreamName });
  return Shards!
    .map(({ ShardId, SequenceNumberRange: { EndingSequenceNumber } }) => {
      return ShardId.slice(-1) + (EndingSequenceNumber === undefined ? '' : ' closed');
    })
    .join(', ');
};
const namesOf = async (api: KinesisApi) => (await api.listStreams({})).StreamNames;
const detailsOf = async (api: KinesisApi) =>
  (await api.describeStream({ StreamName })).StreamDescription;
const hoursOf = async (api: KinesisApi) => (await detailsOf(api)).RetentionPeriodHours;
const metricsOf = async (api: KinesisApi) =>
  (await detailsOf(api)).EnhancedMonitoring[0]!.ShardLevelMetrics;
const policyOf = async (api: KinesisApi) => (await api.getResourcePolicy({ ResourceARN })).Policy;
const streamTags = async (api: KinesisApi) => (await api.listTagsForStream({ StreamName })).Tags;
const resourceTags = async (api: KinesisApi) =>
  (await api.listTagsForResource({ ResourceARN })).Tags;
const consumersOf = async (api: KinesisApi) =>
  (await api.listStreamConsumers({ StreamARN })).Consumers!.map(
    ({ ConsumerName, ConsumerStatus }) => `${ConsumerName} ${ConsumerStatus}`,
  );
/** Of a record that is put now, as it is read. */
const encryptionOf = async (api: KinesisApi) => {
  await put(api);
  return (await recordsOf(api)).at(-1)!.EncryptionType ?? 'NONE';
};
/** What comes of a call. */
const outcome = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'done',
    (error: Error) => error.name,
  );
/** How many shards eight records of one key go to. */
const spreadOf = async (api: KinesisApi) => {
  const shards = new Set<string>();
  for (let count = 0; count < 8; count++) shards.add((await put(api)).ShardId);
  return shards.size;
};

const a1 = [{ Key: 'a', Value: '1' }];

const effects: Readonly<Partial<Record<OperationName, Effect>>> = {
  AddTagsToStream: {
    call: (api) => api.addTagsToStream({ StreamName, Tags: { a: '1' } }),
    look: resourceTags,
    before: [],
    after: a1,
  },
  CreateStream: {
    call: (api) => api.createStream({ StreamName: 'other', ShardCount: 1 }),
    look: namesOf,
    before: ['orders'],
    after: ['orders', 'other'],
  },
  DecreaseStreamRetentionPeriod: {
    prepare: (api) => api.increaseStreamRetentionPeriod({ StreamName, RetentionPeriodHours: 72 }),
    call: (api) => api.decreaseStreamRetentionPeriod({ StreamName, RetentionPeriodHours: 48 }),
    look: hoursOf,
    before: 72,
    after: 48,
  },
  DeleteResourcePolicy: {
    prepare: (api) => api.putResourcePolicy({ ResourceARN, Policy }),
    call: (api) => api.deleteResourcePolicy({ ResourceARN }),
    look: policyOf,
    before: Policy,
    after: '{}',
  },
  DeleteStream: {
    call: (api) => api.deleteStream({ StreamName }),
    look: namesOf,
    before: ['orders'],
    after: [],
  },
  DeregisterStreamConsumer: {
    prepare: (api) => api.registerStreamConsumer(named),
    call: (api) => api.deregisterStreamConsumer(named),
    look: consumersOf,
    before: ['c ACTIVE'],
    after: [],
  },
  DisableEnhancedMonitoring: {
    prepare: (api) => api.enableEnhancedMonitoring({ StreamName, ShardLevelMetrics: ['ALL'] }),
    call: (api) =>
      api.disableEnhancedMonitoring({ StreamName, ShardLevelMetrics: ['IncomingBytes'] }),
    look: async (api) => (await metricsOf(api))!.includes('IncomingBytes'),
    before: true,
    after: false,
  },
  EnableEnhancedMonitoring: {
    call: (api) =>
      api.enableEnhancedMonitoring({ StreamName, ShardLevelMetrics: ['IncomingBytes'] }),
    look: metricsOf,
    before: [],
    after: ['IncomingBytes'],
  },
  IncreaseStreamRetentionPeriod: {
    call: (api) => api.increaseStreamRetentionPeriod({ StreamName, RetentionPeriodHours: 8760 }),
    look: hoursOf,
    before: 24,
    after: 8760,
  },
  MergeShards: {
    prepare: (api) => api.splitShard(split),
    call: (api) => api.mergeShards({ StreamName, ShardToMerge: '1', AdjacentShardToMerge: '2' }),
    look: shardsOf,
    before: '0 closed, 1, 2',
    after: '0 closed, 1 closed, 2 closed, 3',
  },
  PutRecord: {
    call: (api) => put(api, 3),
    look: async (api) => (await recordsOf(api)).map(({ Data }) => Data.length),
    before: [],
    after: [3],
  },
  PutRecords: {
    call: (api) => {
      const Records = [5, 7].map((bytes) => {
        return { PartitionKey: `${bytes}`, Data: new Uint8Array(bytes) };
      });
      return api.putRecords({ StreamName, Records });
    },
    look: async (api) =>
      (await recordsOf(api)).map(({ Data, PartitionKey }) => [Data.length, PartitionKey]),
    before: [],
    after: [
      [5, '5'],
      [7, '7'],
    ],
  },
  PutResourcePolicy: {
    call: (api) => api.putResourcePolicy({ ResourceARN, Policy }),
    look: policyOf,
    before: '{}',
    after: Policy,
  },
  RegisterStreamConsumer: {
    call: (api) => api.registerStreamConsumer(named),
    look: consumersOf,
    before: [],
    after: ['c ACTIVE'],
  },
  RemoveTagsFromStream: {
    prepare: (api) => api.addTagsToStream({ StreamName, Tags: { a: '1', b: '2' } }),
    call: (api) => api.removeTagsFromStream({ StreamName, TagKeys: ['b'] }),
    look: resourceTags,
    before: [...a1, { Key: 'b', Value: '2' }],
    after: a1,
  },
  SplitShard: {
    call: (api) => api.splitShard(split),
    look: shardsOf,
    before: '0',
    after: '0 closed, 1, 2',
  },
  StartStreamEncryption: {
    call: (api) => api.startStreamEncryption(key),
    look: encryptionOf,
    before: 'NONE',
    after: 'KMS',
  },
  StopStreamEncryption: {
    prepare: (api) => api.startStreamEncryption(key),
    call: (api) => api.stopStreamEncryption(key),
    look: encryptionOf,
    before: 'KMS',
    after: 'NONE',
  },
  TagResource: {
    call: (api) => api.tagResource({ ResourceARN, Tags: { a: '1' } }),
    look: streamTags,
    before: [],
    after: a1,
  },
  UntagResource: {
    prepare: (api) => api.addTagsToStream({ StreamName, Tags: { a: '1' } }),
    call: (api) => api.untagResource({ ResourceARN, TagKeys: ['a'] }),
    look: streamTags,
    before: a1,
    after: [],
  },
  UpdateAccountSettings: {
    call: (api) =>
      api.updateAccountSettings({ MinimumThroughputBillingCommitment: { Status: 'ENABLED' } }),
    look: async (api) =>
      (await api.describeAccountSettings({})).MinimumThroughputBillingCommitment!.Status,
    before: 'DISABLED',
    after: 'ENABLED',
  },
  UpdateMaxRecordSize: {
    call: (api) => api.updateMaxRecordSize({ StreamARN, MaxRecordSizeInKiB: 4096 }),
    look: (api) => outcome(put(api, 3 * MIB)),
    before: 'ValidationException',
    after: 'done',
  },
  UpdateShardCount: {
    call: (api) => api.updateShardCount(toTwo),
    look: shardsOf,
    before: '0',
    after: '0 closed, 1, 2',
  },
  UpdateStreamMode: {
    call: (api) => api.updateStreamMode({ StreamARN, ...onDemand }),
    look: (api) => outcome(api.splitShard({ ...split, ShardToSplit: '9' })),
    before: 'ResourceNotFoundException',
    after: 'ValidationException',
  },
  UpdateStreamRecordDistributionStrategy: {
    isOnDemand: true,
    call: (api) =>
      api.updateStreamRecordDistributionStrategy({
        StreamARN,
        RecordDistributionStrategy: 'AUTO',
      }),
    look: spreadOf,
    before: 1,
    after: 4,
  },
  UpdateStreamWarmThroughput: {
    isOnDemand: true,
    call: (api) => api.updateStreamWarmThroughput({ StreamName, WarmThroughputMiBps: 6 }),
    look: async (api) =>
      (await api.describeStreamSummary({ StreamName })).StreamDescriptionSummary.OpenShardCount,
    before: 4,
    after: 6,
  },
};

describe.each(Object.entries(effects))('%s', (_, { isOnDemand, prepare, call, look, ...seen }) => {
  it('is seen by another operation, also after a restart and a kill', async () => {
    const test = await TestEngine.open();
    await test.engine.createStream({ StreamName, ...(isOnDemand ? onDemand : { ShardCount: 1 }) });
    await test.settle();
    await prepare?.(test.engine);
    await test.settle();
    expect(await look(test.engine)).toEqual(seen.before);
    await call(test.engine);
    await test.settle();
    expect(await look(test.engine)).toEqual(seen.after);
    await test.reopen();
    expect(await look(test.engine)).toEqual(seen.after);
    await test.reopenAfterKill();
    expect(await look(test.engine)).toEqual(seen.after);
    await test.engine.close();
  });
});

it('every operation that changes something is in the table', () => {
  expect(Object.keys(effects).sort()).toEqual([...writeOperations].sort());
});

describe('what a reading operation gave before a restart', () => {
  const restarts = ['reopen', 'reopenAfterKill'] as const;
  it.each(restarts)('an iterator goes on where it was: %s', async (restart) => {
    const test = await TestEngine.open();
    await test.stream(StreamName);
    for (const data of ['a', 'b', 'c']) await test.put(StreamName, data, data);
    const from = { StreamName, ShardId: '0', ShardIteratorType: 'TRIM_HORIZON' } as const;
    const { ShardIterator } = await test.engine.getShardIterator(from);
    const page = await test.engine.getRecords({ ShardIterator: ShardIterator!, Limit: 1 });
    await test[restart]();
    const next = await test.engine.getRecords({ ShardIterator: page.NextShardIterator! });
    expect(next.Records.map(({ PartitionKey }) => PartitionKey)).toEqual(['b', 'c']);
    await test.engine.close();
  });

  it.each(restarts)('tokens of the three lists give the next page: %s', async (restart) => {
    const test = await TestEngine.open();
    await test.stream(StreamName, 2);
    await test.stream('other');
    for (const ConsumerName of ['c', 'd']) {
      await test.engine.registerStreamConsumer({ StreamARN, ConsumerName });
    }
    const one = { MaxResults: 1 };
    const shards = await test.engine.listShards({ StreamName, ...one });
    const streams = await test.engine.listStreams({ Limit: 1 });
    const consumers = await test.engine.listStreamConsumers({ StreamARN, ...one });
    await test[restart]();
    const { engine } = test;
    const nextShards = await engine.listShards({ NextToken: shards.NextToken });
    expect(nextShards.Shards!.map(({ ShardId }) => ShardId)).toEqual(['shardId-000000000001']);
    const nextStreams = await engine.listStreams({ NextToken: streams.NextToken });
    expect(nextStreams.StreamNames).toEqual(['other']);
    const { NextToken } = consumers;
    const nextConsumers = await engine.listStreamConsumers({ StreamARN, NextToken });
    expect(nextConsumers.Consumers!.map(({ ConsumerName }) => ConsumerName)).toEqual(['d']);
    await engine.close();
  });

  it.each(restarts)('a subscription goes on behind its last event: %s', async (restart) => {
    const test = await TestEngine.open();
    await test.stream(StreamName);
    const { Consumer } = await test.engine.registerStreamConsumer(named);
    await test.settle();
    const { ConsumerARN } = Consumer;
    const event = async (StartingPosition: {
      Type: 'TRIM_HORIZON' | 'AFTER_SEQUENCE_NUMBER';
      SequenceNumber?: string | undefined;
    }) => {
      const asked = { ConsumerARN, ShardId: 'shardId-000000000000', StartingPosition };
      const { EventStream } = await test.engine.subscribeToShard(asked);
      const events = EventStream[Symbol.asyncIterator]();
      const { value } = await events.next();
      await events.return?.();
      return (value as { SubscribeToShardEvent: SubscribeToShardEvent }).SubscribeToShardEvent;
    };
    await test.put(StreamName, 'k', 'a');
    const first = await event({ Type: 'TRIM_HORIZON' });
    expect(first.Records).toHaveLength(1);
    await test.put(StreamName, 'later', 'b');
    await test[restart]();
    const SequenceNumber = first.ContinuationSequenceNumber;
    const second = await event({ Type: 'AFTER_SEQUENCE_NUMBER', SequenceNumber });
    expect(second.Records.map(({ PartitionKey }) => PartitionKey)).toEqual(['later']);
    await test.engine.close();
  });
});

it('StopStreamEncryption: after a restart old records are read, and new ones lie plain in the file', async () => {
  const test = await TestEngine.open();
  await test.stream(StreamName);
  await test.engine.startStreamEncryption(key);
  await test.settle();
  await test.put(StreamName, 'key-sealed', 'data-sealed');
  await test.engine.stopStreamEncryption(key);
  await test.settle();
  await test.reopen();
  await test.put(StreamName, 'key-plain', 'data-plain');
  const paths = test.files.paths.filter((path) => /^streams\/.*\.log$/.test(path));
  const text = paths.map((path) => Buffer.from(test.files.raw(path)).toString('latin1')).join();
  for (const plain of ['key-plain', 'data-plain']) expect(text).toContain(plain);
  for (const secret of ['key-sealed', 'data-sealed']) expect(text).not.toContain(secret);
  const { records } = await test.read(StreamName, '0');
  expect(records.map(({ key: name, data }) => [name, data])).toEqual([
    ['key-sealed', 'data-sealed'],
    ['key-plain', 'data-plain'],
  ]);
  await test.engine.close();
});

it('DeleteStream: iterators, consumers, tags and the policy are gone with the stream, after a restart too', async () => {
  const test = await TestEngine.open();
  await test.stream(StreamName);
  const { engine } = test;
  const from = { StreamName, ShardId: '0', ShardIteratorType: 'LATEST' } as const;
  const ShardIterator = (await engine.getShardIterator(from)).ShardIterator!;
  const ConsumerARN = (await engine.registerStreamConsumer(named)).Consumer.ConsumerARN;
  await engine.tagResource({ ResourceARN, Tags: { a: '1' } });
  await engine.putResourcePolicy({ ResourceARN, Policy });
  await test.settle();
  await engine.deleteStream({ StreamName, EnforceConsumerDeletion: true });
  await test.settle();
  await test.reopen();
  await test.stream(StreamName);
  const notFound = { name: 'ResourceNotFoundException' };
  expect(await rejection(test.engine.getRecords({ ShardIterator }))).toMatchObject(notFound);
  const described = test.engine.describeStreamConsumer({ ConsumerARN });
  expect(await rejection(described)).toMatchObject(notFound);
  expect(await streamTags(test.engine)).toEqual([]);
  expect(await policyOf(test.engine)).toBe('{}');
  await test.engine.close();
});
