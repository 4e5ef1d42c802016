// DeleteStream: states, and what becomes of iterators.
import { expect, it } from 'vitest';
import { expectError, onEveryTarget } from './targets.ts';

onEveryTarget('DeleteStream', (target) => {
  it('deleteStream() rejects a stream that does not exist', async () => {
    const { api, account } = target();
    await expectError(api.deleteStream({ StreamName: 'nobody' }), {
      name: 'ResourceNotFoundException',
      message: `Stream nobody under account ${account} not found.`,
    });
  });

  it('deleteStream() by ARN names the stream without it in its error', async () => {
    const { api, account } = target();
    await expectError(api.deleteStream({ StreamARN: target().arnOf('nobody') }), {
      name: 'ResourceNotFoundException',
      message: `Stream nobody under account ${account} not found.`,
    });
  });

  it('deleteStream() rejects a call that names no stream', async () => {
    await expectError(target().api.deleteStream({}), { name: 'InvalidArgumentException' });
  });

  it('deleteStream() goes through DELETING, then the stream is gone', async () => {
    const StreamName = await target().stream();
    await target().api.deleteStream({ StreamName });
    expect(await target().statusOf(StreamName)).toBe('DELETING');
    await target().gone(StreamName);
    expect((await target().api.listStreams({})).StreamNames).not.toContain(StreamName);
  });

  it('deleteStream() ends iterators, also when the name is used again', async () => {
    const { api, account } = target();
    const StreamName = await target().stream({ ShardCount: 2 });
    const ShardIterator = await target().iterator(StreamName, 'shardId-000000000001');
    await api.deleteStream({ StreamName });
    await target().gone(StreamName);
    const expected = {
      name: 'ResourceNotFoundException',
      message: `Shard shardId-000000000001 in stream ${StreamName} under account ${account} does not exist`,
    };
    await expectError(api.getRecords({ ShardIterator }), expected);
    await api.createStream({ StreamName, ShardCount: 1 });
    await target().active(StreamName);
    await expectError(api.getRecords({ ShardIterator }), expected);
  });

  it('deleteStream() is accepted in CREATING', async () => {
    const StreamName = target().freshName();
    await target().api.createStream({ StreamName, ShardCount: 1 });
    await target().api.deleteStream({ StreamName });
    await target().gone(StreamName);
  });

  it('deleteStream() is refused while another change is under way', async () => {
    const StreamName = await target().stream();
    const split = { StreamName, ShardToSplit: '0', NewStartingHashKey: '9' };
    await target().api.splitShard(split);
    await expectError(target().api.deleteStream({ StreamName }), {
      name: 'ResourceInUseException',
      message:
        `Stream ${StreamName} under account ${target().account} not ACTIVE, ` +
        'instead in state UPDATING',
    });
    await target().active(StreamName);
    await target().api.deleteStream({ StreamName });
    await expectError(target().api.deleteStream({ StreamName }), {
      name: 'ResourceInUseException',
    });
    await target().gone(StreamName);
  });

  it('deleteStream() refuses a stream that has consumers unless that is enforced', async () => {
    const { api, account } = target();
    const StreamName = await target().stream();
    const ConsumerARN = await target().consumer(StreamName);
    await expectError(api.deleteStream({ StreamName }), {
      name: 'ResourceInUseException',
      message:
        `DeleteStream can\u2019t delete ${account}:${StreamName} because there are consumers ` +
        `associated with this data stream. To delete ${StreamName} anyway, set the ` +
        'EnforceConsumerDeletion parameter to true to force the deletion of all the consumers ' +
        'that are associated with it.',
    });
    expect(await target().statusOf(StreamName)).toBe('ACTIVE');
    await api.deleteStream({ StreamName, EnforceConsumerDeletion: true });
    await target().gone(StreamName);
    expect(await target().consumerStatus(ConsumerARN)).toBeUndefined();
  });
});
