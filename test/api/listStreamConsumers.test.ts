// ListStreamConsumers: pages, and of which stream.
import { expect, it } from 'vitest';
import { constraint, expectError, onEveryTarget } from './targets.ts';

onEveryTarget('ListStreamConsumers', (target) => {
  const list = (input: { StreamARN: string; MaxResults?: number; NextToken?: string }) =>
    target().api.listStreamConsumers(input);

  it('listStreamConsumers() rejects pages of no size and a token that is none', async () => {
    const StreamARN = target().arnOf(await target().stream());
    await expectError(list({ StreamARN, MaxResults: 0 }), {
      name: 'ValidationException',
      message: constraint('0', 'maxResults', 'Member must have value greater than or equal to 1'),
    });
    await expectError(list({ StreamARN, NextToken: 'garbage' }), {
      name: 'InvalidArgumentException',
    });
  });

  it('listStreamConsumers() names a stream that does not exist', async () => {
    await expectError(list({ StreamARN: target().arnOf('nobody') }), {
      name: 'ResourceNotFoundException',
      message: `Stream nobody under account ${target().account} not found.`,
    });
  });

  it('listStreamConsumers() of a stream without any is an empty list', async () => {
    const StreamARN = target().arnOf(await target().stream());
    expect(await list({ StreamARN })).toEqual({ Consumers: [] });
  });

  it('listStreamConsumers() gives pages by token, each consumer once', async () => {
    const StreamName = await target().stream();
    const StreamARN = target().arnOf(StreamName);
    for (const name of ['b', 'a', 'c']) await target().consumer(StreamName, name);
    const first = await list({ StreamARN, MaxResults: 2 });
    expect(first.Consumers!.map(({ ConsumerName }) => ConsumerName)).toEqual(['a', 'b']);
    const second = await list({ StreamARN, MaxResults: 2, NextToken: first.NextToken! });
    expect(second.Consumers!.map(({ ConsumerName }) => ConsumerName)).toEqual(['c']);
    expect(second).not.toHaveProperty('NextToken');
  });

  it('listStreamConsumers() takes the time of the stream`s creation, but not beside a token', async () => {
    const { api } = target();
    const StreamName = await target().stream();
    const StreamARN = target().arnOf(StreamName);
    for (const name of ['a', 'b']) await target().consumer(StreamName, name);
    const { StreamDescription } = await api.describeStream({ StreamName });
    const StreamCreationTimestamp = StreamDescription.StreamCreationTimestamp;
    const asked = { StreamARN, StreamCreationTimestamp, MaxResults: 1 };
    const { Consumers, NextToken } = await api.listStreamConsumers(asked);
    expect(Consumers).toHaveLength(1);
    await expectError(api.listStreamConsumers({ ...asked, NextToken }), {
      name: 'InvalidArgumentException',
    });
    const earlier = new Date(StreamCreationTimestamp.getTime() - 1000);
    await expectError(api.listStreamConsumers({ StreamARN, StreamCreationTimestamp: earlier }), {
      name: 'ResourceNotFoundException',
    });
  });
});
