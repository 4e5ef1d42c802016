// The part of the mix that changes what is set of a stream, one operation after the other, and looks at each.
import {
  AddTagsToStreamCommand,
  DeleteResourcePolicyCommand,
  DeregisterStreamConsumerCommand,
  DescribeAccountSettingsCommand,
  DescribeStreamConsumerCommand,
  DisableEnhancedMonitoringCommand,
  EnableEnhancedMonitoringCommand,
  GetResourcePolicyCommand,
  type KinesisClient,
  ListStreamConsumersCommand,
  ListTagsForResourceCommand,
  ListTagsForStreamCommand,
  PutResourcePolicyCommand,
  RegisterStreamConsumerCommand,
  RemoveTagsFromStreamCommand,
  StartStreamEncryptionCommand,
  StopStreamEncryptionCommand,
  SubscribeToShardCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAccountSettingsCommand,
  UpdateMaxRecordSizeCommand,
  UpdateStreamRecordDistributionStrategyCommand,
} from '@aws-sdk/client-kinesis';

export interface SettingsParts {
  readonly client: KinesisClient;
  /** Counts a call. */
  call<T>(operation: string, answer: Promise<T>): Promise<T>;
  check(isRight: boolean, complaint: string): void;
  /** Resolves when the stream is ACTIVE. */
  active(StreamName: string): Promise<void>;
}

/** Every setting once, and back to what it was. */
export async function changeSettings(parts: SettingsParts, StreamName: string): Promise<void> {
  await changeTags(parts, StreamName);
  await changeMonitoring(parts, StreamName);
  await changeRecordSize(parts, StreamName);
  await changeEncryption(parts, StreamName);
  await changePolicy(parts, StreamName);
  await changeConsumers(parts, StreamName);
  await changeAccount(parts);
}

const arnOf = (name: string): string => `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`;

async function changeTags({ client, call, check }: SettingsParts, StreamName: string) {
  const ResourceARN = arnOf(StreamName);
  const add = new AddTagsToStreamCommand({ StreamName, Tags: { team: StreamName, a: '1' } });
  await call('AddTagsToStream', client.send(add));
  const tag = new TagResourceCommand({ ResourceARN, Tags: { 'a:b': '2' } });
  await call('TagResource', client.send(tag));
  const list = new ListTagsForStreamCommand({ StreamName });
  const { Tags } = await call('ListTagsForStream', client.send(list));
  check(Tags?.map(({ Key }) => Key).join() === 'a,a:b,team', `${StreamName}: other tags`);
  const remove = new RemoveTagsFromStreamCommand({ StreamName, TagKeys: ['team'] });
  await call('RemoveTagsFromStream', client.send(remove));
  const untag = new UntagResourceCommand({ ResourceARN, TagKeys: ['a', 'a:b'] });
  await call('UntagResource', client.send(untag));
  const rest = new ListTagsForResourceCommand({ ResourceARN });
  const after = await call('ListTagsForResource', client.send(rest));
  check(after.Tags?.length === 0, `${StreamName}: tags that were removed`);
}

async function changeMonitoring(parts: SettingsParts, StreamName: string): Promise<void> {
  const { client, call, check, active } = parts;
  const enable = new EnableEnhancedMonitoringCommand({ StreamName, ShardLevelMetrics: ['ALL'] });
  const enabled = await call('EnableEnhancedMonitoring', client.send(enable));
  check(enabled.DesiredShardLevelMetrics?.length === 7, `${StreamName}: not all metrics`);
  await active(StreamName);
  const disable = new DisableEnhancedMonitoringCommand({ StreamName, ShardLevelMetrics: ['ALL'] });
  const disabled = await call('DisableEnhancedMonitoring', client.send(disable));
  check(disabled.CurrentShardLevelMetrics?.length === 7, `${StreamName}: metrics were not kept`);
  await active(StreamName);
}

async function changeRecordSize({ client, call, active }: SettingsParts, StreamName: string) {
  const StreamARN = arnOf(StreamName);
  for (const MaxRecordSizeInKiB of [10_240, 1024]) {
    const update = new UpdateMaxRecordSizeCommand({ StreamARN, MaxRecordSizeInKiB });
    await call('UpdateMaxRecordSize', client.send(update));
    await active(StreamName);
  }
}

