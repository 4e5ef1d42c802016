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
