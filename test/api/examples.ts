/** One call of each operation, and exactly the members that its answer has: what below any SDK goes over the wire. */
import { expect } from 'vitest';
import type { CreateStreamInput } from '../../src/kinesis/operations/createStream.ts';
import type { OperationName } from '../../src/kinesis/operations.ts';
import type { RawCodec } from './rawCodecs.ts';
import type { Target } from './targets.ts';

/** What an example has to do with: a stream of its own, ACTIVE. */
export interface Given {
  readonly target: Target;
  readonly StreamName: string;
  readonly StreamARN: string;
}

export interface Example {
  /** What the stream is created with beside its one shard. */
  readonly stream?: Partial<CreateStreamInput>;
  /** Makes what the call needs, and gives its input. */
  readonly input: (given: Given) => object | Promise<object>;
  /** All members of the answer; absent where the body is empty. */
  readonly output?: (given: Given & { codec: RawCodec }) => object;
}

const text = expect.any(String);
const sequenceNumber = expect.stringMatching(/^\d{56}$/);
const half = (2n ** 127n).toString();
const hashMax = (2n ** 128n - 1n).toString();
const bytes = new Uint8Array([0, 0xff, 0x80, 0x7b]);
const onDemand = { StreamModeDetails: { StreamMode: 'ON_DEMAND' } } as const;
const key = { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' } as const;
const policy = '{}';

const shard = {
  ShardId: 'shardId-000000000000',
  HashKeyRange: { StartingHashKey: '0', EndingHashKey: hashMax },
  SequenceNumberRange: { StartingSequenceNumber: sequenceNumber },
};

const byName = ({ StreamName }: Given) => ({ StreamName });
const byResource = ({ StreamARN: ResourceARN }: Given) => ({ ResourceARN });

const consumer = ({ target, StreamName }: Given) => target.consumer(StreamName);

const shownConsumer = (
  ConsumerStatus: string,
  { StreamARN, codec }: Given & { codec: RawCodec },
) => ({
  ConsumerName: 'c',
  ConsumerARN: expect.stringMatching(new RegExp(`^${StreamARN}/consumer/c:\\d{10}$`)),
  ConsumerStatus,
  ConsumerCreationTimestamp: codec.time,
});

const details = ({ StreamName, StreamARN, codec }: Given & { codec: RawCodec }) => ({
  StreamName,
  StreamARN,
  StreamStatus: 'ACTIVE',
  StreamModeDetails: { StreamMode: 'PROVISIONED' },
  RetentionPeriodHours: 24,
  StreamCreationTimestamp: codec.time,
  EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
  EncryptionType: 'NONE',
});

/** A commitment that was never made has no times. */
const disabled = { MinimumThroughputBillingCommitment: { Status: 'DISABLED' } };

async function retained({ target, StreamName }: Given, hours: number): Promise<object> {
  await target.api.increaseStreamRetentionPeriod({ StreamName, RetentionPeriodHours: hours });
  await target.active(StreamName);
  return { StreamName };
}

async function split({ target, StreamName }: Given): Promise<void> {
  await target.api.splitShard({ StreamName, ShardToSplit: '0', NewStartingHashKey: half });
  await target.active(StreamName);
}

export const examples: Readonly<Record<OperationName, Example>> = {
  AddTagsToStream: { input: ({ StreamName }) => ({ StreamName, Tags: { ключ: 'a', b: '' } }) },
  CreateStream: {
    input: () => ({ StreamName: 'made', ShardCount: 2, Tags: { a: 'b' } }),
  },
  DecreaseStreamRetentionPeriod: {
    input: async (given) => ({ ...(await retained(given, 48)), RetentionPeriodHours: 24 }),
  },
  DeleteResourcePolicy: {
    input: async (given) => {
      await given.target.api.putResourcePolicy({ ...byResource(given), Policy: allowed(given) });
      return byResource(given);
    },
  },
  DeleteStream: { input: ({ StreamName }) => ({ StreamName, EnforceConsumerDeletion: true }) },
  DeregisterStreamConsumer: { input: async (given) => ({ ConsumerARN: await consumer(given) }) },
  DescribeAccountSettings: { input: () => ({}), output: () => disabled },
  DescribeLimits: {
    input: () => ({}),
    output: () => ({
      ShardLimit: expect.any(Number),
      OpenShardCount: 1,
      OnDemandStreamCount: 0,
      OnDemandStreamCountLimit: 50,
    }),
  },
  DescribeStream: {
    input: byName,
    output: (given) => ({
      StreamDescription: { ...details(given), Shards: [shard], HasMoreShards: false },
    }),
  },
  DescribeStreamConsumer: {
    input: async (given) => ({ ConsumerARN: await consumer(given) }),
    output: (given) => ({
      ConsumerDescription: { ...shownConsumer('ACTIVE', given), StreamARN: given.StreamARN },
    }),
  },
  DescribeStreamSummary: {
    input: byName,
    output: (given) => ({
      StreamDescriptionSummary: {
        ...details(given),
        OpenShardCount: 1,
        ConsumerCount: 0,
        MaxRecordSizeInKiB: 1024,
      },
    }),
  },
  DisableEnhancedMonitoring: {
    input: ({ StreamName }) => ({ StreamName, ShardLevelMetrics: ['ALL'] }),
    output: ({ StreamName, StreamARN }) => ({
      StreamName,
      StreamARN,
      CurrentShardLevelMetrics: [],
      DesiredShardLevelMetrics: [],
    }),
  },
  EnableEnhancedMonitoring: {
    input: ({ StreamName }) => ({ StreamName, ShardLevelMetrics: ['IncomingBytes'] }),
    output: ({ StreamName, StreamARN }) => ({
      StreamName,
      StreamARN,
      CurrentShardLevelMetrics: [],
      DesiredShardLevelMetrics: ['IncomingBytes'],
    }),
  },
  GetRecords: {
    input: async ({ target, StreamName }) => {
      await target.api.putRecord({ StreamName, PartitionKey: 'ключ', Data: bytes });
      return { ShardIterator: await target.iterator(StreamName, '0'), Limit: 10 };
    },
    output: ({ codec }) => ({
      Records: [
        {
          SequenceNumber: sequenceNumber,
          ApproximateArrivalTimestamp: codec.time,
          Data: codec.blob(bytes),
          PartitionKey: 'ключ',
        },
      ],
      NextShardIterator: text,
      MillisBehindLatest: 0,
    }),
  },
  GetResourcePolicy: { input: byResource, output: () => ({ Policy: policy }) },
  GetShardIterator: {
    input: async ({ target, StreamName }) => {
      await target.put(StreamName, 'a');
      const [record] = await target.read(await target.iterator(StreamName, '0'), 1);
      const Timestamp = record!.ApproximateArrivalTimestamp;
      return { StreamName, ShardId: '0', ShardIteratorType: 'AT_TIMESTAMP', Timestamp };
    },
    output: () => ({ ShardIterator: text }),
  },
  IncreaseStreamRetentionPeriod: {
    input: ({ StreamName }) => ({ StreamName, RetentionPeriodHours: 48 }),
  },
  ListShards: { input: byName, output: () => ({ Shards: [shard] }) },
  ListStreamConsumers: {
    input: async (given) => {
      await consumer(given);
      return { StreamARN: given.StreamARN };
    },
    output: (given) => ({ Consumers: [shownConsumer('ACTIVE', given)] }),
  },
  ListStreams: {
    input: () => ({ Limit: 10 }),
    output: ({ StreamName, StreamARN, codec }) => ({
      StreamNames: [StreamName],
      HasMoreStreams: false,
      StreamSummaries: [
        {
          StreamName,
          StreamARN,
          StreamStatus: 'ACTIVE',
          StreamModeDetails: { StreamMode: 'PROVISIONED' },
          StreamCreationTimestamp: codec.time,
        },
      ],
    }),
  },
  ListTagsForResource: {
    stream: { Tags: { ключ: 'a' } },
    input: byResource,
    output: () => ({ Tags: [{ Key: 'ключ', Value: 'a' }] }),
  },
  ListTagsForStream: {
    stream: { Tags: { ключ: '' } },
    input: byName,
    output: () => ({ Tags: [{ Key: 'ключ', Value: '' }], HasMoreTags: false }),
  },
  MergeShards: {
    stream: { ShardCount: 2 },
    input: ({ StreamName }) => ({ StreamName, ShardToMerge: '0', AdjacentShardToMerge: '1' }),
  },
  PutRecord: {
    input: ({ StreamName }) => ({
      StreamName,
      Data: bytes,
      PartitionKey: 'ключ',
      ExplicitHashKey: half,
    }),
    output: () => ({ ShardId: 'shardId-000000000000', SequenceNumber: sequenceNumber }),
  },
  PutRecords: {
    input: ({ StreamName }) => ({
      StreamName,
      Records: [
        { Data: bytes, PartitionKey: 'ключ' },
        { Data: new Uint8Array(), PartitionKey: 'b', ExplicitHashKey: '0' },
      ],
    }),
    output: () => {
      const place = { ShardId: 'shardId-000000000000', SequenceNumber: sequenceNumber };
      return { FailedRecordCount: 0, Records: [place, place] };
    },
  },
  PutResourcePolicy: {
    input: (given) => ({ ...byResource(given), Policy: allowed(given) }),
  },
  RegisterStreamConsumer: {
    input: ({ StreamARN }) => ({ StreamARN, ConsumerName: 'c', Tags: { a: 'b' } }),
    output: (given) => ({ Consumer: shownConsumer('CREATING', given) }),
  },
  RemoveTagsFromStream: {
    stream: { Tags: { a: 'b' } },
    input: ({ StreamName }) => ({ StreamName, TagKeys: ['a', 'ключ'] }),
  },
  SplitShard: {
    input: ({ StreamName }) => ({ StreamName, ShardToSplit: '0', NewStartingHashKey: half }),
  },
  StartStreamEncryption: { input: ({ StreamName }) => ({ StreamName, ...key }) },
  StopStreamEncryption: {
    input: async ({ target, StreamName }) => {
      await target.api.startStreamEncryption({ StreamName, ...key });
      await target.active(StreamName);
      return { StreamName, ...key };
    },
  },
  // Of a shard that is closed, so that the stream of events ends by itself.
  SubscribeToShard: {
    input: async (given) => {
      const { target, StreamName } = given;
      const ConsumerARN = await consumer(given);
      await target.api.putRecord({ StreamName, PartitionKey: 'ключ', Data: bytes });
      await split(given);
      const ShardId = 'shardId-000000000000';
      return { ConsumerARN, ShardId, StartingPosition: { Type: 'TRIM_HORIZON' } };
    },
    output: ({ codec }) => {
      const child = (at: number, StartingHashKey: string, EndingHashKey: string) => ({
        ShardId: `shardId-00000000000${at}`,
        ParentShards: ['shardId-000000000000'],
        HashKeyRange: { StartingHashKey, EndingHashKey },
      });
      return {
        Records: [
          {
            SequenceNumber: sequenceNumber,
            ApproximateArrivalTimestamp: codec.time,
            Data: codec.blob(bytes),
            PartitionKey: 'ключ',
          },
        ],
        MillisBehindLatest: 0,
        ChildShards: [child(1, '0', (2n ** 127n - 1n).toString()), child(2, half, hashMax)],
      };
    },
  },
  TagResource: { input: (given) => ({ ...byResource(given), Tags: { a: 'b' } }) },
  UntagResource: {
    stream: { Tags: { a: 'b' } },
    input: (given) => ({ ...byResource(given), TagKeys: ['a'] }),
  },
  UpdateAccountSettings: {
    input: () => ({ MinimumThroughputBillingCommitment: { Status: 'ENABLED' } }),
    output: ({ codec }) => ({
      MinimumThroughputBillingCommitment: {
        Status: 'ENABLED',
        StartedAt: codec.time,
        EarliestAllowedEndAt: codec.time,
      },
    }),
  },
  UpdateMaxRecordSize: { input: ({ StreamARN }) => ({ StreamARN, MaxRecordSizeInKiB: 2048 }) },
  UpdateShardCount: {
    input: ({ StreamName }) => ({
      StreamName,
      TargetShardCount: 2,
      ScalingType: 'UNIFORM_SCALING',
    }),
    output: ({ StreamName, StreamARN }) => ({
      StreamName,
      StreamARN,
      CurrentShardCount: 1,
      TargetShardCount: 2,
    }),
  },
  UpdateStreamMode: { input: ({ StreamARN }) => ({ StreamARN, ...onDemand }) },
  UpdateStreamRecordDistributionStrategy: {
    stream: onDemand,
    input: ({ StreamARN }) => ({ StreamARN, RecordDistributionStrategy: 'AUTO' }),
  },
  UpdateStreamWarmThroughput: {
    stream: onDemand,
    input: ({ StreamName }) => ({ StreamName, WarmThroughputMiBps: 8 }),
    output: ({ StreamName, StreamARN }) => ({
      StreamName,
      StreamARN,
      WarmThroughput: { TargetMiBps: 8, CurrentMiBps: expect.any(Number) },
    }),
  },
};

/** A policy that lets another account read the stream. */
function allowed({ StreamARN }: Given): string {
  const Principal = { AWS: '111122223333' };
  const statement = {
    Effect: 'Allow',
    Principal,
    Action: ['kinesis:GetRecords'],
    Resource: StreamARN,
  };
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
}