/** Other lanes do the same meanwhile. */
async function changeAccount({ client, call, check }: SettingsParts): Promise<void> {
  const asked = { MinimumThroughputBillingCommitment: { Status: 'ENABLED' } } as const;
  await call('UpdateAccountSettings', client.send(new UpdateAccountSettingsCommand(asked)));
  const describe = client.send(new DescribeAccountSettingsCommand({}));
  const { MinimumThroughputBillingCommitment: told } = await call(
    'DescribeAccountSettings',
    describe,
  );
  check(told?.Status === 'ENABLED', `a commitment that is ${told?.Status}`);
}

/** Of an on-demand stream. */
export async function spreadRecords({ client, call }: SettingsParts, StreamName: string) {
  for (const RecordDistributionStrategy of ['AUTO', 'USER_PARTITION_KEY'] as const) {
    const input = { StreamARN: arnOf(StreamName), RecordDistributionStrategy };
    const update = new UpdateStreamRecordDistributionStrategyCommand(input);
    await call('UpdateStreamRecordDistributionStrategy', client.send(update));
  }
}

async function changePolicy({ client, call, check }: SettingsParts, StreamName: string) {
  const ResourceARN = arnOf(StreamName);
  const Statement = {
    Effect: 'Allow',
    Principal: '*',
    Action: 'kinesis:PutRecord',
    Resource: ResourceARN,
  };
  const Policy = JSON.stringify({ Statement });
  const put = new PutResourcePolicyCommand({ ResourceARN, Policy });
  await call('PutResourcePolicy', client.send(put));
  const get = new GetResourcePolicyCommand({ ResourceARN });
  const answer = await call('GetResourcePolicy', client.send(get));
  check(answer.Policy === Policy, `${StreamName}: another policy`);
  const remove = new DeleteResourcePolicyCommand({ ResourceARN });
  await call('DeleteResourcePolicy', client.send(remove));
}

/** The stream's first shard ended when it was split: so does the subscription, with its children. */
async function changeConsumers({ client, call, check }: SettingsParts, StreamName: string) {
  const named = { StreamARN: arnOf(StreamName), ConsumerName: 'reader' };
  const { Consumer } = await call(
    'RegisterStreamConsumer',
    client.send(new RegisterStreamConsumerCommand(named)),
  );
  const statusOf = async () => {
    const describe = new DescribeStreamConsumerCommand(named);
    const { ConsumerDescription } = await call('DescribeStreamConsumer', client.send(describe));
    return ConsumerDescription?.ConsumerStatus;
  };
  while ((await statusOf()) !== 'ACTIVE') await new Promise((resolve) => setTimeout(resolve, 10));
  const subscribe = new SubscribeToShardCommand({
    ConsumerARN: Consumer?.ConsumerARN,
    ShardId: 'shardId-000000000000',
    StartingPosition: { Type: 'LATEST' },
  });
  const { EventStream = [] } = await call('SubscribeToShard', client.send(subscribe));
  const children: unknown[] = [];
  for await (const { SubscribeToShardEvent: event } of EventStream) {
    children.push(...(event?.ChildShards ?? []));
  }
  check(children.length > 0, `${StreamName}: a subscription that ended without children`);
  await call('DeregisterStreamConsumer', client.send(new DeregisterStreamConsumerCommand(named)));
  const listed = async () => {
    const list = new ListStreamConsumersCommand({ StreamARN: named.StreamARN });
    return (await call('ListStreamConsumers', client.send(list))).Consumers ?? [];
  };
  while ((await listed()).length > 0) await new Promise((resolve) => setTimeout(resolve, 10));
}

async function changeEncryption({ client, call, active }: SettingsParts, StreamName: string) {
  const key = { StreamName, EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' } as const;
  await call('StartStreamEncryption', client.send(new StartStreamEncryptionCommand(key)));
  await active(StreamName);
  await call('StopStreamEncryption', client.send(new StopStreamEncryptionCommand(key)));
  await active(StreamName);
}
