// DeregisterStreamConsumer: DELETING, then gone, with the subscriptions of the consumer.
import { expect, it } from 'vitest';
import { expectError, onEveryTarget } from './targets.ts';

onEveryTarget('DeregisterStreamConsumer', (target) => {
  it('deregisterStreamConsumer() rejects a call that names no consumer', async () => {
    for (const way of [{}, { ConsumerName: 'c' }, { StreamARN: target().arnOf('a') }]) {
      await expectError(target().api.deregisterStreamConsumer(way), {
        name: 'InvalidArgumentException',
      });
    }
  });

  it('deregisterStreamConsumer() names a consumer that does not exist', async () => {
    const ConsumerARN = `${target().arnOf(await target().stream())}/consumer/nobody:1`;
    await expectError(target().api.deregisterStreamConsumer({ ConsumerARN }), {
      name: 'ResourceNotFoundException',
      message: `Consumer ${ConsumerARN}, account ${target().account} not found.`,
    });
  });

  it('deregisterStreamConsumer() goes through DELETING, then the consumer is gone', async () => {
    const { api } = target();
    const StreamName = await target().stream();
    const StreamARN = target().arnOf(StreamName);
    const ConsumerARN = await target().consumer(StreamName);
    await target().consumer(StreamName, 'other');
    expect(await api.deregisterStreamConsumer({ StreamARN, ConsumerName: 'c' })).toEqual({});
    expect(await target().consumerStatus(ConsumerARN)).toBe('DELETING');
    const again = api.deregisterStreamConsumer({ ConsumerARN });
    await expectError(again, { name: 'ResourceInUseException' });
    await target().until(async () => !(await target().consumerStatus(ConsumerARN)));
    const { Consumers } = await api.listStreamConsumers({ StreamARN });
    expect(Consumers!.map(({ ConsumerName }) => ConsumerName)).toEqual(['other']);
    const { StreamDescriptionSummary } = await api.describeStreamSummary({ StreamName });
    expect(StreamDescriptionSummary.ConsumerCount).toBe(1);
  });

  it('deregisterStreamConsumer() ends the open subscription, and no later one begins', async () => {
    const { api } = target();
    const StreamName = await target().stream();
    const ConsumerARN = await target().consumer(StreamName);
    const StartingPosition = { Type: 'TRIM_HORIZON' } as const;
    const asked = { ConsumerARN, ShardId: 'shardId-000000000000', StartingPosition };
    await target().put(StreamName, 'a');
    const { EventStream } = await api.subscribeToShard(asked);
    const events = EventStream[Symbol.asyncIterator]();
    await events.next();
    const ended = (async () => {
      for (;;) if ((await events.next()).done) return;
    })();
    const ending = expect(ended).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await api.deregisterStreamConsumer({ ConsumerARN });
    await ending;
    await target().until(async () => !(await target().consumerStatus(ConsumerARN)));
    await expectError(api.subscribeToShard(asked), { name: 'ResourceNotFoundException' });
  });

  it('deregisterStreamConsumer() frees the stream to be deleted, and the name', async () => {
    const { api } = target();
    const StreamName = await target().stream();
    const ConsumerARN = await target().consumer(StreamName);
    await api.deregisterStreamConsumer({ ConsumerARN });
    await target().until(async () => !(await target().consumerStatus(ConsumerARN)));
    const again = await target().consumer(StreamName);
    await api.deregisterStreamConsumer({ ConsumerARN: again });
    await target().until(async () => !(await target().consumerStatus(again)));
    await api.deleteStream({ StreamName });
    await target().gone(StreamName);
  });
});
