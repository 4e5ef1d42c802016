// Policies that PutResourcePolicy keeps let other accounts in where signatures are verified: over the wire, by the SDK.
import {
  DeleteResourcePolicyCommand,
  DescribeStreamConsumerCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  PutRecordCommand,
  PutResourcePolicyCommand,
  RegisterStreamConsumerCommand,
} from '@aws-sdk/client-kinesis';
import { expect, onTestFinished, test } from 'vitest';
import { createEngine, parseKeys } from '../../src/index.ts';

const owner = '111122223333';
const other = '444455556666';
const region = 'us-east-1';
const StreamARN = `arn:aws:kinesis:${region}:${owner}:stream/orders`;
const friend = `arn:aws:iam::${other}:user/FRIEND`;
const everything = [{ Statement: { Effect: 'Allow', Action: '*', Resource: '*' } }];
const keys = parseKeys(
  JSON.stringify([
    { accessKeyId: 'OWNER', secretAccessKey: 'one', account: owner },
    { accessKeyId: 'FRIEND', secretAccessKey: 'two', account: other, policies: everything },
    { accessKeyId: 'STRANGER', secretAccessKey: 'six', account: other, policies: everything },
  ]),
);

/** Accounts that are apart, and a stream of one of them. */
async function started() {
  const engine = await createEngine({
    auth: { mode: 'verify', keys },
    settings: { account: owner, namespaces: 'separate', stateDelays: 0 },
    streams: [{ name: 'orders', shards: 1 }],
  });
  onTestFinished(() => engine.stop());
  const client = (accessKeyId: string, secretAccessKey: string): KinesisClient => {
    const credentials = { accessKeyId, secretAccessKey };
    const made = new KinesisClient({ endpoint: engine.endpoint, region, credentials });
    onTestFinished(() => made.destroy());
    return made;
  };
  const clients = {
    owner: client('OWNER', 'one'),
    friend: client('FRIEND', 'two'),
    stranger: client('STRANGER', 'six'),
  };
  const keep = (...statements: object[]) => {
    const Statement = statements.map((one) => ({ Resource: StreamARN, ...one }));
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
    return clients.owner.send(new PutResourcePolicyCommand({ ResourceARN: StreamARN, Policy }));
  };
  return { ...clients, keep };
}

const put = (by: KinesisClient) =>
  by.send(new PutRecordCommand({ StreamARN, PartitionKey: 'k', Data: Buffer.from('theirs') }));
const summary = (by: KinesisClient) => by.send(new DescribeStreamSummaryCommand({ StreamARN }));

const refused = (why: string) => ({
  name: 'AccessDeniedException',
  message: expect.stringContaining(why),
});
const noneAllows = (action: string) =>
  refused(`no resource-based policy allows the kinesis:${action} action`);
const explicit = refused('with an explicit deny in a resource-based policy');

const toOther = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${other}:root` } };

test('another account may do what the stream’s policy lists, and nothing else', async () => {
  const { owner: own, friend: by, keep } = await started();
  await expect(put(by)).rejects.toMatchObject(noneAllows('PutRecord'));
  const Action = ['kinesis:PutRecord', 'kinesis:GetShardIterator', 'kinesis:GetRecords'];
  await keep({ ...toOther, Action });
  const { ShardId } = await put(by);
  const from = { StreamARN, ShardId, ShardIteratorType: 'TRIM_HORIZON' } as const;
  const { ShardIterator } = await by.send(new GetShardIteratorCommand(from));
  const { Records } = await by.send(new GetRecordsCommand({ ShardIterator }));
  expect(Records?.map(({ Data }) => Buffer.from(Data!).toString())).toEqual(['theirs']);
  await expect(summary(by)).rejects.toMatchObject(noneAllows('DescribeStreamSummary'));
  await summary(own);
  await own.send(new DeleteResourcePolicyCommand({ ResourceARN: StreamARN }));
  await expect(put(by)).rejects.toMatchObject(noneAllows('PutRecord'));
  const again = by.send(new GetRecordsCommand({ ShardIterator }));
  await expect(again).rejects.toMatchObject(noneAllows('GetRecords'));
});

test('an explicit deny wins, also against the owner', async () => {
  const { owner: own, friend: by, keep } = await started();
  await keep(
    { ...toOther, Action: 'kinesis:*' },
    { Effect: 'Deny', Principal: '*', Action: 'kinesis:Put*Record*' },
  );
  await summary(by);
  await expect(put(by)).rejects.toMatchObject(explicit);
  await expect(put(own)).rejects.toMatchObject(explicit);
});

test('a condition on the principal holds', async () => {
  const { friend: by, stranger, keep } = await started();
  const Condition = { StringEquals: { 'aws:PrincipalArn': friend } };
  await keep({ ...toOther, Action: 'kinesis:PutRecord', Condition });
  await put(by);
  await expect(put(stranger)).rejects.toMatchObject(noneAllows('PutRecord'));
  const unless = { StringNotEquals: { 'aws:PrincipalArn': friend } };
  await keep(
    { ...toOther, Action: '*' },
    { ...toOther, Effect: 'Deny', Action: '*', Condition: unless },
  );
  await put(by);
  await expect(put(stranger)).rejects.toMatchObject(explicit);
});

test('a consumer’s policy is the consumer’s, by its ARN and by its name', async () => {
  const { owner: own, friend: by } = await started();
  const named = { StreamARN, ConsumerName: 'c' };
  const { Consumer } = await own.send(new RegisterStreamConsumerCommand(named));
  const ResourceARN = Consumer!.ConsumerARN!;
  const byArn = () => by.send(new DescribeStreamConsumerCommand({ ConsumerARN: ResourceARN }));
  const stateOf = async () =>
    (await own.send(new DescribeStreamConsumerCommand(named))).ConsumerDescription?.ConsumerStatus;
  const byName = () => by.send(new DescribeStreamConsumerCommand(named));
  await expect(byArn()).rejects.toMatchObject(noneAllows('DescribeStreamConsumer'));
  const keep = async (Effect: string) => {
    const Statement = { ...toOther, Effect, Action: '*', Resource: ResourceARN };
    const Policy = JSON.stringify({ Statement });
    await own.send(new PutResourcePolicyCommand({ ResourceARN, Policy }));
  };
  while ((await stateOf()) !== 'ACTIVE');
  await keep('Allow');
  expect((await byArn()).ConsumerDescription?.ConsumerName).toBe('c');
  await byName();
  await expect(summary(by)).rejects.toMatchObject(noneAllows('DescribeStreamSummary'));
  await keep('Deny');
  await expect(byArn()).rejects.toMatchObject(explicit);
  await expect(byName()).rejects.toMatchObject(explicit);
});
