// How calls name a stream: by ARN as by name, and what AWS says of one that is not there and of a call that names
// none. Which operations name one is taken from the SDK.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OperationName } from '../../src/kinesis/operations.ts';
import { examples } from './examples.ts';
import { callIn, type RawCodec, rawCodecs } from './rawCodecs.ts';
import { operationNames, sdkMembers } from './sdkMembers.ts';
import { openTarget, type Target } from './targets.ts';

const has = (operation: OperationName, member: string): boolean =>
  sdkMembers(operation).some(({ name }) => name === member);
/** Operations on a stream that exists. */
const byName = operationNames.filter(
  (operation) => has(operation, 'StreamName') && operation !== 'CreateStream',
);
const byArn = operationNames.filter(
  (operation) => has(operation, 'StreamARN') && !has(operation, 'ShardIterator'),
);
const byResource = operationNames.filter((operation) => has(operation, 'ResourceARN'));

const nobody = 'nobody';

/** A legal input of the operation but for the members that name its stream. */
const others: Readonly<Partial<Record<OperationName, object>>> = {
  AddTagsToStream: { Tags: { a: 'b' } },
  DecreaseStreamRetentionPeriod: { RetentionPeriodHours: 24 },
  DeregisterStreamConsumer: { ConsumerName: 'c' },
  DescribeStreamConsumer: { ConsumerName: 'c' },
  DisableEnhancedMonitoring: { ShardLevelMetrics: ['ALL'] },
  EnableEnhancedMonitoring: { ShardLevelMetrics: ['ALL'] },
  GetShardIterator: { ShardId: '0', ShardIteratorType: 'LATEST' },
  IncreaseStreamRetentionPeriod: { RetentionPeriodHours: 24 },
  MergeShards: { ShardToMerge: '0', AdjacentShardToMerge: '1' },
  PutRecord: { Data: new Uint8Array(1), PartitionKey: 'k' },
  PutRecords: { Records: [{ Data: new Uint8Array(1), PartitionKey: 'k' }] },
  PutResourcePolicy: { Policy: '{}' },
  RegisterStreamConsumer: { ConsumerName: 'c' },
  RemoveTagsFromStream: { TagKeys: ['a'] },
  SplitShard: { ShardToSplit: '0', NewStartingHashKey: '9' },
  StartStreamEncryption: { EncryptionType: 'KMS', KeyId: 'alias/a' },
  StopStreamEncryption: { EncryptionType: 'KMS', KeyId: 'alias/a' },
  TagResource: { Tags: { a: 'b' } },
  UntagResource: { TagKeys: ['a'] },
  UpdateMaxRecordSize: { MaxRecordSizeInKiB: 1024 },
  UpdateShardCount: { TargetShardCount: 1, ScalingType: 'UNIFORM_SCALING' },
  UpdateStreamMode: { StreamModeDetails: { StreamMode: 'ON_DEMAND' } },
  UpdateStreamRecordDistributionStrategy: { RecordDistributionStrategy: 'AUTO' },
  UpdateStreamWarmThroughput: { WarmThroughputMiBps: 1 },
};

describe.each(rawCodecs)('in $name', (codec: RawCodec) => {
  let target: Target;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ target, close } = await openTarget('naming'));
  });
  afterAll(() => close());

  const call = async (operation: OperationName, naming: object) => {
    const input = { ...others[operation], ...naming };
    const endpoint = target.backend.endpoint!;
    const answer = await callIn(codec, { endpoint, operation, input });
    return [answer.status, codec.read(answer)];
  };
  /** With the way in which GetShardIterator says it, as AWS does. */
  const notFound = (operation: OperationName) => {
    const of = `under account ${target.account}`;
    const message =
      operation === 'GetShardIterator'
        ? `Shard shardId-000000000000 in stream ${nobody} ${of} does not exist`
        : `Stream ${nobody} ${of} not found.`;
    return [400, { __type: 'ResourceNotFoundException', message }];
  };

  it.each(byName)('%s: a name that no stream has', async (operation) => {
    expect(await call(operation, { StreamName: nobody })).toEqual(notFound(operation));
  });

  it.each(byArn)('%s: an ARN that no stream has', async (operation) => {
    const StreamARN = target.arnOf(nobody);
    expect(await call(operation, { StreamARN })).toEqual(notFound(operation));
  });

  it.each(byResource)('%s: the ARN of no resource', async (operation) => {
    const ResourceARN = target.arnOf(nobody);
    expect(await call(operation, { ResourceARN })).toEqual(notFound(operation));
  });

  it.each(byName)('%s: no stream at all', async (operation) => {
    const [status, error] = await call(operation, {});
    expect([status, error]).toMatchObject([400, { __type: 'InvalidArgumentException' }]);
  });
});

describe('by ARN as by name', () => {
  it.each(byName.filter((operation) => has(operation, 'StreamARN')))('%s', async (operation) => {
    const { target, close } = await openTarget('naming');
    const { stream, input, output } = examples[operation];
    const StreamName = await target.stream(stream);
    const given = { target, StreamName, StreamARN: target.arnOf(StreamName) };
    const [codec] = rawCodecs;
    const { StreamName: named, ...rest } = (await input(given)) as { StreamName: string };
    expect(named).toBe(StreamName);
    const endpoint = target.backend.endpoint!;
    const asked = { ...rest, StreamARN: given.StreamARN };
    const answer = await callIn(codec!, { endpoint, operation, input: asked });
    expect([answer.status, answer.status === 200 ? '' : answer.text]).toEqual([200, '']);
    if (output) expect(codec!.read(answer)).toEqual(output({ ...given, codec: codec! }));
    await close();
  });
});
