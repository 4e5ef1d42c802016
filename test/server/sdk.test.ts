// AWS's own JavaScript client against the server: every operation goes there and back on both versions.
import {
  AddTagsToStreamCommand,
  CreateStreamCommand,
  DecreaseStreamRetentionPeriodCommand,
  DeleteResourcePolicyCommand,
  DeleteStreamCommand,
  DeregisterStreamConsumerCommand,
  DescribeAccountSettingsCommand,
  DescribeLimitsCommand,
  DescribeStreamCommand,
  DescribeStreamConsumerCommand,
  DescribeStreamSummaryCommand,
  DisableEnhancedMonitoringCommand,
  EnableEnhancedMonitoringCommand,
  GetRecordsCommand,
  GetResourcePolicyCommand,
  GetShardIteratorCommand,
  IncreaseStreamRetentionPeriodCommand,
  KinesisClient,
  ListShardsCommand,
  ListStreamConsumersCommand,
  ListStreamsCommand,
  ListTagsForResourceCommand,
  ListTagsForStreamCommand,
  MergeShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  PutResourcePolicyCommand,
  RegisterStreamConsumerCommand,
  RemoveTagsFromStreamCommand,
  SplitShardCommand,
  StartStreamEncryptionCommand,
  StopStreamEncryptionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAccountSettingsCommand,
  UpdateMaxRecordSizeCommand,
  UpdateShardCountCommand,
  UpdateStreamModeCommand,
  UpdateStreamRecordDistributionStrategyCommand,
  UpdateStreamWarmThroughputCommand,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { describe, expect, onTestFinished, test } from 'vitest';
import { KinesisError } from '../../src/kinesis/errors.ts';
import type { OperationName } from '../../src/kinesis/operations.ts';
import { testServer } from './support/testServer.ts';

const StreamName = 'orders';
const StreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/orders';
const when = new Date(1_459_799_926_480);
const shard = {
  ShardId: 'shardId-000000000000',
  HashKeyRange: { StartingHashKey: '0', EndingHashKey: '340282366920938463463374607431768211455' },
  SequenceNumberRange: { StartingSequenceNumber: '4959' },
};
const description = {
  StreamName,
  StreamARN,
  StreamStatus: 'ACTIVE',
  StreamModeDetails: { StreamMode: 'PROVISIONED' },
  RetentionPeriodHours: 24,
  StreamCreationTimestamp: when,
  EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
  EncryptionType: 'NONE',
} as const;
const ConsumerARN = `${StreamARN}/consumer/c:1459799926`;
const consumer = {
  ConsumerName: 'c',
  ConsumerARN,
  ConsumerStatus: 'ACTIVE',
  ConsumerCreationTimestamp: new Date(1_459_799_926_000),
} as const;
const Data = new Uint8Array([0, 255, 104, 105]);

/** Any command; its own type of input matters to nobody here. */
type Sent = { readonly input: object };

/** What the client sends and what the engine answers; the answer must come back as it is. */
const rounds: Record<
  Exclude<OperationName, 'SubscribeToShard'>,
  { command: Sent; output: object }
> = {
  AddTagsToStream: {
    command: new AddTagsToStreamCommand({ StreamName, Tags: { a: 'b', ü: '' } }),
    output: {},
  },
  CreateStream: {
    command: new CreateStreamCommand({ StreamName, ShardCount: 2, Tags: { a: 'b' } }),
    output: {},
  },
  DecreaseStreamRetentionPeriod: {
    command: new DecreaseStreamRetentionPeriodCommand({ StreamARN, RetentionPeriodHours: 24 }),
    output: {},
  },
  DeleteResourcePolicy: {
    command: new DeleteResourcePolicyCommand({ ResourceARN: StreamARN }),
    output: {},
  },
  DeleteStream: {
    command: new DeleteStreamCommand({ StreamName, EnforceConsumerDeletion: true }),
    output: {},
  },
  DeregisterStreamConsumer: {
    command: new DeregisterStreamConsumerCommand({ StreamARN, ConsumerName: 'c' }),
    output: {},
  },
  DescribeAccountSettings: {
    command: new DescribeAccountSettingsCommand({}),
    output: { MinimumThroughputBillingCommitment: { Status: 'ENABLED', StartedAt: when } },
  },
  DescribeLimits: {
    command: new DescribeLimitsCommand({}),
    output: {
      ShardLimit: 1000,
      OpenShardCount: 3,
      OnDemandStreamCount: 1,
      OnDemandStreamCountLimit: 50,
    },
  },
  DescribeStream: {
    command: new DescribeStreamCommand({ StreamARN, Limit: 10 }),
    output: { StreamDescription: { ...description, Shards: [shard], HasMoreShards: false } },
  },
  DescribeStreamConsumer: {
    command: new DescribeStreamConsumerCommand({ ConsumerARN }),
    output: { ConsumerDescription: { ...consumer, StreamARN } },
  },
  DescribeStreamSummary: {
    command: new DescribeStreamSummaryCommand({ StreamName }),
    output: { StreamDescriptionSummary: { ...description, OpenShardCount: 1, ConsumerCount: 0 } },
  },
  DisableEnhancedMonitoring: {
    command: new DisableEnhancedMonitoringCommand({
      StreamARN,
      ShardLevelMetrics: ['IncomingBytes', 'OutgoingBytes'],
    }),
    output: {
      StreamName,
      StreamARN,
      CurrentShardLevelMetrics: ['IncomingBytes'],
      DesiredShardLevelMetrics: [],
    },
  },
  EnableEnhancedMonitoring: {
    command: new EnableEnhancedMonitoringCommand({ StreamName, ShardLevelMetrics: ['ALL'] }),
    output: {
      StreamName,
      StreamARN,
      CurrentShardLevelMetrics: [],
      DesiredShardLevelMetrics: ['IncomingBytes'],
    },
  },
  GetRecords: {
    command: new GetRecordsCommand({ ShardIterator: 'AAA', Limit: 5 }),
    output: {
      Records: [
        {
          SequenceNumber: '4959',
          ApproximateArrivalTimestamp: when,
          Data,
          PartitionKey: 'schlüssel 🔑',
        },
      ],
      NextShardIterator: 'BBB',
      MillisBehindLatest: 12,
      ChildShards: [
        { ShardId: 'b', ParentShards: [shard.ShardId], HashKeyRange: shard.HashKeyRange },
      ],
    },
  },
  GetResourcePolicy: {
    command: new GetResourcePolicyCommand({ ResourceARN: StreamARN }),
    output: { Policy: '{"Statement":[]}' },
  },
  GetShardIterator: {
    command: new GetShardIteratorCommand({
      StreamName,
      ShardId: shard.ShardId,
      ShardIteratorType: 'AT_TIMESTAMP',
      Timestamp: when,
    }),
    output: { ShardIterator: 'AAA' },
  },
  IncreaseStreamRetentionPeriod: {
    command: new IncreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours: 8760 }),
    output: {},
  },
  ListShards: {
    command: new ListShardsCommand({
      StreamName,
      ShardFilter: { Type: 'AT_TIMESTAMP', Timestamp: when },
      StreamCreationTimestamp: when,
    }),
    output: { Shards: [shard], NextToken: 'n' },
  },
  ListStreamConsumers: {
    command: new ListStreamConsumersCommand({ StreamARN, MaxResults: 3 }),
    output: { Consumers: [consumer], NextToken: 'next' },
  },
  ListStreams: {
    command: new ListStreamsCommand({ Limit: 3 }),
    output: {
      StreamNames: [StreamName],
      HasMoreStreams: true,
      NextToken: 'n',
      StreamSummaries: [
        { StreamName, StreamARN, StreamStatus: 'ACTIVE', StreamCreationTimestamp: when },
      ],
    },
  },
  ListTagsForResource: {
    command: new ListTagsForResourceCommand({ ResourceARN: StreamARN }),
    output: { Tags: [{ Key: 'a', Value: 'b' }] },
  },
  ListTagsForStream: {
    command: new ListTagsForStreamCommand({ StreamName, ExclusiveStartTagKey: 'a', Limit: 3 }),
    output: { Tags: [{ Key: 'b', Value: '' }], HasMoreTags: true },
  },
  MergeShards: {
    command: new MergeShardsCommand({ StreamName, ShardToMerge: 'a', AdjacentShardToMerge: 'b' }),
    output: {},
  },
  PutRecord: {
    command: new PutRecordCommand({
      StreamName,
      Data,
      PartitionKey: 'k',
      ExplicitHashKey: '7',
      SequenceNumberForOrdering: '1',
    }),
    output: { ShardId: shard.ShardId, SequenceNumber: '4959', EncryptionType: 'NONE' },
  },
  PutRecords: {
    command: new PutRecordsCommand({
      StreamName,
      Records: [
        { Data, PartitionKey: 'k' },
        { Data: new Uint8Array(), PartitionKey: 'l', ExplicitHashKey: '1' },
      ],
    }),
    output: {
      FailedRecordCount: 1,
      Records: [
        { ShardId: shard.ShardId, SequenceNumber: '4959' },
        { ErrorCode: 'ProvisionedThroughputExceededException', ErrorMessage: 'Rate exceeded' },
      ],
    },
  },
  PutResourcePolicy: {
    command: new PutResourcePolicyCommand({ ResourceARN: StreamARN, Policy: '{"Statement":[]}' }),
    output: {},
  },
  RegisterStreamConsumer: {
    command: new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: 'c', Tags: { a: 'b' } }),
    output: { Consumer: consumer },
  },
  RemoveTagsFromStream: {
    command: new RemoveTagsFromStreamCommand({ StreamARN, TagKeys: ['a'] }),
    output: {},
  },
  SplitShard: {
    command: new SplitShardCommand({ StreamName, ShardToSplit: 'a', NewStartingHashKey: '9' }),
    output: {},
  },
  StartStreamEncryption: {
    command: new StartStreamEncryptionCommand({
      StreamName,
      EncryptionType: 'KMS',
      KeyId: 'alias/a',
    }),
    output: {},
  },
  StopStreamEncryption: {
    command: new StopStreamEncryptionCommand({
      StreamARN,
      EncryptionType: 'KMS',
      KeyId: 'alias/a',
    }),
    output: {},
  },
  TagResource: {
    command: new TagResourceCommand({ ResourceARN: StreamARN, Tags: { a: 'b' } }),
    output: {},
  },
  UntagResource: {
    command: new UntagResourceCommand({ ResourceARN: StreamARN, TagKeys: ['a', 'b'] }),
    output: {},
  },
  UpdateAccountSettings: {
    command: new UpdateAccountSettingsCommand({
      MinimumThroughputBillingCommitment: { Status: 'DISABLED' },
    }),
    output: {
      MinimumThroughputBillingCommitment: { Status: 'DISABLED', StartedAt: when, EndedAt: when },
    },
  },
  UpdateMaxRecordSize: {
    command: new UpdateMaxRecordSizeCommand({ StreamARN, MaxRecordSizeInKiB: 3072 }),
    output: {},
  },
  UpdateShardCount: {
    command: new UpdateShardCountCommand({
      StreamName,
      TargetShardCount: 4,
      ScalingType: 'UNIFORM_SCALING',
    }),
    output: { StreamName, CurrentShardCount: 2, TargetShardCount: 4, StreamARN },
  },
  UpdateStreamMode: {
    command: new UpdateStreamModeCommand({
      StreamARN,
      StreamModeDetails: { StreamMode: 'ON_DEMAND' },
      WarmThroughputMiBps: 8,
    }),
    output: {},
  },
  UpdateStreamRecordDistributionStrategy: {
    command: new UpdateStreamRecordDistributionStrategyCommand({
      StreamARN,
      RecordDistributionStrategy: 'AUTO',
    }),
    output: {},
  },
  UpdateStreamWarmThroughput: {
    command: new UpdateStreamWarmThroughputCommand({ StreamName, WarmThroughputMiBps: 8 }),
    output: { StreamARN, StreamName, WarmThroughput: { TargetMiBps: 8, CurrentMiBps: 4 } },
  },
};

