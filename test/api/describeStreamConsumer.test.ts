// DescribeStreamConsumer: the ways in which a call may name a consumer.
import { expect, it } from 'vitest';
import { constraint, expectError, onEveryTarget } from './targets.ts';

onEveryTarget('DescribeStreamConsumer', (target) => {
  it('describeStreamConsumer() rejects what is no ARN of a consumer', async () => {
    const ConsumerARN = target().arnOf('a');
    await expectError(target().api.describeStreamConsumer({ ConsumerARN }), {
      name: 'ValidationException',
      message: constraint(
        ConsumerARN,
        'consumerARN',
        'Member must satisfy regular expression pattern: ^(arn):aws.*:kinesis:.*:\\d{12}:.*' +
          'stream\\/[a-zA-Z0-9_.-]+\\/consumer\\/[a-zA-Z0-9_.-]+:[0-9]+',
      ),
    });
  });

  it('describeStreamConsumer() takes the ARN, or name and stream, or all three', async () => {
    const StreamName = await target().stream();
    const StreamARN = target().arnOf(StreamName);
    const ConsumerARN = await target().consumer(StreamName);
    const named = { StreamARN, ConsumerName: 'c' };
    for (const way of [{ ConsumerARN }, named, { ConsumerARN, ...named }]) {
      const { ConsumerDescription } = await target().api.describeStreamConsumer(way);
      expect(ConsumerDescription).toEqual({
        ConsumerName: 'c',
        ConsumerARN,
        ConsumerStatus: 'ACTIVE',
        ConsumerCreationTimestamp: new Date(Number(ConsumerARN.split(':').at(-1)) * 1000),
        StreamARN,
      });
    }
  });

  it('describeStreamConsumer() rejects a call that names no consumer or two', async () => {
    const StreamName = await target().stream();
    const StreamARN = target().arnOf(StreamName);
    const ConsumerARN = await target().consumer(StreamName);
    for (const way of [
      {},
      { StreamARN },
      { ConsumerName: 'c' },
      { ConsumerARN, ConsumerName: 'd' },
      { ConsumerARN, StreamARN: target().arnOf('other') },
    ]) {
      await expectError(target().api.describeStreamConsumer(way), {
        name: 'InvalidArgumentException',
      });
    }
  });

  it('describeStreamConsumer() names a consumer and a stream that do not exist', async () => {
    const { api, account } = target();
    const StreamARN = target().arnOf(await target().stream());
    for (const ConsumerARN of [`${StreamARN}/consumer/c:1`, `${StreamARN}0/consumer/c:1`]) {
      await expectError(api.describeStreamConsumer({ ConsumerARN }), {
        name: 'ResourceNotFoundException',
        message: `Consumer ${ConsumerARN}, account ${account} not found.`,
      });
    }
    const named = { StreamARN: target().arnOf('nobody'), ConsumerName: 'c' };
    await expectError(api.describeStreamConsumer(named), {
      name: 'ResourceNotFoundException',
      message: `Stream nobody under account ${account} not found.`,
    });
  });
});
