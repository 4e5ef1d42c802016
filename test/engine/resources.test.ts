// Calls that name a resource by its ARN: rules for faults, journal and other accounts find its stream.
import { expect, it } from 'vitest';
import { parseResourceArn, streamNameInArn } from '../../src/kinesis/arn.ts';
import { ControlledBench, rejection } from './support/controlledBench.ts';
import { TestEngine } from './support/testEngine.ts';

const arnOf = (rest: string, account = '000000000000') =>
  `arn:aws:kinesis:us-east-1:${account}:${rest}`;
const Tags = { a: 'b' };

it('parseResourceArn() tells streams, consumers and channels apart', () => {
  const parts = { partition: 'aws', region: 'us-east-1', account: '000000000000', name: 'a' };
  expect(parseResourceArn(arnOf('stream/a'))).toEqual({ ...parts, kind: 'stream' });
  const consumer = { ...parts, kind: 'consumer', consumer: 'c:1' };
  expect(parseResourceArn(arnOf('stream/a/consumer/c:1'))).toEqual(consumer);
  expect(parseResourceArn(arnOf('channel/a'))).toEqual({ ...parts, kind: 'channel' });
  for (const odd of ['stream/a/b', 'channel/a/consumer/c:1', 'queue/a', 'stream/']) {
    expect(parseResourceArn(arnOf(odd))).toBeUndefined();
  }
  const names = ['stream/a', 'stream/a/consumer/c:1', 'channel/a', 'odd'].map((rest) =>
    streamNameInArn(arnOf(rest)),
  );
  expect(names).toEqual(['a', 'a', undefined, undefined]);
});

it('a rule for faults of a stream hits a call by ARN, and the journal names the stream', async () => {
  const bench = await ControlledBench.open();
  await bench.streams('orders', 'clicks');
  await bench.controls.addFault({ effect: 'throttle', stream: 'orders' });
  const tag = (name: string) =>
    bench.api.tagResource({ ResourceARN: arnOf(`stream/${name}`), Tags });
  await tag('clicks');
  expect(await rejection(tag('orders'))).toMatchObject({
    name: 'LimitExceededException',
    message: 'Rate exceeded for stream orders under account 000000000000.',
  });
  const { entries } = await bench.controls.journal({});
  const seen = entries.map(({ operation, stream, error }) => [operation, stream, error]);
  expect(seen.slice(-2)).toEqual([
    ['TagResource', 'clicks', undefined],
    ['TagResource', 'orders', 'LimitExceededException'],
  ]);
  await bench.controlled.close();
});

it('a rule for an operation hits calls that name no stream', async () => {
  const bench = await ControlledBench.open();
  await bench.controls.addFault({
    effect: 'internalFailure',
    operation: 'DescribeAccountSettings',
  });
  expect(await rejection(bench.api.describeAccountSettings({}))).toMatchObject({
    name: 'InternalFailure',
  });
  await bench.controlled.close();
});

it('tagResource() goes to the account and region of the ARN', async () => {
  const test = await TestEngine.open({ namespaces: 'separate' });
  const theirs = { account: '111122223333', region: 'us-east-1' };
  await test.engine.createStream({ StreamName: 'orders', ShardCount: 1 }, theirs);
  await test.stream('orders');
  await test.engine.tagResource({ ResourceARN: arnOf('stream/orders', theirs.account), Tags });
  const list = (context?: typeof theirs) =>
    test.engine.listTagsForStream({ StreamName: 'orders' }, context);
  expect((await list()).Tags).toEqual([]);
  expect((await list(theirs)).Tags).toEqual([{ Key: 'a', Value: 'b' }]);
  await test.engine.close();
});

it('a tag may have a name that objects have already', async () => {
  const test = await TestEngine.open();
  const odd = { ['__proto__']: '2', constructor: '1' };
  await test.engine.createStream({ StreamName: 'orders', ShardCount: 1, Tags: odd });
  await test.reopen();
  expect((await test.engine.listTagsForStream({ StreamName: 'orders' })).Tags).toEqual([
    { Key: '__proto__', Value: '2' },
    { Key: 'constructor', Value: '1' },
  ]);
  await test.engine.close();
});

async function withConsumer(): Promise<{ test: TestEngine; consumer: string }> {
  const test = await TestEngine.open();
  await test.stream('orders');
  const StreamARN = arnOf('stream/orders');
  const named = { StreamARN, ConsumerName: 'c', Tags: { b: '1' } };
  const { Consumer } = await test.engine.registerStreamConsumer(named);
  return { test, consumer: Consumer.ConsumerARN };
}