const handlers = [
  ['the default handler (HTTP/2)', {}],
  ['NodeHttpHandler (HTTP/1.1)', { requestHandler: () => new NodeHttpHandler() }],
] as const;

describe.each(handlers)('with %s', (_, options) => {
  const clientOf = (endpoint: string): KinesisClient => {
    const handler = 'requestHandler' in options ? { requestHandler: options.requestHandler() } : {};
    const credentials = { accessKeyId: '111122223333', secretAccessKey: 'x' };
    const client = new KinesisClient({
      endpoint,
      region: 'eu-west-1',
      credentials,
      maxAttempts: 1,
      ...handler,
    });
    onTestFinished(() => client.destroy());
    return client;
  };

  const send = (client: KinesisClient, command: Sent) => client.send(command as ListStreamsCommand);

  test.each(Object.keys(rounds) as (keyof typeof rounds)[])(
    '%s goes there and back',
    async (name) => {
      const { command, output } = rounds[name];
      const { server, fake } = await testServer({ answers: { [name]: () => output } });
      const { $metadata, ...answer } = await send(clientOf(server.endpoint), command);
      expect(answer).toEqual(output);
      expect($metadata.httpStatusCode).toBe(200);
      expect($metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
      const [call] = fake.calls;
      expect(call?.operation).toBe(name);
      expect(bytesAsBuffers(call?.input)).toEqual(bytesAsBuffers(command.input));
      expect(call?.context).toMatchObject({ account: '111122223333', region: 'eu-west-1' });
    },
  );

  test('errors come as AWS exceptions, with name and message', async () => {
    const text = 'Stream orders under account 111122223333 not found.';
    const { server } = await testServer({
      answers: {
        PutRecord: () => Promise.reject(new KinesisError('ResourceNotFoundException', text)),
        ListStreams: () => Promise.reject(new Error('boom')),
      },
    });
    const client = clientOf(server.endpoint);
    await expect(send(client, rounds.PutRecord.command)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: text,
      $metadata: { httpStatusCode: 400 },
    });
    await expect(send(client, rounds.ListStreams.command)).rejects.toMatchObject({
      name: 'InternalFailure',
      $metadata: { httpStatusCode: 500 },
    });
  });
});

/** Bytes compare by content, whatever class holds them. */
function bytesAsBuffers(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (value instanceof Date || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(bytesAsBuffers);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, bytesAsBuffers(item)]),
  );
}
