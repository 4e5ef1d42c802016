// RegisterStreamConsumer: CREATING, then ACTIVE; whose name it may take.
import { expect, it } from 'vitest';
import { constraint, expectError, onEveryTarget } from './targets.ts';

onEveryTarget('RegisterStreamConsumer', (target) => {
  const register = (StreamName: string, ConsumerName = 'c') => {
    const StreamARN = target().arnOf(StreamName);
    return target().api.registerStreamConsumer({ StreamARN, ConsumerName });
  };

  it('registerStreamConsumer() rejects names that no consumer may have', async () => {
    const pattern = 'Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+';
    await expectError(register('a', 'a b'), {
      name: 'ValidationException',
      message: constraint('a b', 'consumerName', pattern),
    });
  });

  it('registerStreamConsumer() names a stream that does not exist', async () => {
    await expectError(register('nobody'), {
      name: 'ResourceNotFoundException',
      message: `Stream nobody under account ${target().account} not found.`,
    });
  });

  it('registerStreamConsumer() refuses a stream in CREATING', async () => {
    const StreamName = target().freshName();
    await target().api.createStream({ StreamName, ShardCount: 1 });
    await expectError(register(StreamName), {
      name: 'ResourceInUseException',
      message:
        `Stream ${StreamName} under account ${target().account} not ACTIVE, ` +
        'instead in state CREATING',
    });
    await target().active(StreamName);
  });

  it('registerStreamConsumer() answers a consumer in CREATING, which others see', async () => {
    const { api } = target();
    const StreamName = await target().stream();
    const StreamARN = target().arnOf(StreamName);
    const { Consumer } = await register(StreamName);
    const seconds = Consumer.ConsumerCreationTimestamp.getTime() / 1000;
    expect(Consumer).toEqual({
      ConsumerName: 'c',
      ConsumerARN: `${StreamARN}/consumer/c:${seconds}`,
      ConsumerStatus: 'CREATING',
      ConsumerCreationTimestamp: Consumer.ConsumerCreationTimestamp,
    });
    await target().until(
      async () => (await target().consumerStatus(Consumer.ConsumerARN)) === 'ACTIVE',
    );
    const { Consumers } = await api.listStreamConsumers({ StreamARN });
    expect(Consumers).toEqual([{ ...Consumer, ConsumerStatus: 'ACTIVE' }]);
    const { StreamDescriptionSummary } = await api.describeStreamSummary({ StreamName });
    expect(StreamDescriptionSummary.ConsumerCount).toBe(1);
  });

  it('registerStreamConsumer() refuses a name that the stream has, not one of another stream', async () => {
    const [StreamName, other] = [await target().stream(), await target().stream()];
    await target().consumer(StreamName);
    await expectError(register(StreamName), { name: 'ResourceInUseException' });
    await target().consumer(other);
  });

  it('registerStreamConsumer() gives the consumer its tags', async () => {
    const StreamARN = target().arnOf(await target().stream());
    const named = { StreamARN, ConsumerName: 'c', Tags: { b: '2', a: '' } };
    const { Consumer } = await target().api.registerStreamConsumer(named);
    const ResourceARN = Consumer.ConsumerARN;
    expect((await target().api.listTagsForResource({ ResourceARN })).Tags).toEqual([
      { Key: 'a', Value: '' },
      { Key: 'b', Value: '2' },
    ]);
  });
});