it('a consumer has tags of its own, those that it was registered with first', async () => {
  const { test, consumer } = await withConsumer();
  const { engine } = test;
  const tag = () => engine.tagResource({ ResourceARN: consumer, Tags });
  expect(await rejection(tag())).toMatchObject({ name: 'ResourceInUseException' });
  await test.settle();
  await tag();
  const tags = async (ResourceARN: string) =>
    (await test.engine.listTagsForResource({ ResourceARN })).Tags;
  const both = [
    { Key: 'a', Value: 'b' },
    { Key: 'b', Value: '1' },
  ];
  expect(await tags(consumer)).toEqual(both);
  expect(await tags(arnOf('stream/orders'))).toEqual([]);
  await test.reopen();
  expect(await tags(consumer)).toEqual(both);
  await test.engine.untagResource({ ResourceARN: consumer, TagKeys: ['b'] });
  expect(await tags(consumer)).toEqual([{ Key: 'a', Value: 'b' }]);
  const { Consumers } = await test.engine.listStreamConsumers({
    StreamARN: arnOf('stream/orders'),
  });
  expect(Consumers).toMatchObject([{ ConsumerName: 'c', ConsumerStatus: 'ACTIVE' }]);
  await test.engine.close();
});

it('a consumer that is registered again has neither old tags nor the old policy', async () => {
  const { test, consumer } = await withConsumer();
  await test.settle();
  const Statement = { Effect: 'Deny', Principal: '*', Action: '*', Resource: consumer };
  const Policy = JSON.stringify({ Statement });
  await test.engine.putResourcePolicy({ ResourceARN: consumer, Policy });
  expect(await test.engine.getResourcePolicy({ ResourceARN: consumer })).toEqual({ Policy });
  expect(test.engine.policyOf(consumer)).toBe(Policy);
  expect(test.engine.policyOf(arnOf('stream/orders'))).toBeUndefined();
  await test.engine.deregisterStreamConsumer({ ConsumerARN: consumer });
  await test.clock.advance(1000);
  const again = { StreamARN: arnOf('stream/orders'), ConsumerName: 'c' };
  const { ConsumerARN } = (await test.engine.registerStreamConsumer(again)).Consumer;
  await test.settle();
  expect(await test.engine.listTagsForResource({ ResourceARN: ConsumerARN })).toEqual({ Tags: [] });
  expect(await test.engine.getResourcePolicy({ ResourceARN: ConsumerARN })).toEqual({
    Policy: '{}',
  });
  const gone = test.engine.listTagsForResource({ ResourceARN: consumer });
  expect(await rejection(gone)).toMatchObject({ name: 'ResourceNotFoundException' });
  expect(test.engine.policyOf(consumer)).toBeUndefined();
  await test.engine.close();
});

it('registerStreamConsumer() refuses what no tag may be', async () => {
  const test = await TestEngine.open();
  await test.stream('orders');
  const named = { StreamARN: arnOf('stream/orders'), ConsumerName: 'c' };
  const register = (key: string) =>
    test.engine.registerStreamConsumer({ ...named, Tags: { [key]: '' } });
  for (const key of ['aws:a', 'a%', 'a?']) {
    expect(await rejection(register(key))).toMatchObject({ name: 'InvalidArgumentException' });
  }
  expect((await test.engine.listStreamConsumers(named)).Consumers).toEqual([]);
  await test.engine.close();
});

it('policyOf() and consumerArnIn() find what is there, and nothing by an odd ARN', async () => {
  const { test, consumer } = await withConsumer();
  const stream = arnOf('stream/orders');
  const Statement = { Effect: 'Allow', Principal: '*', Action: '*', Resource: stream };
  const Policy = JSON.stringify({ Statement });
  await test.engine.putResourcePolicy({ ResourceARN: stream, Policy });
  expect(test.engine.policyOf(stream)).toBe(Policy);
  const none = [consumer, arnOf('stream/other'), arnOf('channel/orders'), `${stream}/a`, '*'];
  expect(none.map((arn) => test.engine.policyOf(arn))).toEqual(none.map(() => undefined));
  await test.engine.deleteResourcePolicy({ ResourceARN: stream });
  expect(test.engine.policyOf(stream)).toBeUndefined();
  expect(test.engine.consumerArnIn(stream, 'c')).toBe(consumer);
  expect(test.engine.consumerArnIn(stream, 'd')).toBeUndefined();
  expect(test.engine.consumerArnIn(arnOf('stream/other'), 'c')).toBeUndefined();
  expect(test.engine.consumerArnIn('*', 'c')).toBeUndefined();
  await test.engine.close();
});

it('a rule of a stream hits calls by the ARN of its consumer, and the journal names it', async () => {
  const bench = await ControlledBench.open();
  await bench.streams('orders');
  const named = { StreamARN: arnOf('stream/orders'), ConsumerName: 'c' };
  const { ConsumerARN } = (await bench.api.registerStreamConsumer(named)).Consumer;
  await bench.controls.addFault({ effect: 'throttle', stream: 'orders' });
  const describe = bench.api.describeStreamConsumer({ ConsumerARN });
  expect(await rejection(describe)).toMatchObject({ name: 'LimitExceededException' });
  const { entries } = await bench.controls.journal({});
  expect(entries.at(-1)).toMatchObject({ operation: 'DescribeStreamConsumer', stream: 'orders' });
  await bench.controlled.close();
});
